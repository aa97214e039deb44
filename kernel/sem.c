/* SPDX-License-Identifier: Apache-2.0 */
#include "sem.h"

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"
#include "pend.h"

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
    struct k_thread *waiter;
};

/* A thread died that had waited. If its wait had ended with a unit, the unit is given again. */
static void pass_unit_on(struct grant *grant)
{
    struct sem_request *request = (struct sem_request *)(void *)grant;
    struct k_sem *sem = request->sem;
    struct k_thread *next = wait_queue_head_locked(&sem->wait_q);

    if (request->waiter->wait_result != 0) {
        return;
    }
    if (next != NULL) {
        superseded(unpend_locked(next, 0));
    } else if (sem->count < sem->limit) {
        sem->count++;
        (void)poll_notify_locked(&sem->pollers, POLL_SEM);
    }
}

/* There was no unit, but that was another masked section. */
static __attribute__((noinline)) int take_or_wait(unsigned *count, k_timeout_t timeout)
{
    struct k_sem *sem = CONTAINER_OF(count, struct k_sem, count);
    struct k_thread *current = _kernel.current;
    struct sem_request request = {{pass_unit_on}, sem, current};
    unsigned key;
    int result;

    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        return -EBUSY;
    }
    key = irq_lock();
    if (sem->count != 0) {
        sem->count--;
        arch_irq_restore(key);
        return 0;
    }
    ASSERT(!cannot_wait(), "K3 wait in an interrupt or before the scheduler", sem, NULL);
    /* Not object_wait: each return more is felt in each wake-up. */
    result = pend(key, &sem->wait_q, &request.grant, timeout, wait_expired);
    current->request = NULL;
    return result;
}

/* Neither the key nor `sem` as it is goes to the other function: for that the compiler would save a
 * register in the usual case, too. */
int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
    unsigned key = irq_lock();

    if (sem->count == 0) {
        arch_irq_restore(key);
        return take_or_wait(&sem->count, timeout);
    }
    sem->count--;
    arch_irq_restore(key);
    return 0;
}

void k_sem_give(struct k_sem *sem)
{
    unsigned key = irq_lock();

    if (!(wait_queue_head_locked(&sem->wait_q) == NULL)) {
        wake_first(&sem->wait_q, key);
        return;
    }
    if (sem->count < sem->limit) {
        sem->count++;
        if (poll_notify_locked(&sem->pollers, POLL_SEM)) {
            reschedule(choose_next_locked(), key);
            return;
        }
    }
    arch_irq_restore(key);
}

void k_sem_reset(struct k_sem *sem)
{
    unsigned key = irq_lock();

    sem->count = 0;
    (void)object_wake_all(key, &sem->wait_q, -EAGAIN);
}
