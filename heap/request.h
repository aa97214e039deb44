/* SPDX-License-Identifier: Apache-2.0 */
/* The one place where a size asked for is checked and may overflow; behind it there are units. */
#pragma once

#include "sys_heap.h"

/* Units of the chunk for a request, or 0 for one that no heap of this build can ever give. */
static inline uint32_t request_units(size_t bytes)
{
    if (bytes - 1 >= (size_t)HEAP_MAX_UNITS * HEAP_UNIT_BYTES) {
        return 0;
    }
    return (uint32_t)HEAP_UNITS_FOR(bytes);
}

/* 0 stands for the default alignment; what is no power of two is no alignment. */
static inline bool align_valid(size_t align)
{
    return (align & (align - 1)) == 0;
}

/* Units to skip from the payload at `address` to the next multiple of `align`. */
static inline size_t align_gap_units(uintptr_t address, size_t align)
{
    return align == 0 ? 0 : (size_t)((0 - address) & (align - 1)) / HEAP_UNIT_BYTES;
}
