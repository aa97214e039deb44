/* SPDX-License-Identifier: Apache-2.0 */
#include "space.h"

#include "free_index.h"

static void set_top(struct z_heap *heap, struct chunk *chunk)
{
    heap->top = link_of(heap, chunk);
    chunk_set_free(chunk, 0);
}

void space_release(struct z_heap *heap, struct chunk *chunk, uint32_t units)
{
    struct chunk *left = chunk_left_by(chunk, chunk_left_units(chunk));
    struct chunk *right = chunk_right_by(chunk, units);

    if (!chunk_used(left)) {
        free_index_remove(heap, left, chunk_units(left));
        units += chunk_units(left);
        chunk = left;
    }
    if (right == top_chunk(heap)) {
        set_top(heap, chunk);
        return;
    }
    if (!chunk_used(right)) {
        free_index_remove(heap, right, chunk_units(right));
        units += chunk_units(right);
    }
    chunk_set_free(chunk, units);
    chunk_set_left_units(chunk_right_by(chunk, units), units);
    free_index_insert(heap, chunk, units);
}

void space_trim(struct z_heap *heap, struct chunk *chunk, uint32_t units, uint32_t keep)
{
    struct chunk *rest = chunk_right_by(chunk, keep);

    if (keep == units) {
        return;
    }
    chunk_set_used(chunk, keep);
    chunk_set_left_units(rest, keep);
    chunk_set_used(rest, units - keep);
    chunk_set_left_units(chunk_right_by(chunk, units), units - keep);
    space_release(heap, rest, units - keep);
}

struct chunk *space_take(struct z_heap *heap, uint32_t units)
{
    struct chunk *chunk = free_index_find(heap, units);

    if (chunk == NULL && top_units(heap) >= units) {
        chunk = top_chunk(heap);
    }
    if (chunk != NULL) {
        uint32_t all = space_units_at(heap, chunk);

        space_claim(heap, chunk, all);
        space_trim(heap, chunk, all, units);
    }
    return chunk;
}

uint32_t space_units_at(const struct z_heap *heap, const struct chunk *chunk)
{
    if (chunk == top_chunk(heap)) {
        return top_units(heap);
    }
    return chunk_used(chunk) ? 0 : chunk_units(chunk);
}

void space_claim(struct z_heap *heap, struct chunk *chunk, uint32_t units)
{
    if (chunk == top_chunk(heap)) {
        chunk_set_left_units(chunk_at(heap, heap->end), units);
        set_top(heap, chunk_at(heap, heap->end));
    } else {
        free_index_remove(heap, chunk, units);
    }
    chunk_set_used(chunk, units);
}

uint32_t space_largest(const struct z_heap *heap)
{
    return MAX(free_index_largest(heap), top_units(heap));
}
