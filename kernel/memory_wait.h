/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: threads that wait for memory, from whatever heap or heaps it comes.
 *
 * Invariant W1: after each call, no waiter's request fits. Whoever frees memory hands every waiter
 * that now fits its block, in priority order, first come first served among equals; only those
 * wake, and each finds its block in hand. So a wake-up is a grant, a large request may be passed by
 * smaller ones, and nobody sleeps while its block is free.
 *
 * An aligned request fits when its heap finds it a place, which is sure where a chunk is large
 * enough for any position (sys_heap_aligned_alloc). A place by luck in a smaller one is looked for
 * at each release, not after allocations, which may uncover one.
 */
#pragma once

#include "sched.h"
#include "wait_stats.h"

/*
 * What one call wants. While it waits the record lies on its stack, where whoever frees memory
 * finds it through the thread. The kind of heap adds members behind it and knows them in its two
 * functions. `old` is the block of a realloc: it may grow in place, otherwise a new block is found
 * and the owner copies.
 */
struct memory_request {
    struct grant grant; /* first: whoever serves and undoes gets it back */
    bool (*satisfy_locked)(struct memory_request *request); /* tries to set `block` */
    void (*return_locked)(struct memory_request *request);  /* frees `block` */
    _wait_q_t *wait_q;
    struct k_heap_wait_stats *stats;
    void *old;
    void *block; /* the answer; equal to `old` when it grew in place */
};

/*
 * Waits in request->wait_q until somebody has satisfied `request`, or until the deadline; true:
 * there is a block. Unlocks with `key`. Context: thread, locked, the request does not fit now.
 * Fails iff: no grant in time; K_NO_WAIT or before the scheduler, at once; in an ISR halts with K3.
 */
bool memory_wait(unsigned key, struct memory_request *request, k_timeout_t timeout);

/* The general case of memory_serve_locked. */
enum consequence memory_serve_waiters_locked(_wait_q_t *wait_q) __must_check;

/*
 * Restores W1 after a release of memory for which the threads in `wait_q` wait. Bound: one try per
 * waiter.
 */
static ALWAYS_INLINE enum consequence __must_check memory_serve_locked(_wait_q_t *wait_q)
{
    return wait_queue_head_locked(wait_q) == NULL ? KEEP_RUNNING
                                                  : memory_serve_waiters_locked(wait_q);
}
