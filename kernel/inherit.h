/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: priority inheritance.
 *
 * Invariant O1: a thread's priority is the most urgent of its own (base_priority) and those of the
 * first waiters of the mutexes that it owns. The calls below restore it after one of these changed;
 * they leave the choice of the next thread to the caller. Context: locked. Bound: linear in the
 * chain of owners that wait for each other's mutexes, and in what each of them owns.
 */
#pragma once

#include "sched.h"

/* Left as the request of a thread that waits for a mutex. */
extern struct grant mutex_wait;

/* The thread that owns the mutex for which `thread` waits; NULL when it waits for none. */
struct k_thread *mutex_owner_awaited_locked(const struct k_thread *thread);

/* The priority that `thread` must have by O1. */
int8_t inherited_priority_locked(const struct k_thread *thread);

/* Restores O1 for `thread` (NULL: nothing to do) and along the chain that begins at it. */
void inherit_locked(struct k_thread *thread);

/* The mutex that `thread`, which ends, has locked last goes to its first waiter. */
void mutex_abandon_locked(struct k_thread *thread);
