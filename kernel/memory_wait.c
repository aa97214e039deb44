/* SPDX-License-Identifier: Apache-2.0 */
#include "memory_wait.h"

#include "../lib/assert.h"
#include "irq.h"

#define BYPASSES_ARE_BOUNDED (CONFIG_KHEAP_BYPASS_MAX >= 0)

static struct memory_request *request_of(struct grant *grant)
{
    return (struct memory_request *)(void *)grant;
}

static struct memory_request *request_by(const struct k_thread *waiter)
{
    return request_of(waiter->request);
}

static bool may_be_passed(const struct memory_request *request)
{
    return !BYPASSES_ARE_BOUNDED || request->passed < (uint32_t)CONFIG_KHEAP_BYPASS_MAX;
}

static uint32_t closed_by(const struct memory_request *request)
{
    return may_be_passed(request) ? 0 : request->places;
}

/* The first waiter that the caller, had it to wait, would not find in front of it. */
static bool is_in_front(const struct k_thread *waiter)
{
    return arch_in_isr() || waiter->priority <= _kernel.current->priority;
}

uint32_t memory_closed_locked(const _wait_q_t *wait_q)
{
    const struct k_thread *waiter = wait_queue_head_locked(wait_q);
    uint32_t closed = 0;

    while (BYPASSES_ARE_BOUNDED && waiter != NULL && is_in_front(waiter)) {
        closed |= closed_by(request_by(waiter));
        waiter = wait_queue_next_locked(wait_q, waiter);
    }
    return closed;
}

static void count_pass(struct memory_request *request, uint32_t place)
{
    if ((request->places & place) != 0) {
        request->passed++;
        request->stats->bypasses++;
    }
}

void memory_taken_locked(const _wait_q_t *wait_q, uint32_t place)
{
    const struct k_thread *waiter = wait_queue_head_locked(wait_q);

    while (waiter != NULL && is_in_front(waiter)) {
        count_pass(request_by(waiter), place);
        waiter = wait_queue_next_locked(wait_q, waiter);
    }
}

/* A block from `place` went to somebody who stood in front of `end`; returns what is closed there
 * now. */
static uint32_t count_passes_before(const _wait_q_t *wait_q, const struct k_thread *end,
                                    uint32_t place)
{
    uint32_t closed = 0;

    for (const struct k_thread *waiter = wait_queue_head_locked(wait_q); waiter != end;
         waiter = wait_queue_next_locked(wait_q, waiter)) {
        count_pass(request_by(waiter), place);
        closed |= closed_by(request_by(waiter));
    }
    return closed;
}

enum consequence memory_serve_waiters_locked(_wait_q_t *wait_q)
{
    enum consequence consequence = KEEP_RUNNING;
    struct k_thread *waiter = wait_queue_head_locked(wait_q);
    uint32_t closed = 0;

    while (waiter != NULL && closed != ALL_PLACES) {
        struct k_thread *following = wait_queue_next_locked(wait_q, waiter);
        struct memory_request *request = request_by(waiter);
        uint32_t place = request->satisfy_locked(request, closed);

        if (place != 0) {
            request->stats->grants++;
            consequence = unpend_locked(waiter, 0);
            closed = count_passes_before(wait_q, following, place);
        } else {
            closed |= closed_by(request);
        }
        waiter = following;
    }
    return consequence;
}

/* A waiter that closed places has given up: those behind it may find room there. */
static enum consequence serve_who_stood_behind(_wait_q_t *wait_q,
                                               const struct memory_request *request)
{
    return may_be_passed(request) ? KEEP_RUNNING : memory_serve_locked(wait_q);
}

/* A thread died. A block in hand that it has not seen goes back; one that grew in place keeps what
 * it has. */
static void undo_grant(struct grant *grant)
{
    struct memory_request *request = request_of(grant);

    if (request->block == NULL) {
        superseded(serve_who_stood_behind(request->wait_q, request));
        return;
    }
    request->stats->grants--;
    if (request->block != request->old) {
        request->return_locked(request);
        superseded(memory_serve_locked(request->wait_q));
    }
}

/* The place in the queue says whom a waiter passes. */
static void waiter_moved(const struct k_thread *waiter)
{
    if (waiter->request != NULL && waiter->request->undo == undo_grant) {
        superseded(memory_serve_locked(waiter->pended_on));
    }
}

static void deadline_passed(struct timeout *timeout)
{
    const struct k_thread *waiter = CONTAINER_OF(timeout, struct k_thread, timeout);
    _wait_q_t *wait_q = waiter->pended_on;

    wait_expired(timeout);
    if (serve_who_stood_behind(wait_q, request_by(waiter)) == SWITCH_NEEDED) {
        arch_switch_request();
    }
}

bool memory_wait(unsigned key, struct memory_request *request, k_timeout_t timeout)
{
    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT) || k_is_pre_kernel()) {
        irq_unlock(key);
        return false;
    }
    ASSERT(!k_is_in_isr(), "K3 wait for memory in an interrupt", request->wait_q, NULL);
    request->grant.undo = undo_grant;
    request->stats->waits++;
    if (BYPASSES_ARE_BOUNDED) {
        sched_waiter_moved = waiter_moved;
    }
    (void)pend_current_until(key, request->wait_q, &request->grant, timeout, deadline_passed);
    key = irq_lock();
    _kernel.current->request = NULL;
    request->stats->wakeups += request->block != NULL;
    irq_unlock(key);
    return request->block != NULL;
}
