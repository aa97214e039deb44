/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zephyr's memory attribute heap: another way to ask the board's regions (region_heap.h), by class.
 * A region has exactly one class, which follows from two of its attributes:
 *
 *                          not REGION_DMA               REGION_DMA
 *     not REGION_CACHEABLE DT_MEM_SW_ALLOC_NON_CACHE    DT_MEM_SW_ALLOC_DMA
 *     REGION_CACHEABLE     DT_MEM_SW_ALLOC_CACHE        DT_MEM_SW_ALLOC_CACHE | DT_MEM_SW_ALLOC_DMA
 */
#pragma once

#include "region_heap.h"

#define DT_MEM_SW_ALLOC_CACHE     BIT(16)
#define DT_MEM_SW_ALLOC_NON_CACHE BIT(17)
#define DT_MEM_SW_ALLOC_DMA       BIT(18)
#define DT_MEM_SW_ALLOC_MASK                                                                       \
    (DT_MEM_SW_ALLOC_CACHE | DT_MEM_SW_ALLOC_NON_CACHE | DT_MEM_SW_ALLOC_DMA)

struct mem_attr_region_t {
    const char *dt_name;
    uintptr_t dt_addr;
    size_t dt_size;
    uint32_t dt_attr; /* its class */
};

/* Opens the heap for use. Context: thread, before the scheduler; the regions have been added. Fails
 * iff: -EALREADY it is open. Bound: linear in regions. */
int mem_attr_heap_pool_init(void);

/*
 * Returns a block from the first region, in order of addition, whose class is exactly `attr` and
 * which has room; bits of `attr` that are no class are ignored. Never waits. Context: any. Fails
 * iff: NULL when the heap is not open, `bytes` is 0, or there is no such region with room.
 * Bound: one sys_heap_aligned_alloc per region.
 */
void *mem_attr_heap_alloc(uint32_t attr, size_t bytes) __must_check;

/* As mem_attr_heap_alloc, at a multiple of `align`: a power of two, or 0. */
void *mem_attr_heap_aligned_alloc(uint32_t attr, size_t align, size_t bytes) __must_check;

/* Makes the block `bytes` long, in place or in a region of the same class; NULL `addr` gives NULL,
 * because it has no class; 0 `bytes` frees. Context: any. Fails iff: NULL as mem_attr_heap_alloc,
 * the block is then unchanged. */
void *mem_attr_heap_realloc(void *addr, size_t bytes) __must_check;

/* As region_heap_free. */
void mem_attr_heap_free(void *addr);

/* What is known of the region that holds `addr`; NULL: none does, or the heap is not open. Context:
 * any. Bound: linear in regions. */
const struct mem_attr_region_t *mem_attr_heap_get_region(void *addr);
