#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Calls the linker and turns its words about a full memory into what to change.
set -u
messages=$(mktemp) || exit 1
trap 'rm -f "$messages"' EXIT
"$@" 2>"$messages"
status=$?
cat "$messages" >&2
over=$(sed -n "s/.*region .RAM. overflowed by \([0-9]*\) bytes.*/\1/p" "$messages" | head -n 1)
if [ -n "$over" ]; then
    echo "error: RAM is too small by $over bytes: lower CONFIG_HEAP_MEM_POOL_SIZE, or the stacks and buffers" >&2
fi
over=$(sed -n "s/.*region .ROM. overflowed by \([0-9]*\) bytes.*/\1/p" "$messages" | head -n 1)
if [ -n "$over" ]; then
    echo "error: ROM is too small by $over bytes: leave something out, or build with OPT=-Os" >&2
fi
exit $status
