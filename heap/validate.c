/* SPDX-License-Identifier: Apache-2.0 */
/* The validator: reads everything, believes nothing, writes nothing. */
#include "layout.h"

#include "control.h"
#include "free_index.h"
#include "sys_heap.h"

/* What the walk over the chunks has seen. */
struct census {
    uint32_t indexed; /* free chunks that the index must hold */
    uint32_t used_units;
};

/* Walks from the control block to the top (H10: neighbours agree, H11: free chunks are apart). */
static bool chunks_valid(const struct z_heap *z, uint32_t top, struct census *census)
{
    uint32_t at = control_units(z);
    uint32_t left_units = at;
    bool left_free = false;

    while (at < top) {
        const struct chunk *chunk = chunk_at(z, at);
        uint32_t units = chunk_units(chunk);

        if (chunk_left_units(chunk) != left_units || units == 0 || units > top - at ||
            (left_free && chunk_free(chunk))) {
            return false;
        }
        left_free = chunk_free(chunk);
        census->used_units += left_free ? 0 : units;
        census->indexed += left_free && units >= HEAP_MIN_CHUNK_UNITS;
        left_units = units;
        at += units;
    }
    return at == top && !left_free && chunk_left_units(chunk_at(z, top)) == left_units &&
           chunk_header(chunk_at(z, top))->size == 0;
}

bool sys_heap_validate(const struct sys_heap *heap)
{
    const struct z_heap *z = heap->heap;
    struct census census = {0};

    if (z == NULL || link_of(z, top_chunk(z)) > z->end ||
        !chunks_valid(z, link_of(z, top_chunk(z)), &census) ||
        !free_index_valid(z, census.indexed)) {
        return false;
    }
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    return heap->allocated_bytes == (size_t)census.used_units * HEAP_UNIT_BYTES &&
           heap->max_allocated_bytes >= heap->allocated_bytes;
#else
    return true;
#endif
}
