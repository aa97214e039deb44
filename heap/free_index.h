/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of free chunks by size; the top is not in it. The callers keep headers right, the index
 * keeps links and maps. Chunks too short for links (possible where a header is a unit) are never
 * indexed and cannot hold a block.
 */
#pragma once

#include "bins.h"

/* Makes the index of `z` empty: `units` in all, chunks of up to `largest` units. */
void free_index_init(struct z_heap *z, uint32_t units, uint32_t largest);

/* Puts in, or takes out, a chunk of `units` units, at least HEAP_CLASS_SPAN. */
void large_insert(struct z_heap *z, struct chunk *chunk, uint32_t units);
void large_remove(struct z_heap *z, struct chunk *chunk, uint32_t units);

/* A chunk too short for links is in no list. Decided by the compiler where a header is no unit. */
static inline bool indexed(uint32_t units)
{
    return HEAP_MIN_CHUNK_UNITS == 1 || units >= HEAP_MIN_CHUNK_UNITS;
}

/* Lets a chunk that is in grow from `units`, at least HEAP_CLASS_SPAN, to `new_units` units. */
void large_extend(struct z_heap *z, struct chunk *chunk, uint32_t units, uint32_t new_units);

/* Puts in, or takes out, the chunk of `units` units. */
void free_index_insert(struct z_heap *z, struct chunk *chunk, uint32_t units);
void free_index_remove(struct z_heap *z, struct chunk *chunk, uint32_t units);

/* The same with a bin's code in the place of the call. */
static inline void insert_here(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    if (SHORT_CUTS && units < HEAP_CLASS_SPAN && indexed(units)) {
        bin_push(z, chunk, units);
    } else if (SHORT_CUTS && units >= HEAP_CLASS_SPAN) {
        large_insert(z, chunk, units);
    } else {
        free_index_insert(z, chunk, units);
    }
}

static inline void remove_here(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    if (SHORT_CUTS && units < HEAP_CLASS_SPAN && indexed(units)) {
        bin_remove(z, chunk, units);
    } else if (SHORT_CUTS && units >= HEAP_CLASS_SPAN) {
        large_remove(z, chunk, units);
    } else {
        free_index_remove(z, chunk, units);
    }
}

/* A chunk of the smallest size from `units` units on, giants left out; NULL if none is in. */
struct chunk *free_index_next(const struct z_heap *z, uint32_t units);

/* Units of the largest chunk; 0 when empty. */
uint32_t free_index_largest(const struct z_heap *z);

/* Whether the index holds exactly the `chunks` free chunks that the heap has, each where it belongs
 * (H12, H13). Linear in chunks. */
bool free_index_valid(const struct z_heap *z, uint32_t chunks);
