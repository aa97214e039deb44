/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "check.h"

#include "../lib/assert.h"
#include "../lib/trips.h"

/*
 * What `chunk` is instead of a block, or what is wrong with it. The chunk that the address lies in
 * is looked for from the top leftwards: left neighbours' lengths are all that leads there.
 */
static const char *broken_invariant(const struct z_heap *z, const struct chunk *chunk)
{
    uint32_t link = link_or_nonsense((uintptr_t)chunk - (uintptr_t)z);
    const struct chunk *at;
    uint32_t length = 0;
    uint32_t units;

    if (z == NULL) {
        return "H1 no heap yet";
    }
    if (link >= z->end) {
        return "H4 no block of this heap";
    }
    at = top_chunk(z);
    while (at > chunk && chunk_left_units(at) - 1 < link_of(z, at)) {
        TRIPS_AT_MOST(chunks, HEAP_MAX_UNITS);
        length = chunk_left_units(at);
        at = chunk_left_by(at, length);
    }
    if (at == (const struct chunk *)z) {
        return "H4 no block of this heap";
    }
    if (at <= chunk && chunk_free_or_negative(at) == (int32_t)length) {
        return "H2 block is free, freed twice?";
    }
    units = chunk_used_units(chunk);
    if (units - 1 >= z->end - link || chunk_left_units(chunk_right_by(chunk, units)) != units) {
        return "H3 damage behind the block, overrun?";
    }
    if (!canary_valid(chunk, units)) {
        return "H7 bytes behind the block are damaged, overrun?";
    }
    return "H5 block's header is damaged";
}

_Noreturn void check_failed(const struct sys_heap *heap, const void *mem)
{
    ASSERT(!quarantine_holds(heap, mem), "H2 block is in quarantine, freed twice?", heap, mem);
    invariant_failed(ASSERT_TEXT(broken_invariant(heap->heap, mem)), heap, mem);
}
