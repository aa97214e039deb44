/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: the ready set, a ring per priority and a map of the rings that are not empty. A
 * running thread stays where it is in its ring, so preemption moves nothing. Everything here is
 * called with interrupts locked and is constant.
 */
#pragma once

#include "../lib/assert.h"
#include "sched.h"
#include "thread_ring.h"

/* No reason against running is left in the state. Nobody is in the ring, and `thread` was alone in
 * its last one: its links stay. */
static inline void ready_first(struct k_thread *thread, unsigned ring)
{
    thread->state = THREAD_QUEUED;
    _kernel.ready[ring] = thread;
    _kernel.ready_map |= thread->ring_bit;
}

static inline void ready_append(struct k_thread *thread)
{
    unsigned ring = thread->ring;
    struct k_thread *head = _kernel.ready[ring];

    if (likely(head == NULL)) {
        thread->ring_next = thread;
        thread->ring_prev = thread;
        ready_first(thread, ring);
    } else {
        thread->state = THREAD_QUEUED;
        ring_insert(head, thread);
    }
}

static inline void ready_remove(struct k_thread *thread)
{
    unsigned ring = thread->ring;

    ring_remove(&_kernel.ready[ring], thread);
    if (_kernel.ready[ring] == NULL) {
        _kernel.ready_map &= ~thread->ring_bit;
    }
    thread->state &= (uint8_t)~THREAD_QUEUED;
}

static inline struct k_thread *most_urgent(void)
{
    uint32_t map = _kernel.ready_map;

    ASSERT(map != 0, "S1 no thread is ready, not even the idle thread", &_kernel, NULL);
    return _kernel.ready[__builtin_clz(map)];
}

/* `thread` has no reason left not to run. */
static inline void make_ready(struct k_thread *thread)
{
    struct k_thread *next = _kernel.next;

    ready_append(thread);
    if (thread->ring < next->threshold || (next != _kernel.current && thread->ring < next->ring)) {
        _kernel.next = thread;
    }
}
