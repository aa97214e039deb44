/* SPDX-License-Identifier: Apache-2.0 */
#include "sem.h"

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

int k_sem_init(struct k_sem *sem, unsigned initial_count, unsigned limit)
{
    if (limit == 0 || initial_count > limit) {
        return -EINVAL;
    }
    *sem = (struct k_sem)Z_SEM_INITIALIZER(*sem, initial_count, limit);
    return 0;
}

/* On the stack of a waiter. */
struct sem_request {
    struct grant grant; /* first: undo gets it back */
    struct k_sem *sem;
    bool has_unit;
};

static enum consequence give_locked(struct k_sem *sem)
{
    struct k_thread *waiter = wait_queue_head_locked(&sem->wait_q);

    if (waiter != NULL) {
        ((struct sem_request *)(void *)waiter->request)->has_unit = true;
        return unpend_locked(waiter, 0);
    }
    if (sem->count < sem->limit) {
        sem->count++;
        return poll_notify_locked(&sem->pollers, POLL_SEM) ? choose_next_locked() : KEEP_RUNNING;
    }
    return KEEP_RUNNING;
}

static void pass_unit_on(struct grant *grant)
{
    struct sem_request *request = (struct sem_request *)(void *)grant;

    if (request->has_unit) {
        superseded(give_locked(request->sem));
    }
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
    struct sem_request request;
    unsigned key = irq_lock();

    if (sem->count > 0) {
        sem->count--;
        irq_unlock(key);
        return 0;
    }
    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        irq_unlock(key);
        return -EBUSY;
    }
    request = (struct sem_request){{pass_unit_on}, sem, false};
    return object_wait(key, &sem->wait_q, &request.grant, timeout);
}

void k_sem_give(struct k_sem *sem)
{
    unsigned key = irq_lock();

    reschedule(give_locked(sem), key);
}

void k_sem_reset(struct k_sem *sem)
{
    unsigned key = irq_lock();

    sem->count = 0;
    reschedule(unpend_all_locked(&sem->wait_q, -EAGAIN), key);
}
