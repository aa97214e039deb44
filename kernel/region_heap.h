/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory by need: one multi-heap over the board's regions, behind a lock. Boot adds the regions;
 * drivers take their buffers from here and nowhere else.
 */
#pragma once

#include "../heap/mem_stats.h"
#include "../heap/region.h"
#include "../lib/util.h"

#define MAX_MEMORY_REGIONS 8

/*
 * Adds a region; its whole range becomes a heap. `region` must live for ever.
 * Context: before the scheduler, thread. Fails iff: more than MAX_MEMORY_REGIONS, or the range is
 * too small for a heap (-ENOMEM). Bound: constant.
 */
int region_heap_add(const struct region *region);

/*
 * Returns a block of `bytes` bytes at a multiple of `align` (power of two or 0) in the first
 * region, in order of addition, that has all attributes of `must` and none of `must_not` and has
 * room; NULL otherwise. Context: any. Bound: one sys_heap_aligned_alloc per region.
 */
void *region_heap_alloc(uint32_t must, uint32_t must_not, size_t align, size_t bytes) __must_check;

/* Gives a block back to its region; NULL does nothing; an address in no region halts with H8.
 * Context: any. */
void region_heap_free(void *mem);

/* The region that holds all of `bytes` bytes at `mem`, or NULL. Context: any. Bound: linear in
 * regions. */
const struct region *region_heap_find(const void *mem, size_t bytes);

/* Calls visit for each region with the capacity of its empty heap. Context: any. Bound: linear in
 * regions. */
void region_heap_foreach(void (*visit)(const struct region *region, size_t capacity_bytes,
                                       void *data),
                         void *data);

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
/* What is in use of `region`, as sys_heap_runtime_stats_get. Context: any. Fails iff: -EINVAL it was
 * not added. Bound: linear in regions. */
int region_heap_stats_get(const struct region *region, struct sys_memory_stats *stats);
#endif
