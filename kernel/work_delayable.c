/* SPDX-License-Identifier: Apache-2.0 */
#include "work_delayable.h"

#include "arch.h"
#include "irq.h"
#include "object.h"

void k_work_init_delayable(struct k_work_delayable *dwork, k_work_handler_t handler)
{
    *dwork = (struct k_work_delayable)Z_WORK_DELAYABLE_INITIALIZER(handler);
}

static void delay_expired(struct timeout *timeout)
{
    struct k_work_delayable *dwork = CONTAINER_OF(timeout, struct k_work_delayable, timeout);

    dwork->work.flags &= ~(uint32_t)K_WORK_DELAYED;
    (void)work_submit_locked(&dwork->work, dwork->queue);
    if (choose_next_locked() == SWITCH_NEEDED) {
        arch_switch_request();
    }
}

static void end_delay_locked(struct k_work_delayable *dwork)
{
    (void)timeout_stop_locked(&dwork->timeout);
    dwork->work.flags &= ~(uint32_t)K_WORK_DELAYED;
}

static int schedule_locked(struct k_work_q *queue, struct k_work_delayable *dwork,
                           k_timeout_t delay)
{
    if (K_TIMEOUT_EQ(delay, K_NO_WAIT)) {
        return work_submit_locked(&dwork->work, queue);
    }
    dwork->queue = queue;
    dwork->work.flags |= K_WORK_DELAYED;
    if (!K_TIMEOUT_EQ(delay, K_FOREVER)) {
        timeout_start_locked(&dwork->timeout, delay, delay_expired);
    }
    return 1;
}

int k_work_schedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
                              k_timeout_t delay)
{
    unsigned key = irq_lock();
    int result = 0;

    if ((dwork->work.flags & ~(uint32_t)K_WORK_RUNNING) == 0) {
        result = schedule_locked(queue, dwork, delay);
    }
    reschedule(choose_next_locked(), key);
    return result;
}

int k_work_reschedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
                                k_timeout_t delay)
{
    unsigned key = irq_lock();
    int result;

    end_delay_locked(dwork);
    result = schedule_locked(queue, dwork, delay);
    reschedule(choose_next_locked(), key);
    return result;
}

int k_work_schedule(struct k_work_delayable *dwork, k_timeout_t delay)
{
    return k_work_schedule_for_queue(&k_sys_work_q, dwork, delay);
}

int k_work_reschedule(struct k_work_delayable *dwork, k_timeout_t delay)
{
    return k_work_reschedule_for_queue(&k_sys_work_q, dwork, delay);
}

bool k_work_flush_delayable(struct k_work_delayable *dwork, struct k_work_sync *sync)
{
    unsigned key = irq_lock();

    ARG_UNUSED(sync);
    if ((dwork->work.flags & K_WORK_DELAYED) != 0) {
        end_delay_locked(dwork);
        (void)work_submit_locked(&dwork->work, dwork->queue);
    }
    return work_flush_and_unlock(key, &dwork->work);
}

int k_work_cancel_delayable(struct k_work_delayable *dwork)
{
    unsigned key = irq_lock();
    int busy;

    end_delay_locked(dwork);
    busy = work_cancel_locked(&dwork->work);
    reschedule(choose_next_locked(), key);
    return busy;
}

bool k_work_cancel_delayable_sync(struct k_work_delayable *dwork, struct k_work_sync *sync)
{
    unsigned key = irq_lock();
    bool was_busy = dwork->work.flags != 0;

    ARG_UNUSED(sync);
    end_delay_locked(dwork);
    (void)work_cancel_locked(&dwork->work);
    work_await_cancel_and_unlock(key, &dwork->work);
    return was_busy;
}

k_ticks_t k_work_delayable_remaining_get(const struct k_work_delayable *dwork)
{
    unsigned key = irq_lock();
    k_ticks_t remaining = timeout_remaining_locked(&dwork->timeout);

    irq_unlock(key);
    return remaining;
}

k_ticks_t k_work_delayable_expires_get(const struct k_work_delayable *dwork)
{
    unsigned key = irq_lock();
    k_ticks_t expires = k_uptime_ticks() + timeout_remaining_locked(&dwork->timeout);

    irq_unlock(key);
    return expires;
}
