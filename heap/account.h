/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two accounting points: every chunk that becomes a block, or a longer or shorter one, passes
 * account_gain, every one that ceases to be a block of that length passes account_loss, each when
 * the heap is consistent again. Canaries, statistics, listeners and callers live here; switched off
 * they are nothing.
 */
#pragma once

#include "canary.h"
#include "heap_listener.h"

/* The address in the program that asked for the block, at its very end; valid in functions that are
 * called from outside. */
static ALWAYS_INLINE void account_caller(struct chunk *chunk, uint32_t units)
{
#ifdef CONFIG_SYS_HEAP_CALLER_POINTER
    const void *caller = __builtin_return_address(0);

    __builtin_memcpy(canary_at(chunk, units) + HEAP_CANARY_BYTES, &caller, sizeof(caller));
#else
    ARG_UNUSED(chunk);
    ARG_UNUSED(units);
#endif
}

/* `chunk` is a block now, of `bytes` bytes in `units` units. */
static ALWAYS_INLINE void account_gain(struct sys_heap *heap, struct chunk *chunk, uint32_t units,
                                       size_t bytes)
{
    canary_set(chunk, units, bytes);
    account_caller(chunk, units);
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    heap->allocated_bytes += (size_t)units * HEAP_UNIT_BYTES;
    heap->max_allocated_bytes = MAX(heap->max_allocated_bytes, heap->allocated_bytes);
#endif
    if (IS_ENABLED(CONFIG_SYS_HEAP_LISTENER)) {
        heap_listener_notify_alloc(HEAP_ID_FROM_POINTER(heap), chunk,
                                   (size_t)units * HEAP_UNIT_BYTES);
    }
}

/* `chunk`, of `units` units, is no block any more. */
static inline void account_loss(struct sys_heap *heap, void *chunk, uint32_t units)
{
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    heap->allocated_bytes -= (size_t)units * HEAP_UNIT_BYTES;
#endif
    if (IS_ENABLED(CONFIG_SYS_HEAP_LISTENER)) {
        heap_listener_notify_free(HEAP_ID_FROM_POINTER(heap), chunk,
                                  (size_t)units * HEAP_UNIT_BYTES);
    }
}
