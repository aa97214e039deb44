/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k_timer: calls a function in the tick interrupt, once or periodically, and counts. Periods are
 * added to the last deadline, not to the moment at which the interrupt came, so they do not drift.
 */
#pragma once

#include "thread.h"

struct k_timer;

/* Runs in the tick interrupt with interrupts unlocked; may start and stop any timer, also its own.
 */
typedef void (*k_timer_expiry_t)(struct k_timer *timer);

/* Runs in the context of the caller of k_timer_stop. */
typedef void (*k_timer_stop_t)(struct k_timer *timer);

/* All members but the functions and user_data are protected by the interrupt lock. */
struct k_timer {
    struct timeout timeout;
    uint32_t status; /* expiries that nobody has asked for */
    k_timeout_t period;
    _wait_q_t wait_q;
    k_timer_stop_t stop_fn;     /* may be NULL */
    k_timer_expiry_t expiry_fn; /* may be NULL */
    void *user_data;
};

/* Kernel-internal: what its timeout calls. */
void timer_expired(struct timeout *timeout);

#define Z_TIMER_INITIALIZER(timer, expiry, stop)                                                   \
    {                                                                                              \
        .timeout.expired = timer_expired, .wait_q = Z_WAIT_Q_INIT(&(timer).wait_q),                \
        .expiry_fn = (expiry), .stop_fn = (stop)                                                   \
    }

/* Defines timer `name`, stopped. */
#define K_TIMER_DEFINE(name, expiry, stop)                                                         \
    struct k_timer name = Z_TIMER_INITIALIZER(name, expiry, stop)

/* Makes `timer` a stopped timer; nobody may use it. Context: any. Bound: constant. */
void k_timer_init(struct k_timer *timer, k_timer_expiry_t expiry_fn, k_timer_stop_t stop_fn);

/*
 * Starts the timer, or starts it anew: it expires after `duration` (K_NO_WAIT: at the next tick;
 * K_FOREVER: the call does nothing), then every `period` (K_NO_WAIT or K_FOREVER: not again). Its
 * count begins at 0. Context: any. Bound: that of a timeout's start.
 */
void k_timer_start(struct k_timer *timer, k_timeout_t duration, k_timeout_t period);

/*
 * Stops the timer, calls its stop function, and wakes the threads in k_timer_status_sync; nothing
 * when it is not running. A caller that is aborted inside the stop function leaves those threads to
 * the next expiry or stop. Context: any. Bound: linear in waiters, interrupts are opened between
 * two.
 */
void k_timer_stop(struct k_timer *timer);

/* Returns how often it has expired since the count was last read or the start. Context: any. */
uint32_t k_timer_status_get(struct k_timer *timer);

/*
 * As k_timer_status_get, but waits while that is 0 and the timer is running; 0 when it was stopped.
 * Of several threads that wait the first one to run gets the count. Context: thread.
 */
uint32_t k_timer_status_sync(struct k_timer *timer);

/* Ticks until the next expiry, 0 when stopped; its uptime, or the present one. Context: any. */
k_ticks_t k_timer_remaining_ticks(const struct k_timer *timer);
k_ticks_t k_timer_expires_ticks(const struct k_timer *timer);

/* Milliseconds until the next expiry, rounded down, 0 when stopped. Context: any. */
static inline uint32_t k_timer_remaining_get(struct k_timer *timer)
{
    return (uint32_t)k_ticks_to_ms_floor64((uint64_t)k_timer_remaining_ticks(timer));
}

/* A word of the user's. */
static inline void k_timer_user_data_set(struct k_timer *timer, void *user_data)
{
    timer->user_data = user_data;
}

static inline void *k_timer_user_data_get(const struct k_timer *timer)
{
    return timer->user_data;
}
