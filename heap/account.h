/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two accounting points: every chunk that becomes a block or grows passes account_gain, every
 * one that ceases to be a block or shrinks passes account_loss, each after the heap is consistent
 * again. Statistics and listeners live here and nowhere else; switched off they are nothing.
 */
#pragma once

#include "chunk.h"
#include "heap_listener.h"
#include "sys_heap.h"

static inline void account_gain(struct sys_heap *heap, void *mem, size_t bytes)
{
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    heap->allocated_bytes += bytes;
    heap->max_allocated_bytes = MAX(heap->max_allocated_bytes, heap->allocated_bytes);
#endif
    if (IS_ENABLED(CONFIG_SYS_HEAP_LISTENER)) {
        heap_listener_notify_alloc(HEAP_ID_FROM_POINTER(heap), mem, bytes);
    }
}

static inline void account_loss(struct sys_heap *heap, void *mem, size_t bytes)
{
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    heap->allocated_bytes -= bytes;
#endif
    if (IS_ENABLED(CONFIG_SYS_HEAP_LISTENER)) {
        heap_listener_notify_free(HEAP_ID_FROM_POINTER(heap), mem, bytes);
    }
}
