/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zephyr's shared multi-heap: regions that the program adds, each with one attribute, matched
 * exactly. The same rules as region_heap.h (R1, R2), with other regions.
 */
#pragma once

#include "region_pool.h"

enum shared_multi_heap_attr {
    SMH_REG_ATTR_CACHEABLE,
    SMH_REG_ATTR_NON_CACHEABLE,
    SMH_REG_ATTR_EXTERNAL,
    SMH_REG_ATTR_NUM,
};

#define MAX_SHARED_MULTI_HEAP_ATTR SMH_REG_ATTR_NUM

struct shared_multi_heap_region {
    uint32_t attr; /* one enum shared_multi_heap_attr */
    uintptr_t addr;
    size_t size;
};

/* Opens the pool for use. Context: any. Fails iff: -EALREADY it is open. Bound: constant. */
int shared_multi_heap_pool_init(void);

/*
 * Adds the region, which is copied; `user_data` is ignored, as in Zephyr. Context: before the
 * scheduler, thread. Fails iff: -EINVAL no such attribute, or it overlaps another region; -ENOMEM
 * there are MAX_MEMORY_REGIONS in all, or the range is too small for a heap. Bound: linear in
 * regions.
 */
int shared_multi_heap_add(struct shared_multi_heap_region *region, void *user_data);

/* Returns a block from the first region, in order of addition, that has this attribute and room.
 * Never waits. Context: any. Fails iff: NULL when `bytes` is 0, the attribute is none, or no region
 * that the program has added with this attribute has room: there is none before the first
 * shared_multi_heap_add. Bound: one sys_heap_aligned_alloc per region. */
void *shared_multi_heap_alloc(enum shared_multi_heap_attr attr, size_t bytes) __must_check;

/* As shared_multi_heap_alloc, at a multiple of `align`: a power of two, or 0. */
void *shared_multi_heap_aligned_alloc(enum shared_multi_heap_attr attr, size_t align,
                                      size_t bytes) __must_check;

/* Makes the block `bytes` long, in place or in a region with the attribute `attr`; NULL `mem`
 * allocates, 0 `bytes` frees. Context: any. Fails iff: NULL as shared_multi_heap_alloc, the block
 * is then unchanged. */
void *shared_multi_heap_realloc(enum shared_multi_heap_attr attr, void *mem,
                                size_t bytes) __must_check;

/* As region_pool_free. */
void shared_multi_heap_free(void *mem);
