#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Says how much the system heap of an image can give: capacity.sh ELF
set -eu
symbol() { printf '%d' "0x$(arm-none-eabi-nm "$1" | sed -n "s/ [A-Za-z] $2\$//p")"; }

if arm-none-eabi-nm "$1" 2>/dev/null | grep -q ' __system_heap_capacity$'; then
    printf 'system heap: %d bytes, largest single block %d bytes\nRAM left: %d bytes\n' \
        "$(symbol "$1" __system_heap_bytes)" "$(symbol "$1" __system_heap_capacity)" "$(symbol "$1" __ram_left)"
fi
