/* SPDX-License-Identifier: Apache-2.0 */
#include "kheap.h"

#include <string.h>

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "init.h"
#include "sched.h"

/*
 * What one call wants. While it waits the record lies on its stack, where whoever frees memory
 * finds it through the thread. `old` is the block of a realloc: it may grow in place, otherwise a
 * new block is found and the owner copies.
 */
struct heap_request {
    struct grant grant; /* first: undo gets it back */
    struct k_heap *heap;
    void *old;
    size_t align;
    size_t bytes;
    void *block; /* the answer; equal to `old` when it grew in place */
};

/* Tries to answer `request` now. */
static bool satisfy_locked(struct heap_request *request)
{
    struct sys_heap *heap = &request->heap->heap;

    if (request->old != NULL &&
        sys_heap_resize_in_place(heap, request->old, request->align, request->bytes)) {
        request->block = request->old;
    } else {
        request->block = sys_heap_aligned_alloc(heap, request->align, request->bytes);
    }
    return request->block != NULL;
}

/* Restores W1: hands every waiter whose request fits its block. Called after each release of
 * memory. */
static enum consequence serve_waiters_locked(struct k_heap *heap)
{
    enum consequence consequence = KEEP_RUNNING;
    struct k_thread *waiter = wait_queue_head_locked(&heap->wait_q);

    while (waiter != NULL) {
        struct k_thread *following = wait_queue_next_locked(&heap->wait_q, waiter);

        if (satisfy_locked((struct heap_request *)(void *)waiter->request)) {
            heap->wait_stats.grants++;
            consequence = unpend_locked(waiter, 0);
        }
        waiter = following;
    }
    return consequence;
}

/* A thread died with a block in hand that it has not seen; one that grew in place keeps what it
 * has. */
static void undo_grant(struct grant *grant)
{
    struct heap_request *request = (struct heap_request *)(void *)grant;

    if (request->block == NULL) {
        return;
    }
    request->heap->wait_stats.grants--;
    if (request->block != request->old) {
        sys_heap_free(&request->heap->heap, request->block);
        superseded(serve_waiters_locked(request->heap));
    }
}

/* Waits until somebody has satisfied `request`, or the deadline. Unlocks. */
static void wait_for_grant(unsigned key, struct heap_request *request, k_timeout_t timeout)
{
    struct k_heap *heap = request->heap;

    ASSERT(!k_is_in_isr(), "K3 wait for memory in an interrupt", heap, NULL);
    heap->wait_stats.waits++;
    (void)pend_current(key, &heap->wait_q, &request->grant, timeout);
    key = irq_lock();
    _kernel.current->request = NULL;
    heap->wait_stats.wakeups += request->block != NULL;
    irq_unlock(key);
}

/* Answers `request` at once or after a wait; false: it stays unanswered. */
static bool obtain(struct heap_request *request, k_timeout_t timeout)
{
    struct sys_heap *heap = &request->heap->heap;
    unsigned key = irq_lock();

    /* heap->heap is NULL before the static heaps are initialised. */
    if (heap->heap == NULL ||
        !sys_heap_could_ever_fit(heap, request->old, request->align, request->bytes)) {
        irq_unlock(key);
        return false;
    }
    if (satisfy_locked(request)) {
        /* A block that shrank in place has freed its tail. */
        enum consequence consequence =
            request->old == NULL ? KEEP_RUNNING : serve_waiters_locked(request->heap);

        reschedule(consequence, key);
        return true;
    }
    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT) || k_is_pre_kernel()) {
        irq_unlock(key);
        return false;
    }
    wait_for_grant(key, request, timeout);
    return request->block != NULL;
}

void *k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes, k_timeout_t timeout)
{
    struct heap_request request = {
        .grant = {undo_grant}, .heap = heap, .align = align, .bytes = bytes};

    return obtain(&request, timeout) ? request.block : NULL;
}

void *k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout)
{
    return k_heap_aligned_alloc(heap, 0, bytes, timeout);
}

void *k_heap_calloc(struct k_heap *heap, size_t num, size_t size_bytes, k_timeout_t timeout)
{
    size_t bytes;
    void *block;

    if (size_mul_overflow(num, size_bytes, &bytes)) {
        return NULL;
    }
    block = k_heap_alloc(heap, bytes, timeout);
    if (block != NULL) {
        memset(block, 0, bytes);
    }
    return block;
}

void *k_heap_realloc(struct k_heap *heap, void *mem, size_t bytes, k_timeout_t timeout)
{
    struct heap_request request = {.grant = {undo_grant}, .heap = heap, .old = mem, .bytes = bytes};

    if (bytes == 0) {
        k_heap_free(heap, mem);
        return NULL;
    }
    if (!obtain(&request, timeout)) {
        return NULL;
    }
    if (mem != NULL && request.block != mem) {
        /* Outside the lock: both blocks are the caller's. */
        memcpy(request.block, mem, MIN(bytes, sys_heap_usable_size(&heap->heap, mem)));
        k_heap_free(heap, mem);
    }
    return request.block;
}

void k_heap_free(struct k_heap *heap, void *mem)
{
    unsigned key;

    if (mem == NULL) {
        return;
    }
    key = irq_lock();
    sys_heap_free(&heap->heap, mem);
    reschedule(serve_waiters_locked(heap), key);
}

void k_heap_init(struct k_heap *heap, void *mem, size_t bytes)
{
    wait_queue_init(&heap->wait_q);
    heap->wait_stats = (struct k_heap_wait_stats){0};
    sys_heap_init(&heap->heap, mem, bytes);
}

int k_heap_wait_stats_get(struct k_heap *heap, struct k_heap_wait_stats *stats)
{
    unsigned key;

    if (heap == NULL || stats == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    *stats = heap->wait_stats;
    irq_unlock(key);
    return 0;
}

static int init_static_heaps(void)
{
    STRUCT_SECTION_FOREACH (k_heap, heap) {
        k_heap_init(heap, heap->heap.init_mem, heap->heap.init_bytes);
    }
    return 0;
}
SYS_INIT(init_static_heaps, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);
