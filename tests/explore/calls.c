/* SPDX-License-Identifier: Apache-2.0 */
#include "seeded.h"

const struct sem_calls sem_calls = {k_sem_take, k_sem_give};
const struct mutex_calls mutex_calls = {k_mutex_lock, k_mutex_unlock};
const struct msgq_calls msgq_calls = {k_msgq_put, k_msgq_get};
const struct heap_calls heap_calls = {k_heap_alloc, k_heap_realloc, k_heap_free};
const struct condvar_calls condvar_calls = {k_condvar_wait, k_condvar_signal};
const struct event_calls event_calls = {k_event_wait_safe, k_event_wait_all_safe, k_event_post};
const struct queue_calls queue_calls = {k_queue_get, k_queue_append};
