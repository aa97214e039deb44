/* SPDX-License-Identifier: Apache-2.0 */
#include "sem.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "irq.h"
#include "sched.h"

int k_sem_init(struct k_sem *sem, unsigned initial_count, unsigned limit)
{
    if (limit == 0 || initial_count > limit) {
        return -EINVAL;
    }
    wait_queue_init(&sem->wait_q);
    sem->count = initial_count;
    sem->limit = limit;
    return 0;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
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
    ASSERT(!cannot_wait(), "K3 wait in an interrupt or before the scheduler", sem, NULL);
    return pend_current(key, &sem->wait_q, NULL, timeout);
}

void k_sem_give(struct k_sem *sem)
{
    unsigned key = irq_lock();
    struct k_thread *waiter = wait_queue_head_locked(&sem->wait_q);
    enum consequence consequence = KEEP_RUNNING;

    if (waiter != NULL) {
        consequence = unpend_locked(waiter, 0);
    } else if (sem->count < sem->limit) {
        sem->count++;
    }
    reschedule(consequence, key);
}

void k_sem_reset(struct k_sem *sem)
{
    unsigned key = irq_lock();

    sem->count = 0;
    reschedule(unpend_all_locked(&sem->wait_q, -EAGAIN), key);
}
