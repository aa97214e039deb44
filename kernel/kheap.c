/* SPDX-License-Identifier: Apache-2.0 */
#include "kheap.h"

#include <string.h>

#include "../lib/errno.h"
#include "init.h"
#include "memory_wait.h"

struct heap_request {
    struct memory_request request; /* first: the two functions below get it back */
    struct k_heap *heap;
    size_t align;
    size_t bytes;
};

static ALWAYS_INLINE void *take(struct sys_heap *heap, size_t align, size_t bytes)
{
    return align == 0 ? sys_heap_alloc(heap, bytes) : sys_heap_aligned_alloc(heap, align, bytes);
}

/* What kinds of requests differ in. The simplest knows nothing of the others: a program that makes
 * no others does not link what they take. */
struct request_kind {
    uint32_t (*satisfy_locked)(struct memory_request *request, uint32_t closed);
    bool (*could_ever_fit)(const struct heap_request *wanted);
};

static uint32_t satisfy_plain_locked(struct memory_request *request, uint32_t closed)
{
    const struct heap_request *wanted = (struct heap_request *)(void *)request;

    if (closed != 0) {
        return 0;
    }
    request->block = sys_heap_alloc(&wanted->heap->heap, wanted->bytes);
    return request->block != NULL ? ALL_PLACES : 0;
}

static bool plain_could_ever_fit(const struct heap_request *wanted)
{
    /* 0 bytes never fit. */
    return wanted->bytes - 1 < sys_heap_capacity(&wanted->heap->heap);
}

static const struct request_kind plain_kind = {satisfy_plain_locked, plain_could_ever_fit};

static uint32_t satisfy_any_locked(struct memory_request *request, uint32_t closed)
{
    const struct heap_request *wanted = (struct heap_request *)(void *)request;
    struct sys_heap *heap = &wanted->heap->heap;

    if (closed != 0) {
        return 0;
    }
    if (request->old != NULL &&
        sys_heap_resize_in_place(heap, request->old, wanted->align, wanted->bytes)) {
        request->block = request->old;
    } else {
        request->block = take(heap, wanted->align, wanted->bytes);
    }
    return request->block != NULL ? ALL_PLACES : 0;
}

static bool any_could_ever_fit(const struct heap_request *wanted)
{
    return sys_heap_could_ever_fit(&wanted->heap->heap, wanted->request.old, wanted->align,
                                   wanted->bytes);
}

static const struct request_kind any_kind = {satisfy_any_locked, any_could_ever_fit};

static void return_locked(struct memory_request *request)
{
    sys_heap_free(&((struct heap_request *)(void *)request)->heap->heap, request->block);
}

/*
 * The last way for a realloc that fits nowhere else: the block slides into the free space around
 * it, its content is copied with interrupts locked. Never on behalf of a waiter, whose block stays
 * where it is while it waits.
 */
static bool slide_locked(struct heap_request *wanted)
{
    struct memory_request *request = &wanted->request;

    request->block =
        sys_heap_aligned_realloc(&wanted->heap->heap, request->old, wanted->align, wanted->bytes);
    if (request->block == NULL) {
        return false;
    }
    request->old = request->block;
    return true;
}

/* The slow half: `wanted` does not fit now. Unlocks. */
static ALWAYS_INLINE bool wait_for(unsigned key, struct heap_request *wanted,
                                   const struct request_kind *kind, k_timeout_t timeout)
{
    /* heap->heap is NULL before the static heaps are initialised. */
    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT) || wanted->heap->heap.heap == NULL ||
        !kind->could_ever_fit(wanted)) {
        irq_unlock(key);
        return false;
    }
    return memory_wait(key, &wanted->request, timeout);
}

/* Member by member: the C library for small code would clear the rest byte by byte. */
static ALWAYS_INLINE void request_set(struct heap_request *wanted, const struct request_kind *kind,
                                      struct k_heap *heap, void *old, size_t align, size_t bytes)
{
    struct memory_request *request = &wanted->request;

    request->satisfy_locked = kind->satisfy_locked;
    request->return_locked = return_locked;
    request->wait_q = &heap->wait_q;
    request->stats = &heap->wait_stats;
    request->old = old;
    request->block = NULL;
    request->places = ALL_PLACES;
    request->passed = 0;
    wanted->heap = heap;
    wanted->align = align;
    wanted->bytes = bytes;
}

