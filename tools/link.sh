#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Calls the linker and turns its words about a full memory into what to change.
set -u
messages=$(mktemp) || exit 1
trap 'rm -f "$messages"' EXIT
"$@" 2>"$messages"
status=$?
cat "$messages" >&2

# over REGION: by how many bytes the memory behind the alias REGION is too small.
script=$(printf '%s\n' "$@" | sed -n '/^-T$/{n;p;}')
over() {
    memory=$(sed -n "s/.*REGION_ALIAS(\"$1\", *\([A-Za-z0-9_]*\)).*/\1/p" "$script")
    sed -n "s/.*region .${memory:-$1}. overflowed by \([0-9]*\) bytes.*/\1/p" "$messages" | head -n 1
}
bytes=$(over RAM)
if [ -n "$bytes" ]; then
    echo "error: RAM is too small by $bytes bytes: lower CONFIG_HEAP_MEM_POOL_SIZE, or the stacks and buffers" >&2
fi
bytes=$(over ROM)
if [ -n "$bytes" ]; then
    echo "error: ROM is too small by $bytes bytes: leave something out, or build with OPT=-Os" >&2
fi
if grep -q 'undefined reference to .\(_sbrk\|_write\|_read\)' "$messages"; then
    echo "error: there is no C library heap or file: use k_malloc for malloc, printk for printf" >&2
fi
exit $status
