/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's calls, and the same source once more with a mistake built in (seeded_*.c), which the
 * explorer must find. "Late" ones open the lock for a moment between seeing that they must wait and
 * waiting: the classic lost wake-up.
 */
#pragma once

#include <zephyr/kernel.h>

struct sem_calls {
    int (*take)(struct k_sem *sem, k_timeout_t timeout);
    void (*give)(struct k_sem *sem);
};
extern const struct sem_calls sem_calls;
extern const struct sem_calls sem_calls_late;
extern const struct sem_calls sem_calls_forgetful; /* a unit dies with whom it was handed to */

struct mutex_calls {
    int (*lock)(struct k_mutex *mutex, k_timeout_t timeout);
    int (*unlock)(struct k_mutex *mutex);
};
extern const struct mutex_calls mutex_calls;
extern const struct mutex_calls mutex_calls_late;
extern const struct mutex_calls mutex_calls_heartless; /* lends no priority */

struct msgq_calls {
    int (*put)(struct k_msgq *msgq, const void *data, k_timeout_t timeout);
    int (*get)(struct k_msgq *msgq, void *data, k_timeout_t timeout);
};
extern const struct msgq_calls msgq_calls;
extern const struct msgq_calls msgq_calls_late;

struct heap_calls {
    void *(*alloc)(struct k_heap *heap, size_t bytes, k_timeout_t timeout);
    void *(*realloc)(struct k_heap *heap, void *mem, size_t bytes, k_timeout_t timeout);
    void (*free)(struct k_heap *heap, void *mem);
};
extern const struct heap_calls heap_calls;
extern const struct heap_calls heap_calls_late;
extern const struct heap_calls heap_calls_deaf;   /* what becomes free serves nobody */
extern const struct heap_calls heap_calls_unfair; /* a waiter is passed as often as it happens */

struct condvar_calls {
    int (*wait)(struct k_condvar *condvar, struct k_mutex *mutex, k_timeout_t timeout);
    int (*signal)(struct k_condvar *condvar);
};
extern const struct condvar_calls condvar_calls;
extern const struct condvar_calls condvar_calls_late;

struct event_calls {
    uint32_t (*wait_safe)(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout);
    uint32_t (*wait_all_safe)(struct k_event *event, uint32_t events, bool reset,
                              k_timeout_t timeout);
    uint32_t (*post)(struct k_event *event, uint32_t events);
};
extern const struct event_calls event_calls;
extern const struct event_calls event_calls_late;

struct queue_calls {
    void *(*get)(struct k_queue *queue, k_timeout_t timeout);
    void (*append)(struct k_queue *queue, void *data);
};
extern const struct queue_calls queue_calls;
extern const struct queue_calls queue_calls_late;
