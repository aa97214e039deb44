/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: threads that wait for memory, from whatever heap or heaps it comes.
 *
 * Invariant W1: after each call, no waiter's request fits, except behind a waiter that has been
 * passed often enough (W6). Whoever frees memory hands every waiter that now fits its block, in
 * priority order, first come first served among equals; only those wake, and each finds its block
 * in hand. So a wake-up is a grant, and nobody sleeps while its block is free.
 *
 * Invariant W6: a waiter is passed at most CONFIG_KHEAP_BYPASS_MAX times. It is passed when memory
 * from a place where its own block could be is handed to a waiter behind it, or taken without
 * waiting by a thread that would wait behind it or by an interrupt. Then those places are closed
 * for all of these until it has its block or gives up. Threads of more urgent priority do not pass,
 * they come first.
 *
 * An aligned request fits when its heap finds it a place, which is sure where a chunk is large
 * enough for any position (sys_heap_aligned_alloc). A place by luck in a smaller one is looked for
 * at each release, not after allocations, which may uncover one.
 */
#pragma once

#include "sched.h"
#include "wait_stats.h"

/* Sets of places, one bit each: a k_heap is one place, a region pool has one for each region. */
#define ALL_PLACES UINT32_MAX

/*
 * What one call wants. While it waits the record lies on its stack, where whoever frees memory
 * finds it through the thread. The kind of heap adds members behind it and knows them in its two
 * functions. `old` is the block of a realloc: it may grow in place, otherwise a new block is found
 * and the owner copies.
 */
struct memory_request {
    struct grant grant; /* first: whoever serves and undoes gets it back */
    /* Tries to set `block` from places that are not `closed`; returns the place, or 0. */
    uint32_t (*satisfy_locked)(struct memory_request *request, uint32_t closed);
    void (*return_locked)(struct memory_request *request); /* frees `block` */
    _wait_q_t *wait_q;
    struct k_heap_wait_stats *stats;
    void *old;
    void *block;     /* the answer; equal to `old` when it grew in place */
    uint32_t places; /* where the block could be */
    uint32_t passed; /* while it waited */
};

/*
 * Waits in request->wait_q until somebody has satisfied `request`, or until the deadline; true:
 * there is a block. Unlocks with `key`. Context: thread, locked, the request does not fit now.
 * Fails iff: no grant in time; K_NO_WAIT or before the scheduler, at once; in an ISR halts with K3.
 */
bool memory_wait(unsigned key, struct memory_request *request, k_timeout_t timeout);

/*
 * The places from which the caller may take nothing without waiting: waiters in front of it have
 * been passed there often enough. Bound: a step for each waiter.
 */
uint32_t memory_closed_locked(const _wait_q_t *wait_q);

/* The caller has taken memory from `place`, which counts for the waiters in front of it. Bound: a
 * step for each waiter. */
void memory_taken_locked(const _wait_q_t *wait_q, uint32_t place);

/* The general case of memory_serve_locked. */
enum consequence memory_serve_waiters_locked(_wait_q_t *wait_q) __must_check;

/*
 * Restores W1 after a release of memory for which the threads in `wait_q` wait. Bound: one try per
 * waiter, and for each block that passes waiters a step for each of them.
 */
static ALWAYS_INLINE enum consequence __must_check memory_serve_locked(_wait_q_t *wait_q)
{
    return wait_queue_head_locked(wait_q) == NULL ? KEEP_RUNNING
                                                  : memory_serve_waiters_locked(wait_q);
}
