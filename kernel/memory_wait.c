/* SPDX-License-Identifier: Apache-2.0 */
#include "memory_wait.h"

#include "../lib/assert.h"
#include "irq.h"

static struct memory_request *request_of(struct grant *grant)
{
    return (struct memory_request *)(void *)grant;
}

enum consequence memory_serve_waiters_locked(_wait_q_t *wait_q)
{
    enum consequence consequence = KEEP_RUNNING;
    struct k_thread *waiter = wait_queue_head_locked(wait_q);

    while (waiter != NULL) {
        struct k_thread *following = wait_queue_next_locked(wait_q, waiter);
        struct memory_request *request = request_of(waiter->request);

        if (request->satisfy_locked(request)) {
            request->stats->grants++;
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
    struct memory_request *request = request_of(grant);

    if (request->block == NULL) {
        return;
    }
    request->stats->grants--;
    if (request->block != request->old) {
        request->return_locked(request);
        superseded(memory_serve_locked(request->wait_q));
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
    (void)pend_current(key, request->wait_q, &request->grant, timeout);
    key = irq_lock();
    _kernel.current->request = NULL;
    request->stats->wakeups += request->block != NULL;
    irq_unlock(key);
    return request->block != NULL;
}
