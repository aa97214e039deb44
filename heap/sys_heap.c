/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "sys_heap.h"

#include "../lib/assert.h"
#include "account.h"
#include "check.h"
#include "free_index.h"
#include "request.h"
#include "space.h"

static void write_control_block(struct z_heap *z, uint32_t units)
{
    uint32_t first = HEAP_CONTROL_UNITS(units);

    z->end = (link_t)units;
    chunk_set_header((struct chunk *)z, CHUNK_USED, HEAP_CLASSES(units));
    chunk_set_header(chunk_at(z, units), 0, 0);
    set_top_behind(z, chunk_at(z, first), first);
    free_index_init(z, units, units - first);
}

void sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes)
{
    uintptr_t start = ROUND_UP((uintptr_t)mem, 8);
    size_t lost = start - (uintptr_t)mem;
    uint32_t units;

    ASSERT(bytes >= lost && bytes - lost >= Z_HEAP_MIN_SIZE, "H1 buffer is too small for a heap",
           heap, mem);
    heap->heap = (struct z_heap *)(start + HEAP_LEAD_BYTES + HEAP_HEADER_BYTES);
    units = (uint32_t)HEAP_UNITS_IN(bytes - lost);
    heap->init_mem = mem;
    heap->init_bytes = bytes;
#if QUARANTINE > 0
    __builtin_memset(heap->quarantine, 0, sizeof(heap->quarantine));
    heap->quarantine_next = 0;
#endif
    write_control_block(heap->heap, units);
    heap->bin_end = units < HEAP_CLASS_SPAN ? 0 : units - HEAP_CLASS_SPAN;
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    heap->allocated_bytes = 0;
    heap->max_allocated_bytes = 0;
#endif
#if defined(CONFIG_SYS_HEAP_ARRAY_SIZE) && CONFIG_SYS_HEAP_ARRAY_SIZE > 0
    (void)sys_heap_array_save(heap);
#endif
}

/* What a bin's chunk holds at most. */
#define BIN_MAX_BYTES                                                                              \
    ((HEAP_CLASS_SPAN - 1) * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES - HEAP_TRAILER_BYTES)

static ALWAYS_INLINE void *alloc_once(struct sys_heap *heap, size_t bytes)
{
    struct z_heap *z = heap->heap;
    struct chunk *chunk;
    uint32_t units;
    bit_map_t fitting;

    if (!SHORT_CUTS || bytes - 1 >= BIN_MAX_BYTES) {
        units = request_units(bytes);
        chunk = units == 0 ? NULL : SHORT_CUTS ? space_take_large(z, units) : space_take(z, units);
        if (chunk != NULL) {
            account_gain(heap, chunk, units, bytes);
        }
        return chunk;
    }
    units = (uint32_t)HEAP_UNITS_FOR(bytes);
    fitting = z->bins << units;
    if ((fitting & MAP_BIT(0)) != 0) {
        chunk = bin_pop(z, units);
        chunk_set_used(chunk, units);
    } else if ((fitting | z->classes) == 0) {
        struct chunk *rest;

        chunk = top_chunk(z);
        rest = chunk_right_by(chunk, units);
        if ((uintptr_t)rest > (uintptr_t)chunk_at(z, z->end)) {
            return NULL;
        }
        chunk_set_used(chunk, units);
        set_top_behind(z, rest, units);
    } else {
        chunk = space_take(z, units);
        if (chunk == NULL) {
            return NULL;
        }
    }
    account_gain(heap, chunk, units, bytes);
    return chunk;
}

void *sys_heap_alloc(struct sys_heap *heap, size_t bytes)
{
    void *mem;

    harden_operation(heap);
    mem = alloc_once(heap, bytes);
    if (QUARANTINE > 0 && mem == NULL && quarantine_empty(heap)) {
        mem = alloc_once(heap, bytes);
    }
    return mem;
}

void *sys_heap_noalign_alloc(struct sys_heap *heap, size_t align, size_t bytes)
{
    ARG_UNUSED(align);
    return sys_heap_alloc(heap, bytes);
}

size_t sys_heap_usable_size(struct sys_heap *heap, void *mem)
{
    uint32_t units = check_block(heap, mem);

    return chunk_payload_bytes(units) - HEAP_TRAILER_BYTES - canary_left_over(mem, units);
}

/* Bytes of a block in a chunk of `units` units; 0 if it holds none. */
static size_t block_bytes(uint32_t units)
{
    return units < HEAP_UNITS_FOR(1) ? 0 : chunk_payload_bytes(units) - HEAP_TRAILER_BYTES;
}

size_t sys_heap_capacity(const struct sys_heap *heap)
{
    const struct z_heap *z = heap->heap;

    return z == NULL ? 0 : block_bytes(z->end - control_units(z));
}

size_t sys_heap_largest_free_block(const struct sys_heap *heap)
{
    return heap->heap == NULL ? 0 : block_bytes(space_largest(heap->heap));
}

#ifdef CONFIG_SYS_HEAP_CALLER_POINTER
void *sys_heap_get_caller(struct sys_heap *heap, void *mem)
{
    uint32_t link = link_or_nonsense((uintptr_t)mem - (uintptr_t)heap->heap);
    void *caller = NULL;

    if (block_valid(heap->heap, mem, link) && !quarantine_holds(heap, mem)) {
        __builtin_memcpy(&caller, canary_at(mem, chunk_used_units(mem)) + HEAP_CANARY_BYTES,
                         sizeof(caller));
    }
    return caller;
}
#endif
