/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "../lib/assert.h"

_Noreturn void check_failed(const struct sys_heap *heap, const void *mem)
{
    const struct z_heap *z = heap->heap;
    const struct chunk *chunk = mem;
    uint32_t link = link_or_nonsense((uintptr_t)mem - (uintptr_t)z);
    uint32_t units;

    ASSERT(link < z->end && link >= control_units(z), "H4 address is no block of this heap", heap,
           mem);
    ASSERT(!chunk_free(chunk), "H2 block is not in use, freed twice?", heap, mem);
    units = chunk_used_units(chunk);
    ASSERT(units - 1 < z->end - link && chunk_left_units(chunk_right_by(chunk, units)) == units,
           "H3 header behind the block is damaged, block overrun?", heap, mem);
    invariant_failed("H5 header of the block is damaged, left neighbour overrun?", heap, mem);
}
