/* SPDX-License-Identifier: Apache-2.0 */
/* The validator: reads everything, believes nothing, writes nothing. */
#include "control.h"
#include "sys_heap.h"

/* What the walk over the chunks has seen. */
struct census {
    uint32_t indexed; /* free chunks that the index must hold */
    uint32_t used_units;
};

/* Walks from the control block to the top (H10: neighbours agree, H11: free chunks are apart). */
static bool chunks_valid(const struct z_heap *z, struct census *census)
{
    uint32_t at = HEAP_CONTROL_UNITS((uint32_t)z->end);
    uint32_t left_units = at;
    bool left_free = false;

    while (at < z->top) {
        const struct chunk *chunk = chunk_at(z, at);
        uint32_t units = chunk_units(chunk);

        if (chunk_left_units(chunk) != left_units || units == 0 || units > z->top - at ||
            (left_free && !chunk_used(chunk))) {
            return false;
        }
        left_free = !chunk_used(chunk);
        census->used_units += left_free ? 0 : units;
        census->indexed += left_free && units >= HEAP_MIN_CHUNK_UNITS;
        left_units = units;
        at += units;
    }
    return at == z->top && !left_free && chunk_left_units(top_chunk(z)) == left_units &&
           chunk_header(top_chunk(z))->size_used == 0;
}

/* Counts the list at `link` down from *left; false when it is no list of free chunks of `lowest` to
 * `highest` units. */
static bool list_valid(const struct z_heap *z, uint32_t link, uint32_t lowest, uint32_t highest,
                       uint32_t *left)
{
    uint32_t prev = 0;

    for (; link != 0; link = chunk_at(z, link)->next) {
        const struct chunk *chunk = chunk_at(z, link);

        if (link >= z->top || *left == 0 || chunk_used(chunk) || chunk->prev != prev ||
            chunk_units(chunk) < lowest || chunk_units(chunk) > highest) {
            return false;
        }
        prev = link;
        --*left;
    }
    return true;
}

/* H12: every free chunk is in the list of its size, once; H13: the maps say which are not empty. */
static bool index_valid(const struct z_heap *z, uint32_t chunks)
{
    uint32_t sizes = MIN(z->end - HEAP_CONTROL_UNITS((uint32_t)z->end) + 1, HEAP_CLASS_SPAN);

    for (uint32_t units = 1; units < sizes; units++) {
        bool listed = (z->bins << units & 0x80000000u) != 0;

        if (listed != (z->head[units] != 0) ||
            !list_valid(z, z->head[units], units, units, &chunks)) {
            return false;
        }
    }
    return list_valid(z, z->giants, HEAP_CLASS_SPAN, HEAP_MAX_UNITS, &chunks) && chunks == 0;
}

bool sys_heap_validate(const struct sys_heap *heap)
{
    const struct z_heap *z = heap->heap;
    struct census census = {0};

    if (z == NULL || z->top > z->end || !chunks_valid(z, &census) ||
        !index_valid(z, census.indexed)) {
        return false;
    }
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    return heap->allocated_bytes == (size_t)census.used_units * HEAP_UNIT_BYTES &&
           heap->max_allocated_bytes >= heap->allocated_bytes;
#else
    return true;
#endif
}
