/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: several memory regions, each a heap, asked for memory by need (R1 in
 * heap/region.h) and waited for together (W1 in memory_wait.h). region_heap.h, mem_attr_heap.h and
 * shared_multi_heap.h are its faces.
 *
 * Blocks in a cacheable region start at a cache line and fill whole lines, so that nobody else's
 * data, nor the heap's own, is in a line that is written back or invalidated for them (R2).
 */
#pragma once

#include "../heap/mem_stats.h"
#include "../heap/multi_heap.h"
#include "../heap/region.h"
#include "thread.h"
#include "wait_stats.h"

#define MAX_MEMORY_REGIONS MAX_MULTI_HEAPS

struct region_slot {
    uint32_t attr; /* of `region`: one load less in the choice */
    const struct region *region;
    struct sys_heap heap;
};

/* Starts as REGION_POOL_INIT. All members are protected by the interrupt lock. */
struct region_pool {
    struct sys_multi_heap multi; /* finds a block's slot by its address */
    unsigned count;
    struct region_slot *end; /* behind the last slot; the choice uses its `attr` */
    struct region_slot slots[MAX_MEMORY_REGIONS + 1]; /* in order of addition */
    unsigned full_count;
    const struct region *full[MAX_MEMORY_REGIONS]; /* without a heap: the image has it all */
    _wait_q_t wait_q;
    struct k_heap_wait_stats wait_stats;
};

/* `pool` without regions. */
#define REGION_POOL_INIT(pool)                                                                     \
    {                                                                                              \
        .end = (pool).slots, .wait_q = Z_WAIT_Q_INIT(&(pool).wait_q)                               \
    }

/*
 * Adds a region; what the image leaves of it becomes a heap. One that the image uses up is known to
 * region_pool_find and to nothing else. `region` must live for ever.
 * Context: before the scheduler, thread. Fails iff: -ENOMEM there are MAX_MEMORY_REGIONS of its
 * kind, or what is left is too small for a heap; -EINVAL it overlaps one that was added. Bound:
 * linear in regions, and one request per waiter.
 */
int region_pool_add(struct region_pool *pool, const struct region *region);

/*
 * Returns a block of `bytes` bytes at a multiple of `align` (power of two or 0), from the first
 * region in the order of R1 that has room; waits for room in any of them up to `timeout`.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT (as k_heap_alloc).
 * Fails iff: NULL at once when no suitable region could ever give it; NULL when it does not fit
 * until the deadline, or only where it would pass waiters once too often (W6). Bound: one
 * sys_heap_aligned_alloc per suitable region, two steps for each waiter, and one wait.
 */
void *region_pool_alloc(struct region_pool *pool, const struct region_need *need, size_t align,
                        size_t bytes, k_timeout_t timeout) __must_check;

/*
 * Makes the block at `mem` `bytes` long: in place, or as a new block from where `need` says, and
 * the content is copied outside the lock. NULL `mem` allocates; 0 `bytes` frees and returns NULL.
 * Context and Fails iff: as region_pool_alloc, the block is then unchanged; halts as
 * region_pool_free.
 */
void *region_pool_realloc(struct region_pool *pool, const struct region_need *need, void *mem,
                          size_t bytes, k_timeout_t timeout) __must_check;

/*
 * Gives a block back to its region and hands memory to every waiter that now fits. NULL does
 * nothing. Context: any. Fails iff: an address in no region (halts with H8), or as sys_heap_free.
 * Bound: linear in regions, sys_heap_free's, and one request per waiter.
 */
void region_pool_free(struct region_pool *pool, void *mem);

/* The region that holds all of `bytes` bytes at `mem`, be they in its heap or the image's own, or
 * NULL. Context: any. Bound: linear in regions. */
const struct region *region_pool_find(const struct region_pool *pool, const void *mem,
                                      size_t bytes);

/* Whether every heap is consistent, as sys_heap_validate. Context: any. Bound: linear in chunks;
 * one heap at a time under the lock. */
bool region_pool_validate(struct region_pool *pool);

/*
 * What is in use of `region`, as sys_heap_runtime_stats_get, or of all regions when it is NULL: the
 * sums, so that the peak is an upper bound. Context: any. Fails iff: -EINVAL it was not added.
 * Bound: linear in regions.
 */
int region_pool_stats_get(struct region_pool *pool, const struct region *region,
                          struct sys_memory_stats *stats);
