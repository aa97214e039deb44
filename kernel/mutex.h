/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive mutex with priority inheritance: while more urgent threads wait, its owner has the
 * priority of the first of them, and so have the owners for whom the owner itself waits. When a
 * waiter gives up, dies, or changes its priority, and when an owner unlocks, what was inherited is
 * worked out anew (O1).
 *
 * An owner that ends, however, unlocks what it holds: the first waiter owns the mutex then and
 * cannot know in which state the dead thread left the data. A thread that died between being handed
 * a mutex and seeing it counts as an owner.
 */
#pragma once

#include "thread.h"

/* All members are protected by the interrupt lock. */
struct k_mutex {
    _wait_q_t wait_q;
    struct k_thread *owner;     /* NULL: unlocked, and nobody waits */
    struct k_mutex *next_owned; /* the one that its owner locked before */
    uint32_t more;              /* 0: locked once at most, and nobody waits; MUTEX_... */
};

#define MUTEX_AWAITED 1u /* in `more`: somebody waits, or did until the deadline or his end */
#define MUTEX_AGAIN   2u /* for each time that the owner has locked it beyond the first */

#define Z_MUTEX_INITIALIZER(mutex)                                                                 \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(mutex).wait_q)                                                   \
    }

/* Defines mutex `name`, unlocked. */
#define K_MUTEX_DEFINE(name) struct k_mutex name = Z_MUTEX_INITIALIZER(name)

/* Makes `mutex` an unlocked mutex; nobody may use it. Returns 0. Context: any. Bound: constant. */
int k_mutex_init(struct k_mutex *mutex);

/*
 * Locks `mutex`, once more if the caller owns it. Returns 0.
 * Context: thread (in an interrupt halts with K3: always if it must wait, else with CONFIG_ASSERT);
 * before the scheduler when unlocked. Fails iff: -EBUSY another thread owns it and K_NO_WAIT,
 * -EAGAIN another one owns it until the deadline. Bound: constant without waiting; with, linear in
 * the chain of owners.
 */
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout);

/*
 * Undoes one k_mutex_lock; the last one hands the mutex to its first waiter. Returns 0.
 * Context: thread. Fails iff: -EINVAL nobody owns it, -EPERM another thread owns it. Bound: linear
 * in the mutexes that the caller owns.
 */
int k_mutex_unlock(struct k_mutex *mutex);

/* Kernel-internal: k_mutex_unlock with interrupts locked; the caller chooses the next thread. */
int mutex_unlock_locked(struct k_mutex *mutex);
