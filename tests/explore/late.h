/* SPDX-License-Identifier: Apache-2.0 */
/* Waits before which the lock is open for a moment. */
#pragma once

#include "../../kernel/irq.h"
#include "../../kernel/object.h"
#include "../../kernel/pend.h"

static inline int late_wait(unsigned key, _wait_q_t *wait_q, struct grant *request,
                            k_timeout_t timeout)
{
    irq_unlock(key);
    (void)irq_lock();
    return object_wait(key, wait_q, request, timeout);
}

static inline int late_pend(unsigned key, _wait_q_t *wait_q, struct grant *request,
                            k_timeout_t timeout, void (*expired)(struct timeout *timeout))
{
    irq_unlock(key);
    (void)irq_lock();
    return pend_current_until(key, wait_q, request, timeout, expired);
}

static inline int late_pend_inline(unsigned key, _wait_q_t *wait_q, struct grant *request,
                                   k_timeout_t timeout, void (*expired)(struct timeout *))
{
    irq_unlock(key);
    (void)irq_lock();
    return pend(key, wait_q, request, timeout, expired);
}

#define pend               late_pend_inline
#define object_wait        late_wait
#define pend_current_until late_pend
