#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The proven bounds of the heap's calls, in instructions. bounds.sh: checks those of every layout and of three processors
# against what they are. bounds.sh IMAGE [--trips what=n]: only shows. Giants (heap/giants.h): 8-byte units have at most 7 up
# to 64 KiB, 4-byte units 15.
set -eu
cd "$(dirname "$0")/.."
calls=(sys_heap_alloc sys_heap_alloc/failing sys_heap_free sys_heap_aligned_alloc sys_heap_aligned_alloc/failing
    sys_heap_realloc/moving sys_heap_realloc/failing)
if [ $# -gt 0 ]; then
    image=$1
    shift
    tools/bounds.py "$@" "$image" "${calls[@]}" || true
    exit
fi

failed=0
# check IMAGE GIANTS BOUND...: one bound for each call
check() {
    local image=$1 giants=$2 limited=() i
    shift 2
    for i in "${!calls[@]}"; do
        limited+=("${calls[$i]}=$1")
        shift
    done
    echo "$image, at most $giants giants"
    tools/bounds.py --trips "giants=$giants" "build/bench/$image.elf" "${limited[@]}" || failed=1
}
check cairn/bench 7 147 89 175 457 340 1015 506
check cairn/bench 31 315 257 175 625 508 1183 674
check cairn-4/bench 15 210 147 192 525 398 1112 564
check cairn-Os/bench 7 200 110 193 534 367 1151 551
check cairn-big/bench 0 1727 1077 1060 2324 1325 4652 1491
check cairn-auto/bench 7 1737 1087 1064 2646 1333 4917 1483
check bounds-cortex-m0-Os 7 453 224 412 1483 1049 2514 1279
check bounds-cortex-m33-O2 7 147 89 176 457 340 1017 507
exit $failed
