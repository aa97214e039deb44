/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Free space as a whole: the index and the top. H11: no free chunk has a free neighbour, and none
 * touches the top.
 */
#pragma once

#include "free_index.h"

/* A chunk in use of exactly `units` units, or NULL if no free chunk is that large. */
struct chunk *space_take(struct z_heap *z, uint32_t units);

/* The same where no bin has a chunk that is large enough. */
struct chunk *space_take_large(struct z_heap *z, uint32_t units);

/* Units of the free space that begins at `chunk`: 0 if it is in use. */
uint32_t space_units_at(const struct z_heap *z, const struct chunk *chunk);

/* Takes the free space of `units` units at `chunk` out of the index or the top; its header is left
 * to the caller, who makes it part of a chunk in use. */
void space_claim(struct z_heap *z, struct chunk *chunk, uint32_t units);

/* Units of the largest free chunk, the top included. */
uint32_t space_largest(const struct z_heap *z);

/*
 * Makes `all` units at `chunk`, that are in no index and between chunks in use, a free chunk of
 * `gap` units, a chunk in use of `units`, which is returned, and a free chunk of the rest.
 */
static inline struct chunk *space_cut(struct z_heap *z, struct chunk *chunk, uint32_t all,
                                      uint32_t gap, uint32_t units)
{
    struct chunk *block = chunk_right_by(chunk, gap);
    struct chunk *rest = chunk_right_by(block, units);
    struct chunk *right = chunk_right_by(chunk, all);
    uint32_t rest_units = all - gap - units;

    chunk_set_used(block, units);
    if (gap != 0) {
        chunk_set_free(chunk, gap);
        chunk_set_left_units(block, gap);
        insert_here(z, chunk, gap);
    }
    if (rest_units != 0) {
        chunk_set_header(rest, rest_units, units);
        chunk_set_left_units(right, rest_units);
        insert_here(z, rest, rest_units);
    } else {
        chunk_set_left_units(right, units);
    }
    return block;
}

/* The same for `all` units that reach to the top, which the rest becomes part of. */
static inline struct chunk *space_cut_top(struct z_heap *z, struct chunk *chunk, uint32_t gap,
                                          uint32_t units)
{
    struct chunk *block = chunk_right_by(chunk, gap);

    chunk_set_used(block, units);
    if (gap != 0) {
        chunk_set_free(chunk, gap);
        chunk_set_left_units(block, gap);
        insert_here(z, chunk, gap);
    }
    set_top_behind(z, chunk_right_by(block, units), units);
    return block;
}
