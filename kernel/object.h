/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel-internal: what objects on which threads wait have in common. */
#pragma once

#include "sched.h"

/*
 * As pend_current, for an object: halts with K3 where the caller must not wait, and forgets
 * `request` when the caller goes on, so that from then on what it was handed is its own.
 */
int object_wait(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout);

/* The rest of object_copy: not only whole words. */
void object_copy_odd(void *to, const void *from, size_t bytes);

/* memcpy in whole words as far as both addresses allow it: interrupts are locked. */
static inline void object_copy(void *to, const void *from, size_t bytes)
{
    if ((((uintptr_t)to | (uintptr_t)from | bytes) & 3) == 0) {
        arch_copy_words(to, from, bytes);
    } else {
        object_copy_odd(to, from, bytes);
    }
}

/* A task that is done in steps, each in a masked section of its own. */
struct object_task {
    struct grant grant;                     /* first: undo gets the task back */
    bool (*step)(struct object_task *task); /* with interrupts locked; false: nothing is left */
};

/*
 * Does `task`, whose `step` is set, to its end; unlocks with `key` and reschedules. Interrupts are
 * opened between two steps, unless the caller had locked them itself; no other thread runs
 * meanwhile, so nobody can join a queue. If an interrupt aborts the caller in between, the abort
 * does the rest.
 */
void object_do(unsigned key, struct object_task *task);

/* A thread ends that has left `grant`: calls its undo, or does one step of it if it is a task;
 * true: once more. */
bool object_undo_step_locked(struct grant *grant);

/* Ends the wait of every thread in `wait_q` with `result`, as object_do does; returns how many. */
int object_wake_all(unsigned key, _wait_q_t *wait_q, int result);
