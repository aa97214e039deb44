/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "control.h"
#include "sys_heap.h"

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS

#include "../lib/errno.h"

int sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats)
{
    uint32_t end;

    if (heap == NULL || stats == NULL || heap->heap == NULL) {
        return -EINVAL;
    }
    end = heap->heap->end;
    stats->allocated_bytes = heap->allocated_bytes;
    stats->max_allocated_bytes = heap->max_allocated_bytes;
    stats->free_bytes =
        (size_t)(end - HEAP_CONTROL_UNITS(end)) * HEAP_UNIT_BYTES - heap->allocated_bytes;
    return 0;
}

int sys_heap_runtime_stats_reset_max(struct sys_heap *heap)
{
    if (heap == NULL || heap->heap == NULL) {
        return -EINVAL;
    }
    heap->max_allocated_bytes = heap->allocated_bytes;
    return 0;
}

#endif
