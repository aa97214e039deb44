/* SPDX-License-Identifier: Apache-2.0 */
#include "sys_heap.h"

#include "account.h"
#include "check.h"
#include "free_index.h"
#include "request.h"
#include "space.h"

static void write_control_block(struct z_heap *z, uint32_t units)
{
    uint32_t first = HEAP_CONTROL_UNITS(units);
    struct chunk *zero = (struct chunk *)z;

    z->end = (link_t)units;
    z->top = first;
    chunk_set_used(zero, 0);
    chunk_set_left_units(zero, HEAP_CLASSES(units));
    chunk_set_left_units(top_chunk(z), first);
    chunk_set_free(top_chunk(z), 0);
    chunk_set_left_units(chunk_at(z, units), 0);
    chunk_set_free(chunk_at(z, units), 0);
    free_index_init(z, HEAP_CLASSES(units), MIN(units - first + 1, HEAP_CLASS_SPAN));
}

void sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes)
{
    uintptr_t start = ROUND_UP((uintptr_t)mem, 8);
    size_t lost = start - (uintptr_t)mem;

    ASSERT(bytes >= lost && bytes - lost >= Z_HEAP_MIN_SIZE, "H1 buffer is too small for a heap",
           heap, mem);
    heap->heap = (struct z_heap *)(start + HEAP_LEAD_BYTES + HEAP_HEADER_BYTES);
    heap->init_mem = mem;
    heap->init_bytes = bytes;
    write_control_block(heap->heap, (uint32_t)HEAP_UNITS_IN(bytes - lost));
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    heap->allocated_bytes = 0;
    heap->max_allocated_bytes = 0;
#endif
#if defined(CONFIG_SYS_HEAP_ARRAY_SIZE) && CONFIG_SYS_HEAP_ARRAY_SIZE > 0
    (void)sys_heap_array_save(heap);
#endif
}

void *sys_heap_alloc(struct sys_heap *heap, size_t bytes)
{
    uint32_t units = request_units(bytes);
    struct chunk *chunk = units == 0 ? NULL : space_take(heap->heap, units);

    if (chunk != NULL) {
        account_gain(heap, chunk, (size_t)units * HEAP_UNIT_BYTES);
    }
    return chunk;
}

void *sys_heap_noalign_alloc(struct sys_heap *heap, size_t align, size_t bytes)
{
    ARG_UNUSED(align);
    return sys_heap_alloc(heap, bytes);
}

void sys_heap_free(struct sys_heap *heap, void *mem)
{
    struct chunk *chunk = mem;
    uint32_t units;

    if (mem == NULL) {
        return;
    }
    check_block(heap, chunk);
    units = chunk_units(chunk);
    space_release(heap->heap, chunk, units);
    account_loss(heap, mem, (size_t)units * HEAP_UNIT_BYTES);
}

size_t sys_heap_usable_size(struct sys_heap *heap, void *mem)
{
    check_block(heap, mem);
    return chunk_payload_bytes(chunk_units(mem)) - HEAP_TRAILER_BYTES;
}

size_t sys_heap_capacity(const struct sys_heap *heap)
{
    return heap->heap == NULL ? 0
                              : chunk_payload_bytes(heap->heap->end -
                                                    HEAP_CONTROL_UNITS((uint32_t)heap->heap->end)) -
                                    HEAP_TRAILER_BYTES;
}

size_t sys_heap_largest_free_block(const struct sys_heap *heap)
{
    uint32_t units = heap->heap == NULL ? 0 : space_largest(heap->heap);

    return units < HEAP_UNITS_FOR(1) ? 0 : chunk_payload_bytes(units) - HEAP_TRAILER_BYTES;
}
