/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k_heap: a sys_heap with a lock, on which threads may wait for memory (W1 in memory_wait.h).
 */
#pragma once

#include "../heap/heap_size.h"
#include "../heap/sys_heap.h"
#include "irq.h"
#include "thread.h"
#include "wait_stats.h"

/* All members are protected by the interrupt lock. */
struct k_heap {
    struct sys_heap heap;
    _wait_q_t wait_q;
    struct k_spinlock lock;
    struct k_heap_wait_stats wait_stats;
};

#define Z_HEAP_DEFINE_IN_SECT(name, bytes, in_section)                                             \
    static char name##_buffer[MAX((bytes), Z_HEAP_MIN_SIZE)] in_section __aligned(8);              \
    STRUCT_SECTION_ITERABLE(k_heap, name) = {                                                      \
        .heap = {.init_mem = name##_buffer, .init_bytes = sizeof(name##_buffer)},                  \
    }

/* Defines heap `name` on a buffer of `bytes` raw bytes, at least Z_HEAP_MIN_SIZE; usable after
 * PRE_KERNEL_1. */
#define K_HEAP_DEFINE(name, bytes) Z_HEAP_DEFINE_IN_SECT(name, bytes, __noinit)

/*
 * Makes `heap` an empty heap on `bytes` bytes at `mem`.
 * Context: any; nobody may use or wait on the heap. Fails iff: the buffer is too small (halts with
 * H1). Bound: constant.
 */
void k_heap_init(struct k_heap *heap, void *mem, size_t bytes);

/*
 * Returns a block of at least `bytes` bytes, 8-aligned, content undefined; waits for memory up to
 * `timeout`. Context: thread; ISR and before the scheduler with K_NO_WAIT (a wait there halts with
 * K3 in an ISR and does not wait before the scheduler). Fails iff: NULL at once when bytes is 0 or
 * more than the heap could ever give; NULL when until the deadline it does not fit or would pass a
 * waiter once too often (W6), at the latest one tick after it. Bound: sys_heap_alloc's, two steps
 * for each waiter, and one wait.
 */
void *k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout) __must_check;

/* As k_heap_alloc, at a multiple of `align` bytes: a power of two, or 0 for the default; NULL for
 * another value. */
void *k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes,
                           k_timeout_t timeout) __must_check;

/* As k_heap_alloc for num * size_bytes bytes, zeroed outside the lock; NULL at once if the product
 * overflows. */
void *k_heap_calloc(struct k_heap *heap, size_t num, size_t size_bytes,
                    k_timeout_t timeout) __must_check;

/*
 * Makes the block at `mem` `bytes` long, in place or by moving its content, which is copied outside
 * the lock. Where that does not fit it slides at once into the free space around it, copied inside
 * the lock; it does not slide once it waits. A block that grows may pass waiters as an allocation
 * does (W6). NULL `mem` allocates; 0 `bytes` frees and returns NULL. Memory that becomes free
 * serves waiters. While it waits for room the old block stays valid where it is, and so it does on
 * failure. Context and Fails iff: as k_heap_alloc. Bound: as k_heap_alloc, and locked for a copy of
 * the block when it slides.
 */
void *k_heap_realloc(struct k_heap *heap, void *mem, size_t bytes,
                     k_timeout_t timeout) __must_check;

/*
 * Gives the block back and hands memory to every waiter that now fits. NULL does nothing.
 * Context: any. Fails iff: not a live block of this heap (halts with the H invariant that betrays
 * it). Bound: sys_heap_free's, one sys_heap_alloc per waiter, and for each block that passes
 * waiters a step for each of them.
 */
void k_heap_free(struct k_heap *heap, void *mem);

/* Copies the counters; 0, or -EINVAL for NULL. At rest wakeups == grants. Context: any. Bound:
 * constant. */
int k_heap_wait_stats_get(struct k_heap *heap, struct k_heap_wait_stats *stats);
