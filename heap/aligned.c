/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks at a multiple of more than a unit. */
#include "layout.h"

#include "../lib/trips.h"
#include "account.h"
#include "free_index.h"
#include "large_take.h"
#include "quarantine.h"
#include "request.h"
#include "space.h"

static inline size_t gap_in(const struct chunk *chunk, size_t align)
{
    return ((0 - (uintptr_t)chunk) & (align - 1)) / HEAP_UNIT_BYTES;
}

/* How many sizes that hold the block only at some positions are tried before giving up. */
#define SIZES_TRIED 4

/* Looks at one chunk of each of the next sizes from `units`; NULL if none has an aligned block. */
static NOT_INLINE struct chunk *take_by_luck(struct z_heap *z, size_t align, uint32_t units)
{
    uint32_t all = units;

    for (unsigned i = 0; i < SIZES_TRIED; i++) {
        TRIPS_AT_MOST(sizes, SIZES_TRIED);
        struct chunk *chunk = free_index_next(z, all);

        if (chunk == NULL) {
            return NULL;
        }
        all = chunk_free_units(chunk);
        if (gap_in(chunk, align) <= all - units) {
            free_index_remove(z, chunk, all);
            return space_cut(z, chunk, all, (uint32_t)gap_in(chunk, align), units);
        }
        all++;
    }
    return NULL;
}

static struct chunk *take_from_top(struct z_heap *z, size_t align, uint32_t units)
{
    struct chunk *chunk = top_chunk(z);
    uint32_t room = top_units(z);
    size_t gap = gap_in(chunk, align);

    if (units > room || gap > room - units) {
        return NULL;
    }
    return space_cut_top(z, chunk, (uint32_t)gap, units);
}

/* As take_aligned, where no bin has a chunk for any position: chunks of `from` units have. */
static NOT_INLINE struct chunk *take_aligned_large(struct z_heap *z, size_t align, uint32_t units,
                                                   uint32_t from)
{
    uint32_t room = top_units(z);
    struct chunk *chunk = large_take(z, from, room < from ? UINT32_MAX : room);

    if (chunk != NULL) {
        return space_cut(z, chunk, chunk_free_units(chunk), (uint32_t)gap_in(chunk, align), units);
    }
    chunk = take_from_top(z, align, units);
    return chunk != NULL ? chunk : take_by_luck(z, align, units);
}

/* Units that no chunk has, where `units` might be more than the index can look for. */
static inline uint32_t no_more_than_max(size_t units)
{
    bool unlimited = HEAP_LINK_BYTES == 4 || sizeof(units) > sizeof(uint32_t);

    return (uint32_t)(unlimited ? MIN(units, HEAP_MAX_UNITS) : units);
}

/* The smallest chunk that holds the block at any position saves the search for a lucky one. */
static inline struct chunk *take_aligned(struct z_heap *z, size_t align, uint32_t units)
{
    size_t roomy = units + align / HEAP_UNIT_BYTES - 1;

    if (roomy < HEAP_CLASS_SPAN) {
        bit_map_t fitting = z->bins << roomy;

        if (fitting != 0) {
            uint32_t all = (uint32_t)roomy + map_first(fitting);
            struct chunk *chunk = bin_pop(z, all);

            return space_cut(z, chunk, all, (uint32_t)gap_in(chunk, align), units);
        }
        roomy = HEAP_CLASS_SPAN;
    }
    return take_aligned_large(z, align, units, no_more_than_max(roomy));
}

void *sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes)
{
    uint32_t units = request_units(bytes);
    struct chunk *chunk;

    harden_operation(heap);
    if (align <= HEAP_UNIT_BYTES && align_valid(align)) {
        return sys_heap_alloc(heap, bytes);
    }
    if (units == 0 || !align_valid(align)) {
        return NULL;
    }
    chunk = take_aligned(heap->heap, align, units);
    if (QUARANTINE > 0 && chunk == NULL && quarantine_empty(heap)) {
        chunk = take_aligned(heap->heap, align, units);
    }
    if (chunk != NULL) {
        account_gain(heap, chunk, units, bytes);
    }
    return chunk;
}
