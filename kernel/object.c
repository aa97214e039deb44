/* SPDX-License-Identifier: Apache-2.0 */
#include "object.h"

#include "../lib/assert.h"
#include "irq.h"

int object_wait(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout)
{
    int result;

    ASSERT(!cannot_wait(), "K3 wait in an interrupt or before the scheduler", wait_q, NULL);
    result = pend_current(key, wait_q, request, timeout);
    _kernel.current->request = NULL;
    return result;
}

/* What is left to do if the thread that wakes the others dies half-way. */
struct wake_rest {
    struct grant grant; /* first: undo gets it back */
    _wait_q_t *wait_q;
    int result;
};

static void wake_rest(struct grant *grant)
{
    struct wake_rest *rest = (struct wake_rest *)(void *)grant;

    superseded(unpend_all_locked(rest->wait_q, rest->result));
}

static int wake_one_by_one(unsigned key, _wait_q_t *wait_q, int result)
{
    struct k_thread *waiter;
    int count = 0;

    while ((waiter = wait_queue_head_locked(wait_q)) != NULL) {
        superseded(unpend_locked(waiter, result));
        count++;
        irq_unlock(key);
        (void)irq_lock();
    }
    return count;
}

int object_wake_all(unsigned key, _wait_q_t *wait_q, int result)
{
    struct k_thread *current = _kernel.current;
    struct wake_rest rest = {{wake_rest}, wait_q, result};
    int count = 0;

    if (cannot_wait()) {
        /* No thread runs before the interrupt is over: no need to hold the scheduler. */
        count = wake_one_by_one(key, wait_q, result);
    } else if (wait_queue_head_locked(wait_q) != NULL) {
        current->request = &rest.grant;
        current->sched_lock_depth++;
        count = wake_one_by_one(key, wait_q, result);
        current->sched_lock_depth--;
        current->request = NULL;
    }
    reschedule(choose_next_locked(), key);
    return count;
}
