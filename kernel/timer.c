/* SPDX-License-Identifier: Apache-2.0 */
#include "timer.h"

#include "../lib/assert.h"
#include "irq.h"
#include "object.h"
#include "wheel.h"

void k_timer_init(struct k_timer *timer, k_timer_expiry_t expiry_fn, k_timer_stop_t stop_fn)
{
    *timer = (struct k_timer)Z_TIMER_INITIALIZER(*timer, expiry_fn, stop_fn);
}

void timer_expired(struct timeout *timeout)
{
    struct k_timer *timer = CONTAINER_OF(timeout, struct k_timer, timeout);

    timer->status++;
    if (timer->period.ticks > 0) {
        timeout_restart_locked(timeout, timer->period.ticks);
    }
    if (timer->expiry_fn != NULL) {
        irq_unlock(0);
        timer->expiry_fn(timer);
        (void)irq_lock();
    }
    if (wait_queue_head_locked(&timer->wait_q) != NULL) {
        (void)object_wake_all(0, &timer->wait_q, 0);
        (void)irq_lock();
    }
}

void k_timer_start(struct k_timer *timer, k_timeout_t duration, k_timeout_t period)
{
    unsigned key;

    /* Usually the upper half tells that it is not K_FOREVER, and the start asks for it, too. */
    if ((uint64_t)duration.ticks >> 32 != 0 && K_TIMEOUT_EQ(duration, K_FOREVER)) {
        return;
    }
    key = irq_lock();
    (void)timeout_stop_locked(&timer->timeout);
    timer->period = period;
    timer->status = 0;
    if ((uint64_t)duration.ticks >> 32 != 0 ||
        !timeout_arm_short(&timer->timeout, (uint32_t)duration.ticks)) {
        timeout_arm_anyhow(&timer->timeout, duration);
    }
    arch_irq_restore(key);
}

/* Interrupts are locked; it was running. */
static __attribute__((noinline)) void tell_of_stop(struct k_timer *timer, unsigned key)
{
    if (timer->stop_fn != NULL) {
        irq_unlock(key);
        timer->stop_fn(timer);
        key = irq_lock();
    }
    (void)object_wake_all(key, &timer->wait_q, 0);
}

void k_timer_stop(struct k_timer *timer)
{
    unsigned key = irq_lock();

    if (timeout_stop_locked(&timer->timeout) &&
        ((uintptr_t)timer->stop_fn | (uintptr_t)wait_queue_head_locked(&timer->wait_q)) != 0) {
        tell_of_stop(timer, key);
        return;
    }
    arch_irq_restore(key);
}

uint32_t k_timer_status_get(struct k_timer *timer)
{
    unsigned key = irq_lock();
    uint32_t status = timer->status;

    timer->status = 0;
    irq_unlock(key);
    return status;
}

uint32_t k_timer_status_sync(struct k_timer *timer)
{
    unsigned key = irq_lock();

    if (timer->status == 0 && sys_dnode_is_linked(&timer->timeout.node)) {
        (void)object_wait(key, &timer->wait_q, NULL, K_FOREVER);
    } else {
        irq_unlock(key);
    }
    return k_timer_status_get(timer);
}

k_ticks_t k_timer_remaining_ticks(const struct k_timer *timer)
{
    unsigned key = irq_lock();
    k_ticks_t remaining = timeout_remaining_locked(&timer->timeout);

    irq_unlock(key);
    return remaining;
}

k_ticks_t k_timer_expires_ticks(const struct k_timer *timer)
{
    unsigned key = irq_lock();
    k_ticks_t expires = k_uptime_ticks() + timeout_remaining_locked(&timer->timeout);

    irq_unlock(key);
    return expires;
}
