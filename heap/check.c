/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "../lib/assert.h"

/* What the first test that fails betrays, in the order in which each makes the next one safe. */
static const char *broken_invariant(const struct z_heap *z, const struct chunk *chunk)
{
    uint32_t link = link_or_nonsense((uintptr_t)chunk - (uintptr_t)z);
    uint32_t units;

    if (link >= z->end || link < control_units(z)) {
        return "H4 no block of this heap";
    }
    if (chunk_free(chunk)) {
        return "H2 block is not in use, freed twice?";
    }
    units = chunk_used_units(chunk);
    if (units - 1 >= z->end - link || chunk_left_units(chunk_right_by(chunk, units)) != units) {
        return "H3 header behind the block is damaged, overrun?";
    }
    if (!canary_valid(chunk, units)) {
        return "H7 bytes behind the block are damaged, overrun?";
    }
    return "H5 header of the block is damaged";
}

_Noreturn void check_failed(const struct sys_heap *heap, const void *mem)
{
    if (quarantine_holds(heap, mem)) {
        invariant_failed("H2 block is in quarantine, freed twice?", heap, mem);
    }
    invariant_failed(broken_invariant(heap->heap, mem), heap, mem);
}
