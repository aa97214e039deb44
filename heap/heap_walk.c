/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "heap_walk.h"

#include "control.h"

void heap_walk_start(struct heap_walk *walk, const struct sys_heap *heap)
{
    *walk = (struct heap_walk){.heap = heap};
    if (heap->heap != NULL) {
        walk->next_unit = control_units(heap->heap);
    }
}

bool heap_walk_next(struct heap_walk *walk)
{
    const struct z_heap *z = walk->heap->heap;
    const struct chunk *chunk;
    uint32_t units;

    if (z == NULL || walk->next_unit >= z->end) {
        return false;
    }
    chunk = chunk_at(z, walk->next_unit);
    walk->top = chunk == top_chunk(z);
    units = walk->top ? top_units(z) : chunk_units(chunk);
    if (units == 0 || units > z->end - walk->next_unit) {
        return false;
    }
    walk->mem = (void *)(uintptr_t)chunk;
    walk->chunk_bytes = (size_t)units * HEAP_UNIT_BYTES;
    walk->left_bytes = (size_t)chunk_left_units(chunk) * HEAP_UNIT_BYTES;
    walk->used = !chunk_free(chunk);
    walk->next_unit += units;
    return true;
}

size_t heap_walk_overhead_bytes(const struct sys_heap *heap)
{
    uint32_t end = heap->heap == NULL ? 0 : heap->heap->end;

    return end == 0 ? heap->init_bytes
                    : heap->init_bytes - (size_t)(end - HEAP_CONTROL_UNITS(end)) * HEAP_UNIT_BYTES;
}
