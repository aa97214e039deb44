/* SPDX-License-Identifier: Apache-2.0 */
/* The mutex that looks, then waits. */
#define k_mutex_init        late_k_mutex_init
#define k_mutex_lock        late_k_mutex_lock
#define k_mutex_unlock      late_k_mutex_unlock
#define mutex_unlock_locked late_mutex_unlock_locked

#include "late.h"

/* What the scheduler calls is the kernel's own. */
#pragma weak mutex_wait
#pragma weak mutex_owner_awaited_locked
#pragma weak inherited_priority_locked
#pragma weak inherit_locked
#pragma weak mutex_abandon_locked

#include "../../kernel/mutex.c"

#include "seeded.h"

const struct mutex_calls mutex_calls_late = {k_mutex_lock, k_mutex_unlock};
