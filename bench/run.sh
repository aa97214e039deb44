#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a measuring image: run.sh image.elf [workload...]. What it writes goes to standard output; same image, same bytes.
set -eu
image=$1
shift
arguments=$(printf ',arg=%s' bench "$@")
exec timeout -k 5 300 qemu-system-arm -M mps2-an386 -cpu cortex-m4 -icount shift=8,sleep=off,align=off -display none \
    -monitor none -serial stdio -semihosting-config "enable=on,target=native$arguments" -kernel "$image" </dev/null
