/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: how a wait begins and how the first waiter is woken, inline, because a call more
 * is felt in each switch. Everything else calls pend_current, object_wait and unpend_locked; code
 * that is to be small does so, too.
 */
#pragma once

#include <string.h>

#include "../lib/errno.h"
#include "irq.h"
#include "ready_set.h"
#include "wheel.h"

/* As pend_current_until. Context: locked, a thread. */
static ALWAYS_INLINE int pend_inline(unsigned key, _wait_q_t *wait_q, struct grant *request,
                                     k_timeout_t timeout, void (*expired)(struct timeout *))
{
    struct k_thread *current = _kernel.current;

    ready_remove(current);
    current->state = THREAD_PENDING;
    current->wait_result = 0;
    current->request = request;
    current->pended_on = wait_q;
    wait_queue_insert_locked(wait_q, current);
    /* K_FOREVER has an upper half, which a start asks for in any case. */
    if ((uint64_t)timeout.ticks >> 32 == 0 || !K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        current->timed = 1;
        current->timeout.expired = expired;
        timeout_arm_locked(&current->timeout, timeout);
    }
    _kernel.next = most_urgent();
    /* Blocking gives up the caller's own lock, too: somebody else has to run. */
    arch_switch_thread();
    arch_irq_relock(key);
    return current->wait_result;
}

static inline int pend(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout,
                       void (*expired)(struct timeout *))
{
#ifdef __OPTIMIZE_SIZE__
    return pend_current_until(key, wait_q, request, timeout, expired);
#else
    return pend_inline(key, wait_q, request, timeout, expired);
#endif
}

/* Waits for ever and for nothing else: one comparison of the two bytes. */
static inline bool only_pends(const struct k_thread *thread)
{
    static const uint8_t pends[2] = {THREAD_PENDING, 0};
    uint16_t is;
    uint16_t wanted;

    BUILD_ASSERT(offsetof(struct k_thread, timed) == offsetof(struct k_thread, state) + 1 &&
                     offsetof(struct k_thread, state) % 2 == 0,
                 "state and timed are read as one");
    memcpy(&is, &thread->state, sizeof(is));
    memcpy(&wanted, pends, sizeof(wanted));
    return is == wanted;
}

/*
 * Ends the wait of the first waiter (there is one) with the result 0, unlocks with `key` and
 * reschedules. Here the usual case: the waiter is alone and can run; best if it has no deadline.
 * That it is alone in its ring stays true when the ring changes from the queue's to that of its
 * priority.
 */
static ALWAYS_INLINE void wake_first_inline(_wait_q_t *wait_q, unsigned key)
{
    struct k_thread *thread = wait_q->head;
    unsigned ring;
    unsigned threshold;

    if (!likely(thread->ring_next == thread && only_pends(thread))) {
        if (thread->ring_next != thread || thread->state != THREAD_PENDING) {
            unpend_first_and_reschedule(wait_q, key);
            return;
        }
        (void)timeout_stop_locked(&thread->timeout);
        thread->timed = 0;
    }
    wait_q->head = NULL;
    thread->pended_on = NULL;
    ring = thread->ring;
    threshold = _kernel.next->threshold;
    if (ring < threshold) {
        /* `next` is one of the most urgent ready threads, so this one's ring is empty. */
        ready_first(thread, ring);
        _kernel.next = thread;
        arch_switch(key);
    } else if (likely(threshold != 0)) {
        if (likely(_kernel.ready[ring] == NULL)) {
            ready_first(thread, ring);
        } else {
            ready_append(thread);
        }
        arch_irq_restore(key);
    } else {
        append_choose_and_reschedule(thread, key);
    }
}

static inline void wake_first(_wait_q_t *wait_q, unsigned key)
{
#ifdef __OPTIMIZE_SIZE__
    unpend_first_and_reschedule(wait_q, key);
#else
    wake_first_inline(wait_q, key);
#endif
}
