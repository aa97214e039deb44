/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks at a multiple of more than a unit. */
#include "account.h"
#include "free_index.h"
#include "request.h"
#include "space.h"

static bool holds_aligned(const struct z_heap *z, const struct chunk *chunk, size_t align,
                          uint32_t units)
{
    size_t gap = align_gap_units((uintptr_t)chunk, align);
    uint32_t all = space_units_at(z, chunk);

    return units <= all && gap <= all - units;
}

/* Free space with an aligned block of `units` units in it, or NULL. */
static struct chunk *find_aligned(const struct z_heap *z, size_t align, uint32_t units)
{
    size_t any_position = units + align / HEAP_UNIT_BYTES - 1;
    struct chunk *chunk = NULL;

    if (any_position <= HEAP_MAX_UNITS) {
        chunk = free_index_find(z, (uint32_t)any_position);
    }
    if (chunk == NULL && holds_aligned(z, top_chunk(z), align, units)) {
        chunk = top_chunk(z);
    }
    if (chunk == NULL) {
        chunk = free_index_find(z, units);
        if (chunk != NULL && !holds_aligned(z, chunk, align, units)) {
            chunk = NULL;
        }
    }
    return chunk;
}

void *sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes)
{
    struct z_heap *z = heap->heap;
    uint32_t units = request_units(bytes);
    struct chunk *chunk;
    uint32_t all;

    if (align <= HEAP_UNIT_BYTES && align_valid(align)) {
        return sys_heap_alloc(heap, bytes);
    }
    if (units == 0 || !align_valid(align)) {
        return NULL;
    }
    chunk = find_aligned(z, align, units);
    if (chunk == NULL) {
        return NULL;
    }
    all = space_units_at(z, chunk);
    space_claim(z, chunk, all);
    chunk = space_cut(z, chunk, all, (uint32_t)align_gap_units((uintptr_t)chunk, align), units);
    account_gain(heap, chunk, (size_t)units * HEAP_UNIT_BYTES);
    return chunk;
}
