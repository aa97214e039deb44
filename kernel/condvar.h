/* SPDX-License-Identifier: Apache-2.0 */
/* Condition variable. */
#pragma once

#include "mutex.h"

/* Protected by the interrupt lock. */
struct k_condvar {
    _wait_q_t wait_q;
};

#define Z_CONDVAR_INITIALIZER(condvar)                                                             \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(condvar).wait_q)                                                 \
    }

/* Defines condition variable `name`. */
#define K_CONDVAR_DEFINE(name) struct k_condvar name = Z_CONDVAR_INITIALIZER(name)

/* Makes `condvar` a condition variable on which nobody waits. Returns 0. Context: any. */
int k_condvar_init(struct k_condvar *condvar);

/*
 * Wakes the first waiter; nothing without one. A signal that wakes a thread which then dies before
 * it has run wakes the next. Returns 0. Context: any. Bound: constant.
 */
int k_condvar_signal(struct k_condvar *condvar);

/*
 * Wakes every thread that waits now and returns how many. Context: any. Bound: linear in waiters,
 * interrupts are opened between two.
 */
int k_condvar_broadcast(struct k_condvar *condvar);

/*
 * Unlocks `mutex`, which the caller has locked once, and waits for a signal, with nothing in
 * between; then locks it again, however long that takes. Returns 0 after a signal.
 * Context: thread. Fails iff: -EAGAIN no signal until the deadline (the mutex is locked again),
 * -EAGAIN K_NO_WAIT (the mutex stays locked), -EPERM or -EINVAL the caller does not own the mutex
 * (nothing happens). Bound: two waits.
 */
int k_condvar_wait(struct k_condvar *condvar, struct k_mutex *mutex, k_timeout_t timeout);
