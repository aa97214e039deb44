/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event objects: 32 bits on which any number of threads wait, each for any or all of its own
 * choice. Who changes the bits wakes every thread whose wait they end; those threads see the bits
 * as they were then. With several waiters, interrupts are opened after each thread that is woken;
 * looking past those that go on waiting costs a few instructions each with interrupts locked.
 */
#pragma once

#include "thread.h"

/* All members are protected by the interrupt lock. */
struct k_event {
    _wait_q_t wait_q;
    uint32_t events;
};

#define Z_EVENT_INITIALIZER(event)                                                                 \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(event).wait_q)                                                   \
    }

/* Defines event object `name` without events. */
#define K_EVENT_DEFINE(name) struct k_event name = Z_EVENT_INITIALIZER(name)

/* Makes `event` an object without events; nobody may use it. Context: any. Bound: constant. */
void k_event_init(struct k_event *event);

/*
 * Change bits and wake whom that satisfies: post adds `events`, set makes them the only ones,
 * set_masked copies those of `events_mask`, clear removes. Each returns the previous values of the
 * bits that it may change. Context: any. Bound: quadratic in waiters, masked: linear in those that
 * go on waiting.
 */
uint32_t k_event_post(struct k_event *event, uint32_t events);
uint32_t k_event_set(struct k_event *event, uint32_t events);
uint32_t k_event_set_masked(struct k_event *event, uint32_t events, uint32_t events_mask);
uint32_t k_event_clear(struct k_event *event, uint32_t events);

/*
 * Waits until any, or all, of `events` are there, and returns them; they stay. `reset` clears every
 * bit first. Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: 0 they are
 * not there and K_NO_WAIT, or not until the deadline, or `events` is 0. Bound: constant without
 * waiting.
 */
uint32_t k_event_wait(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout);
uint32_t k_event_wait_all(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout);

/*
 * As the two above, and clears the bits that it returns. One post satisfies every thread that waits
 * at that moment. Bits returned to a thread that died before it saw them are posted again.
 */
uint32_t k_event_wait_safe(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout);
uint32_t k_event_wait_all_safe(struct k_event *event, uint32_t events, bool reset,
                               k_timeout_t timeout);

/* The bits of `events_mask` that are there. Context: any. Bound: constant. */
static inline uint32_t k_event_test(struct k_event *event, uint32_t events_mask)
{
    return event->events & events_mask;
}
