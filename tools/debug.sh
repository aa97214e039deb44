#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts an image in the emulator, halted at reset, and GDB on it: debug.sh MACHINE|host BUILD-FOLDER
set -u
elf=$2/firmware.elf
if [ "$1" = host ]; then
    exec gdb -ex 'break main' -ex run "$elf"
fi
port=$((20000 + $$ % 20000))
qemu-system-arm -M "$1" -display none -monitor none -semihosting-config enable=on,target=native \
    -kernel "$elf" -serial "file:$2/serial.txt" -S -gdb "tcp:127.0.0.1:$port" </dev/null &
qemu=$!
trap 'kill $qemu 2>/dev/null' EXIT
echo "the firmware's output goes to $2/serial.txt"
gdb-multiarch -q -ex "target remote 127.0.0.1:$port" -ex 'break main' -ex continue "$elf"
