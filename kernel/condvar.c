/* SPDX-License-Identifier: Apache-2.0 */
#include "condvar.h"

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

/* On the stack of a waiter. */
struct condvar_request {
    struct grant grant; /* first: undo gets it back */
    struct k_condvar *condvar;
    bool signalled; /* by k_condvar_signal: this waiter alone knows of it */
};

static enum consequence signal_locked(struct k_condvar *condvar)
{
    struct k_thread *waiter = wait_queue_head_locked(&condvar->wait_q);

    if (waiter == NULL) {
        return KEEP_RUNNING;
    }
    ((struct condvar_request *)(void *)waiter->request)->signalled = true;
    return unpend_locked(waiter, 0);
}

static void pass_signal_on(struct grant *grant)
{
    struct condvar_request *request = (struct condvar_request *)(void *)grant;

    if (request->signalled) {
        superseded(signal_locked(request->condvar));
    }
}

int k_condvar_init(struct k_condvar *condvar)
{
    wait_queue_init(&condvar->wait_q);
    return 0;
}

int k_condvar_signal(struct k_condvar *condvar)
{
    unsigned key = irq_lock();

    reschedule(signal_locked(condvar), key);
    return 0;
}

int k_condvar_broadcast(struct k_condvar *condvar)
{
    return object_wake_all(irq_lock(), &condvar->wait_q, 0);
}

int k_condvar_wait(struct k_condvar *condvar, struct k_mutex *mutex, k_timeout_t timeout)
{
    struct condvar_request request = {{pass_signal_on}, condvar, false};
    unsigned key = irq_lock();
    int result = K_TIMEOUT_EQ(timeout, K_NO_WAIT) ? -EAGAIN : mutex_unlock_locked(mutex);

    if (result != 0) {
        irq_unlock(key);
        return result;
    }
    result = object_wait(key, &condvar->wait_q, &request.grant, timeout);
    (void)k_mutex_lock(mutex, K_FOREVER);
    return result;
}
