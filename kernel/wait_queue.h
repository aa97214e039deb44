/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that wait for one thing, in priority order, first come first served among equals. */
#pragma once

#include "../lib/util.h"

struct k_thread;

typedef struct {
    struct k_thread *head; /* NULL: nobody waits */
} _wait_q_t;

#define Z_WAIT_Q_INIT(wait_q)                                                                      \
    {                                                                                              \
        .head = NULL                                                                               \
    }

static inline void wait_queue_init(_wait_q_t *wait_q)
{
    wait_q->head = NULL;
}

/* First waiter in order, or NULL. Context: locked. */
static inline struct k_thread *wait_queue_head_locked(const _wait_q_t *wait_q)
{
    return wait_q->head;
}

/* Waiter after `thread`, or NULL. Context: locked. */
struct k_thread *wait_queue_next_locked(const _wait_q_t *wait_q, const struct k_thread *thread);
