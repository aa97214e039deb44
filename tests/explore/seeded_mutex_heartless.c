/* SPDX-License-Identifier: Apache-2.0 */
/* The mutex that lends its owner no priority. */
#define k_mutex_init        heartless_k_mutex_init
#define k_mutex_lock        heartless_k_mutex_lock
#define k_mutex_unlock      heartless_k_mutex_unlock
#define mutex_unlock_locked heartless_mutex_unlock_locked

#include "../../kernel/sched.h"

#define thread_requeue_locked(thread, new_priority) (ARG_UNUSED(thread), ARG_UNUSED(new_priority))

/* What the scheduler calls is the kernel's own. */
#pragma weak mutex_wait
#pragma weak mutex_owner_awaited_locked
#pragma weak inherited_priority_locked
#pragma weak inherit_locked
#pragma weak mutex_abandon_locked

#include "../../kernel/mutex.c"

#include "seeded.h"

const struct mutex_calls mutex_calls_heartless = {k_mutex_lock, k_mutex_unlock};
