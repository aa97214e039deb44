/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory by need: the board's regions, each a heap, behind one lock. Boot adds the regions; drivers
 * take their buffers from here and nowhere else.
 *
 *     struct region_need need = {.must = REGION_DMA, .prefer = REGION_FAST};
 *     buffer = region_heap_request(&need, 0, 64, K_MSEC(10));
 */
#pragma once

#include "region_pool.h"

extern struct region_pool region_heap;

/* As region_pool_add. */
static inline int region_heap_add(const struct region *region)
{
    return region_pool_add(&region_heap, region);
}

/* As region_pool_alloc. */
static inline void *__must_check region_heap_request(const struct region_need *need, size_t align,
                                                     size_t bytes, k_timeout_t timeout)
{
    return region_pool_alloc(&region_heap, need, align, bytes, timeout);
}

/* region_heap_request without preference or wait. Context: any. */
static inline void *__must_check region_heap_alloc(uint32_t must, uint32_t must_not, size_t align,
                                                   size_t bytes)
{
    return region_heap_request(&(struct region_need){must, 0, must_not}, align, bytes, K_NO_WAIT);
}

/* As region_pool_free. */
static inline void region_heap_free(void *mem)
{
    region_pool_free(&region_heap, mem);
}

/* As region_pool_find. */
static inline const struct region *region_heap_find(const void *mem, size_t bytes)
{
    return region_pool_find(&region_heap, mem, bytes);
}

/* As region_pool_validate. */
static inline bool region_heap_validate(void)
{
    return region_pool_validate(&region_heap);
}

/* As region_pool_stats_get; needs CONFIG_SYS_HEAP_RUNTIME_STATS. */
static inline int region_heap_stats_get(const struct region *region, struct sys_memory_stats *stats)
{
    return region_pool_stats_get(&region_heap, region, stats);
}

/* Copies the counters of all waits for region memory. At rest wakeups == grants. Context: any. */
void region_heap_wait_stats_get(struct k_heap_wait_stats *stats);

/* Calls visit for each region, in order of addition, with the capacity of its empty heap. Context:
 * any. Bound: linear in regions. */
void region_heap_foreach(void (*visit)(const struct region *region, size_t capacity_bytes,
                                       void *data),
                         void *data);
