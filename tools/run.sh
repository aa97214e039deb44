#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs an image: run.sh MACHINE|host ELF ICOUNT-SHIFT|- SECONDS|-
# With SECONDS it is a test: no input, and an end by force when the time is over, also for an emulator that no longer
# listens to SIGTERM. Otherwise standard input is served: a terminal as it is, anything else with 0x04 and 0x10 quoted by
# 0x10 and a final 0x04, which ends the input.
set -u
machine=$1 elf=$2 shift_ns=$3 limit=$4

if [ "$machine" = host ]; then
    export ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS:-}"
    set -- "$elf"
    if [ "$limit" != - ]; then
        set -- timeout -k 5 "$limit" "$elf"
        exec </dev/null
    fi
    # AddressSanitizer doubts every program with user contexts; the kernel tells it of each switch.
    exec 3>&1
    status=$({ { "$@" 2>&1 >&3; echo $? >&4; } | grep -v 'support makecontext' >&2; } 4>&1)
    exit "$status"
fi

if [ "$machine" = none ]; then
    echo "this board has no emulator: 'make flash' writes the image to the board" >&2
    exit 1
fi

set -- qemu-system-arm -M "$machine" -display none -monitor none -no-reboot -kernel "$elf"
[ "$shift_ns" = - ] || set -- "$@" -icount "shift=$shift_ns,sleep=off,align=off"
semihosting="enable=on,target=native,arg=$(basename "$(dirname "$elf")")"

if [ "$limit" != - ]; then
    exec timeout -k 5 "$limit" "$@" -semihosting-config "$semihosting" -serial stdio </dev/null
elif [ -t 0 ]; then
    exec "$@" -semihosting-config "$semihosting,arg=terminal" -serial stdio
fi

# What comes before an STM32's USART is switched on is dropped by QEMU.
case $machine in netduinoplus2|stm32vldiscovery) pause=0.5 ;; *) pause=0 ;; esac
feed() { sleep $pause; LC_ALL=C sed 's/[\x04\x10]/\x10&/g' && printf '\004'; }
if [ ! -p /dev/stdout ]; then
    feed | "$@" -semihosting-config "$semihosting" -serial stdio
    exit
fi

# QEMU does not end when nobody reads its output any more; `head` would leave it behind.
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/input" "$folder/output"
exec 4<&0
feed <&4 >"$folder/input" &
"$@" -semihosting-config "$semihosting" -serial stdio <"$folder/input" >"$folder/output" &
qemu=$!
cat "$folder/output" || kill -KILL "$qemu"
wait "$qemu"
