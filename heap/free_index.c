/* SPDX-License-Identifier: Apache-2.0 */
#include "free_index.h"

void free_index_init(struct z_heap *heap, uint32_t classes, uint32_t heads)
{
    ARG_UNUSED(classes);
    heap->giants = 0;
    heap->sink = 0;
    heap->bins = 0;
    heap->classes = 0;
    for (uint32_t i = 0; i < heads; i++) {
        heap->head[i] = 0;
    }
}

static link_t *list_of(struct z_heap *heap, uint32_t units)
{
    return units < HEAP_CLASS_SPAN ? &heap->head[units] : &heap->giants;
}

void free_index_insert(struct z_heap *heap, struct chunk *chunk, uint32_t units)
{
    link_t *list = list_of(heap, units);

    if (units < HEAP_MIN_CHUNK_UNITS) {
        return;
    }
    chunk->next = *list;
    chunk->prev = 0;
    if (*list != 0) {
        chunk_at(heap, *list)->prev = (link_t)link_of(heap, chunk);
    }
    *list = (link_t)link_of(heap, chunk);
    if (units < HEAP_CLASS_SPAN) {
        heap->bins |= 0x80000000u >> units;
    }
}

void free_index_remove(struct z_heap *heap, struct chunk *chunk, uint32_t units)
{
    link_t *list = list_of(heap, units);

    if (units < HEAP_MIN_CHUNK_UNITS) {
        return;
    }
    if (chunk->next != 0) {
        chunk_at(heap, chunk->next)->prev = chunk->prev;
    }
    if (chunk->prev != 0) {
        chunk_at(heap, chunk->prev)->next = chunk->next;
    } else {
        *list = chunk->next;
    }
    if (units < HEAP_CLASS_SPAN && *list == 0) {
        heap->bins &= ~(0x80000000u >> units);
    }
}

struct chunk *free_index_find(const struct z_heap *heap, uint32_t units)
{
    uint32_t fitting = units < HEAP_CLASS_SPAN ? heap->bins << units : 0;
    struct chunk *best = NULL;

    if (fitting != 0) {
        return chunk_at(heap, heap->head[units + u32_count_leading_zeros(fitting)]);
    }
    for (uint32_t link = heap->giants; link != 0; link = chunk_at(heap, link)->next) {
        struct chunk *chunk = chunk_at(heap, link);

        if (chunk_units(chunk) >= units &&
            (best == NULL || chunk_units(chunk) < chunk_units(best))) {
            best = chunk;
        }
    }
    return best;
}

uint32_t free_index_largest(const struct z_heap *heap)
{
    uint32_t largest = 0;

    if (heap->giants == 0) {
        return heap->bins == 0 ? 0 : 31u - (unsigned)__builtin_ctz(heap->bins);
    }
    for (uint32_t link = heap->giants; link != 0; link = chunk_at(heap, link)->next) {
        largest = MAX(largest, chunk_units(chunk_at(heap, link)));
    }
    return largest;
}
