/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about a pointer before a heap acts on it. All reads, no writes: a damaged heap is
 * left as it was found.
 */
#pragma once

#include "../lib/assert.h"
#include "control.h"
#include "sys_heap.h"

/*
 * Halts unless `chunk` is a chunk in use of `heap`. H4 first, so that nothing outside the buffer is
 * read: a rotation makes both a misaligned and a foreign address a large number.
 */
static inline void check_block(const struct sys_heap *heap, const struct chunk *chunk)
{
    const struct z_heap *z = heap->heap;
    size_t offset = (uintptr_t)chunk - (uintptr_t)z;

    ASSERT(offset % HEAP_UNIT_BYTES == 0 && offset / HEAP_UNIT_BYTES < z->end,
           "H4 address is no block of this heap", heap, chunk);
    ASSERT(chunk_used(chunk), "H2 block is not in use, freed twice?", heap, chunk);
    ASSERT(link_of(z, chunk) + chunk_units(chunk) <= z->end &&
               chunk_left_units(chunk_right_by(chunk, chunk_units(chunk))) == chunk_units(chunk),
           "H3 header behind the block is damaged, block overrun?", heap, chunk);
    ASSERT(chunk_left_units(chunk) <= link_of(z, chunk), "H5 header of the block is damaged", heap,
           chunk);
}
