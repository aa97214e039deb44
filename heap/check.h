/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about a pointer before a heap acts on it. All reads, no writes: a damaged heap is
 * left as it was found. Each test makes the reads of the next one safe.
 */
#pragma once

#include "quarantine.h"

/* Halts with the number of the first invariant that `mem`, which is no live block, breaks. */
_Noreturn void check_failed(const struct sys_heap *heap, const void *mem);

/* A distance from chunk 0 as a link. That of a misaligned or foreign address rotates to a number
 * beyond every heap. */
static inline uint32_t link_or_nonsense(uintptr_t distance)
{
    unsigned shift = HEAP_UNIT_BYTES == 8 ? 3 : 2;
    uintptr_t link = distance >> shift | distance << (sizeof(distance) * 8 - shift);

    return link > UINT32_MAX ? UINT32_MAX : (uint32_t)link;
}

/* Whether a left neighbour of `left_units` units, if free, agrees. */
static inline bool left_agrees(const struct chunk *left, uint32_t left_units)
{
    int32_t units = chunk_free_or_negative(left);

    return units < 0 || units == (int32_t)left_units;
}

/*
 * Whether `chunk`, at `link`, is a chunk in use that both neighbours agree with. A free one fails
 * because its size field is too large, and one with a header of zeros or chunk 0 for the size 0.
 */
static inline bool block_valid(const struct z_heap *z, const struct chunk *chunk, uint32_t link)
{
    if (link < z->end) {
        uint32_t units = chunk_used_units(chunk);
        uint32_t left_units = chunk_left_units(chunk);

        return units - 1 < z->end - link &&
               chunk_left_units(chunk_right_by(chunk, units)) == units && left_units <= link &&
               left_agrees(chunk_left_by(chunk, left_units), left_units) &&
               canary_valid(chunk, units);
    }
    return false;
}

/* Halts unless `mem` is a live block of `heap`; returns its units. */
static inline uint32_t check_block(const struct sys_heap *heap, const void *mem)
{
    uint32_t link = link_or_nonsense((uintptr_t)mem - (uintptr_t)heap->heap);

    KEEP_IN_REGISTER(link);
    if (__builtin_expect(heap->heap == NULL || !block_valid(heap->heap, mem, link) ||
                             quarantine_holds(heap, mem),
                         0)) {
        check_failed(heap, mem);
    }
    return chunk_used_units(mem);
}