/* Takes what fits now although others wait, if it may. */
static bool pass_locked(struct heap_request *wanted)
{
    const _wait_q_t *wait_q = &wanted->heap->wait_q;
    struct memory_request *request = &wanted->request;
    uint32_t place = request->satisfy_locked(request, memory_closed_locked(wait_q));

    memory_taken_locked(wait_q, place);
    return place != 0;
}

/* Others wait, or there is no memory now. */
static ALWAYS_INLINE void *later(unsigned key, const struct request_kind *kind, struct k_heap *heap,
                                 size_t align, size_t bytes, k_timeout_t timeout)
{
    struct heap_request wanted;

    request_set(&wanted, kind, heap, NULL, align, bytes);
    if (wait_queue_head_locked(&heap->wait_q) != NULL && pass_locked(&wanted)) {
        irq_unlock(key);
    } else if (!wait_for(key, &wanted, kind, timeout)) {
        return NULL;
    }
    return wanted.request.block;
}

static __attribute__((noinline)) void *alloc_later(unsigned key, struct k_heap *heap, size_t bytes,
                                                   k_timeout_t timeout)
{
    return later(key, &plain_kind, heap, 0, bytes, timeout);
}

static __attribute__((noinline)) void *aligned_alloc_later(unsigned key, struct k_heap *heap,
                                                           size_t align, size_t bytes,
                                                           k_timeout_t timeout)
{
    return later(key, &any_kind, heap, align, bytes, timeout);
}

/* Both without a record of the request where there is memory at once and nobody waits. */

static ALWAYS_INLINE bool serves_at_once(const struct k_heap *heap)
{
    return heap->heap.heap != NULL && wait_queue_head_locked(&heap->wait_q) == NULL;
}

void *k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes, k_timeout_t timeout)
{
    unsigned key = irq_lock();
    void *block = serves_at_once(heap) ? take(&heap->heap, align, bytes) : NULL;

    if (block == NULL) {
        return aligned_alloc_later(key, heap, align, bytes, timeout);
    }
    irq_unlock(key);
    return block;
}

void *k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout)
{
    unsigned key = irq_lock();
    void *block = serves_at_once(heap) ? sys_heap_alloc(&heap->heap, bytes) : NULL;

    if (block == NULL) {
        return alloc_later(key, heap, bytes, timeout);
    }
    irq_unlock(key);
    return block;
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

/* Without waiting. A block that grows takes memory that others may wait for. */
static bool resize_locked(struct heap_request *wanted)
{
    struct memory_request *request = &wanted->request;
    bool grows = wanted->bytes > sys_heap_usable_size(&wanted->heap->heap, request->old);
    uint32_t closed = grows ? memory_closed_locked(request->wait_q) : 0;

    if (satisfy_any_locked(request, closed) == 0 && (closed != 0 || !slide_locked(wanted))) {
        return false;
    }
    if (grows) {
        memory_taken_locked(request->wait_q, ALL_PLACES);
    }
    return true;
}

void *k_heap_realloc(struct k_heap *heap, void *mem, size_t bytes, k_timeout_t timeout)
{
    struct heap_request wanted;
    void *block;
    unsigned key;

    if (bytes == 0) {
        k_heap_free(heap, mem);
        return NULL;
    }
    if (mem == NULL) {
        return k_heap_alloc(heap, bytes, timeout);
    }
    request_set(&wanted, &any_kind, heap, mem, 0, bytes);
    key = irq_lock();
    if (resize_locked(&wanted)) {
        /* A block that shrank or slid has changed what is free. */
        reschedule(memory_serve_locked(&heap->wait_q), key);
    } else if (!wait_for(key, &wanted, &any_kind, timeout)) {
        return NULL;
    }
    block = wanted.request.block;
    if (block != wanted.request.old) {
        size_t old_bytes;

        /* Only the content is the caller's: to ask for the size is to read the neighbours. */
        key = irq_lock();
        old_bytes = sys_heap_usable_size(&heap->heap, mem);
        irq_unlock(key);
        memcpy(block, mem, MIN(bytes, old_bytes));
        k_heap_free(heap, mem);
    }
    return block;
}

void k_heap_free(struct k_heap *heap, void *mem)
{
    unsigned key;

    if (mem == NULL) {
        return;
    }
    key = irq_lock();
    sys_heap_free(&heap->heap, mem);
    reschedule(memory_serve_locked(&heap->wait_q), key);
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
