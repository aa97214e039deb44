#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The proven bounds of the heap's calls in a measuring image, in instructions, and their limits for a heap of up to 64 KiB
# at -O2: at most 7 giants (heap/giants.h). bounds.sh: checks the limits. bounds.sh IMAGE [--trips what=n]: only shows.
set -eu
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then
    image=$1
    shift
    tools/bounds.py "$@" "$image" sys_heap_alloc sys_heap_alloc/failing sys_heap_free sys_heap_aligned_alloc \
        sys_heap_aligned_alloc/failing sys_heap_realloc/moving sys_heap_realloc/failing || true
    exit
fi
exec tools/bounds.py --trips giants=7 build/bench/cairn/bench.elf sys_heap_alloc=147 sys_heap_alloc/failing=89 \
    sys_heap_free=174 sys_heap_aligned_alloc=457 sys_heap_aligned_alloc/failing=340 sys_heap_realloc/moving=1012 \
    sys_heap_realloc/failing=506
