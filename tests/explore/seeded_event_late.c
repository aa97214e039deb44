/* SPDX-License-Identifier: Apache-2.0 */
/* The event object that looks, then waits. */
#define k_event_set_masked    late_k_event_set_masked
#define k_event_set           late_k_event_set
#define k_event_post          late_k_event_post
#define k_event_clear         late_k_event_clear
#define k_event_wait          late_k_event_wait
#define k_event_wait_all      late_k_event_wait_all
#define k_event_wait_safe     late_k_event_wait_safe
#define k_event_wait_all_safe late_k_event_wait_all_safe
#define k_event_init          late_k_event_init

#include "late.h"

#include "../../kernel/event.c"

#include "seeded.h"

const struct event_calls event_calls_late = {k_event_wait_safe, k_event_wait_all_safe,
                                             k_event_post};
