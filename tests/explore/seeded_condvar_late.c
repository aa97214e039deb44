/* SPDX-License-Identifier: Apache-2.0 */
/* The condition variable that unlocks the mutex, then waits. */
#define k_condvar_init      late_k_condvar_init
#define k_condvar_signal    late_k_condvar_signal
#define k_condvar_broadcast late_k_condvar_broadcast
#define k_condvar_wait      late_k_condvar_wait

#include "late.h"

#include "../../kernel/condvar.c"

#include "seeded.h"

const struct condvar_calls condvar_calls_late = {k_condvar_wait, k_condvar_signal};
