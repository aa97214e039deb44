/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time slicing: preemptible threads of equal priority take turns. The clock looks once a tick who
 * runs, and once a slice while nobody does; a thread that was found running for a whole slice moves
 * behind its equals. That costs nothing when threads are switched. A slice is exact to a tick, but
 * the first one after the processor was idle may be up to twice as long; interruptions by more
 * urgent threads count as part of it.
 */
#pragma once

#include "thread.h"

#ifdef CONFIG_TIMESLICING
/*
 * Gives every preemptible thread of priority `priority` or less urgent slices of `slice_ms`
 * milliseconds, rounded up to ticks; 0: no slices. The clock begins anew for the running thread.
 * Before the first call: CONFIG_TIMESLICE_SIZE and CONFIG_TIMESLICE_PRIORITY. Context: any. Bound:
 * constant.
 */
void k_sched_time_slice_set(int32_t slice_ms, int priority);
#endif

#ifdef CONFIG_TIMESLICE_PER_THREAD
/* Called in the clock's interrupt at the end of a thread's own slice, before it moves behind its
 * equals. */
typedef void (*k_thread_timeslice_fn_t)(struct k_thread *thread, void *data);

/*
 * Gives `thread` slices of its own of `slice_ticks`, whatever its priority and also when it has no
 * equals; 0: the common ones. `expired` may be NULL. Context: any. Bound: constant.
 */
void k_thread_time_slice_set(struct k_thread *thread, int32_t slice_ticks,
                             k_thread_timeslice_fn_t expired, void *data);
#endif
