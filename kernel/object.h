/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel-internal: what objects on which threads wait have in common. */
#pragma once

#include "sched.h"

/*
 * As pend_current, for an object: halts with K3 where the caller must not wait, and forgets
 * `request` when the caller goes on, so that from then on what it was handed is its own.
 */
int object_wait(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout);

/*
 * Ends the wait of every thread in `wait_q` with `result`, unlocks with `key` and reschedules.
 * Interrupts are opened between two waiters, unless the caller had locked them itself; no thread
 * runs meanwhile, so nobody can join the queue. A caller that is aborted by an interrupt in between
 * leaves no waiter behind. Returns the number of threads.
 */
int object_wake_all(unsigned key, _wait_q_t *wait_q, int result);
