/* SPDX-License-Identifier: Apache-2.0 */
/* Threads and a trace for suites that test who runs when. */
#pragma once

#include <zephyr/kernel.h>

#define WORKER_COUNT       6
#define WORKER_STACK_BYTES CONFIG_ZTEST_WORKER_STACK_SIZE

/* Starts worker thread `index` after `delay` with entry(p1, p2, NULL). */
k_tid_t worker_start(unsigned index, k_thread_entry_t entry, void *p1, void *p2, int priority,
                     k_timeout_t delay);

/* The thread object of worker `index`, alive or not. */
k_tid_t worker(unsigned index);

/* Ends all workers, whose stacks must not be used up, and empties the trace; an `after` function of
 * a suite. */
void workers_end(void *fixture);

/* Appends a letter. Context: any. */
void trace(char letter);

/* True when the letters since workers_end or the last trace_is are exactly `expected`; prints them
 * if not; starts anew. */
bool trace_is(const char *expected);

/* Waits for the beginning of a tick and returns it: what follows without waiting happens in it. */
int64_t next_tick(void);
