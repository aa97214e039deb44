/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "space.h"

#include "free_index.h"
#include "large_take.h"

/* Cuts `units` units off the top, which has them. */
static inline struct chunk *take_top(struct z_heap *z, uint32_t units)
{
    struct chunk *chunk = top_chunk(z);

    chunk_set_used(chunk, units);
    set_top_behind(z, chunk_right_by(chunk, units), units);
    return chunk;
}

/* Makes the first `units` of the `all` units at `chunk`, just taken out of the index, a chunk in
 * use and the rest a free one. */
static inline struct chunk *split(struct z_heap *z, struct chunk *chunk, uint32_t all,
                                  uint32_t units)
{
    uint32_t rest_units = all - units;
    struct chunk *rest = chunk_right_by(chunk, units);

    chunk_set_used(chunk, units);
    if (rest_units != 0) {
        chunk_set_header(rest, rest_units, units);
        chunk_set_left_units(chunk_right_by(chunk, all), rest_units);
        insert_here(z, rest, rest_units);
    }
    return chunk;
}

/* For requests that no class spans: a few registers do. */
static NOT_INLINE struct chunk *take_giant(struct z_heap *z, uint32_t units)
{
    uint32_t room = top_units(z);
    struct chunk *chunk = giant_take(z, giant_find(z, units), room < units ? UINT32_MAX : room);

    if (chunk != NULL) {
        return split(z, chunk, chunk_free_units(chunk), units);
    }
    return room < units ? NULL : take_top(z, units);
}

struct chunk *space_take_large(struct z_heap *z, uint32_t units)
{
    uint32_t from = MAX(units, HEAP_CLASS_SPAN);
    struct chunk *chunk = NULL;
    uint32_t room;
    uint32_t limit;

    if (SHORT_CUTS && class_of(units) > class_count(z)) {
        return take_giant(z, units);
    }
    room = top_units(z);
    limit = room < units ? UINT32_MAX : room;
    if (z->classes != 0) {
        chunk = SHORT_CUTS ? class_take_from(z, from, limit) : large_take(z, from, limit);
    }
    if (chunk != NULL) {
        return split(z, chunk, chunk_free_units(chunk), units);
    }
    return room < units ? NULL : take_top(z, units);
}

struct chunk *space_take(struct z_heap *z, uint32_t units)
{
    if (units < HEAP_CLASS_SPAN) {
        bit_map_t fitting = z->bins << units;

        if (fitting != 0) {
            uint32_t all = units + map_first(fitting);

            return split(z, bin_pop(z, all), all, units);
        }
    }
    return space_take_large(z, units);
}

uint32_t space_units_at(const struct z_heap *z, const struct chunk *chunk)
{
    if (!chunk_free(chunk)) {
        return 0;
    }
    return chunk == top_chunk(z) ? top_units(z) : chunk_free_units(chunk);
}

void space_claim(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    if (chunk == top_chunk(z)) {
        set_top_behind(z, chunk_at(z, z->end), units);
    } else {
        free_index_remove(z, chunk, units);
    }
}

uint32_t space_largest(const struct z_heap *z)
{
    return MAX(free_index_largest(z), top_units(z));
}
