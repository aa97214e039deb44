/* SPDX-License-Identifier: Apache-2.0 */
#include "object.h"

#include <string.h>

#include "../lib/assert.h"
#include "irq.h"

void object_copy_odd(void *to, const void *from, size_t bytes)
{
    size_t whole = (((uintptr_t)to | (uintptr_t)from) & 3) == 0 ? ROUND_DOWN(bytes, 4u) : 0;

    arch_copy_words(to, from, whole);
    memcpy((char *)to + whole, (const char *)from + whole, bytes - whole);
}

/* Tells the grant of a task from others; the end of a thread does it in steps. */
static void do_rest(struct grant *grant)
{
    while (object_undo_step_locked(grant)) {
    }
}

bool object_undo_step_locked(struct grant *grant)
{
    struct object_task *task = (struct object_task *)(void *)grant;

    if (grant->undo == do_rest) {
        return task->step(task);
    }
    grant->undo(grant);
    return false;
}

static void do_steps(unsigned key, struct object_task *task)
{
    while (task->step(task)) {
        irq_unlock(key);
        (void)irq_lock();
    }
}

void object_do(unsigned key, struct object_task *task)
{
    struct k_thread *current = _kernel.current;

    if (cannot_wait()) {
        /* No thread runs before the interrupt is over: no need to hold the scheduler. */
        do_steps(key, task);
    } else {
        task->grant.undo = do_rest;
        current->request = &task->grant;
        sched_hold_locked();
        do_steps(key, task);
        sched_let_go_locked();
        current->request = NULL;
    }
    reschedule(choose_next_locked(), key);
}

struct wake_task {
    struct object_task task; /* first: step gets it back */
    _wait_q_t *wait_q;
    int result;
    int count;
};

static bool wake_first(struct object_task *task)
{
    struct wake_task *wake = (struct wake_task *)(void *)task;
    struct k_thread *waiter = wait_queue_head_locked(wake->wait_q);

    if (waiter == NULL) {
        return false;
    }
    superseded(unpend_locked(waiter, wake->result));
    wake->count++;
    return true;
}

int object_wake_all(unsigned key, _wait_q_t *wait_q, int result)
{
    struct wake_task wake = {{.step = wake_first}, wait_q, result, 0};

    object_do(key, &wake.task);
    return wake.count;
}
