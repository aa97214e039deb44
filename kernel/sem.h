/* SPDX-License-Identifier: Apache-2.0 */
/* Counting semaphore. */
#pragma once

#include "poll_list.h"
#include "thread.h"

#define K_SEM_MAX_LIMIT UINT32_MAX

/* All members are protected by the interrupt lock. */
struct k_sem {
    _wait_q_t wait_q;
    unsigned count;
    unsigned limit;
    struct poll_list pollers;
};

#define Z_SEM_INITIALIZER(sem, initial_count, count_limit)                                         \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(sem).wait_q), .count = (initial_count), .limit = (count_limit),  \
    }

/* Defines semaphore `name`; a limit of 0 or a count above it does not compile. */
#define K_SEM_DEFINE(name, initial_count, count_limit)                                             \
    struct k_sem name = Z_SEM_INITIALIZER(name, initial_count, count_limit);                       \
    BUILD_ASSERT((count_limit) != 0 && (uint64_t)(initial_count) <= (uint64_t)(count_limit),       \
                 "semaphore " #name ": the limit must be positive and at least the count")

/* Makes `sem` a semaphore. Context: any. Fails iff: -EINVAL limit 0 or count above it. Bound:
 * constant. */
int k_sem_init(struct k_sem *sem, unsigned initial_count, unsigned limit);

/*
 * Takes one unit, waiting until there is one. Returns 0.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: -EBUSY none and
 * K_NO_WAIT, -EAGAIN none until the deadline or reset meanwhile. Bound: constant without waiting.
 */
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);

/* Hands one unit to the first waiter, or counts it up to the limit. A unit handed to a thread that
 * died before it saw it is given again. Context: any. Bound: constant. */
void k_sem_give(struct k_sem *sem);

/* Makes the count 0; every waiter returns -EAGAIN, one at a time with interrupts open in between.
 * Context: any. Bound: linear in waiters. */
void k_sem_reset(struct k_sem *sem);

/* Units that nobody has taken. Context: any. Bound: constant. */
static inline unsigned k_sem_count_get(const struct k_sem *sem)
{
    return sem->count;
}
