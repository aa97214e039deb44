/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that wait for one thing, in priority order, first come first served among equals. */
#pragma once

#include "../lib/dlist.h"
#include "timeout.h"

typedef struct {
    sys_dlist_t waiters;
} _wait_q_t;

#define Z_WAIT_Q_INIT(wait_q)                                                                      \
    {                                                                                              \
        .waiters = SYS_DLIST_STATIC_INIT(&(wait_q)->waiters)                                       \
    }

struct k_thread;

static inline void wait_queue_init(_wait_q_t *wait_q)
{
    sys_dlist_init(&wait_q->waiters);
}

/* First waiter in order, or NULL. Context: locked. */
struct k_thread *wait_queue_head_locked(const _wait_q_t *wait_q);

/* Waiter after `thread`, or NULL. Context: locked. */
struct k_thread *wait_queue_next_locked(const _wait_q_t *wait_q, const struct k_thread *thread);
