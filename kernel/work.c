/* SPDX-License-Identifier: Apache-2.0 */
/* Items of work: what a submitter sees of them. */
#include "work.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "irq.h"
#include "object.h"
#include "work_queue.h"

/* A thread that waits for the end of an item; on its stack. */
struct work_request {
    struct grant grant; /* first: found through the thread */
    const struct k_work *work;
    unsigned runs_left;     /* ends of its function to wait for */
    bool counts_queued_one; /* the last of them is of the submission that is in the queue */
};

static struct work_request *request_of(const struct k_thread *waiter)
{
    return (struct work_request *)(void *)waiter->request;
}

static void nothing_to_undo(struct grant *grant)
{
    ARG_UNUSED(grant);
}

void k_work_init(struct k_work *work, k_work_handler_t handler)
{
    *work = (struct k_work)Z_WORK_INITIALIZER(handler);
}

int work_submit_locked(struct k_work *work, struct k_work_q *queue)
{
    int result = 1;
    int error;

    if ((work->flags & K_WORK_CANCELING) != 0) {
        return -EBUSY;
    }
    if ((work->flags & K_WORK_QUEUED) != 0) {
        return 0;
    }
    if ((work->flags & K_WORK_RUNNING) != 0) {
        queue = work->queue;
        result = 2;
    }
    queue = queue == NULL ? work->queue : queue;
    if (queue == NULL) {
        return -EINVAL;
    }
    error = work_queue_append_locked(queue, work);
    return error == 0 ? result : error;
}

int k_work_submit_to_queue(struct k_work_q *queue, struct k_work *work)
{
    unsigned key = irq_lock();
    int result = work_submit_locked(work, queue);

    reschedule(choose_next_locked(), key);
    return result;
}

int k_work_busy_get(const struct k_work *work)
{
    unsigned key = irq_lock();
    int busy = (int)work->flags;

    irq_unlock(key);
    return busy;
}

/* One run that `waiter` may count has come to its end or will never begin. */
static void count_run(struct k_thread *waiter)
{
    if (--request_of(waiter)->runs_left == 0) {
        superseded(unpend_locked(waiter, 0));
    }
}

/* Calls visit() for each thread that waits for `work`; it may end the wait. */
static void for_waiters(const struct k_work *work, void (*visit)(struct k_thread *waiter))
{
    const _wait_q_t *wait_q = &work->queue->done_q;
    struct k_thread *waiter = wait_queue_head_locked(wait_q);

    while (waiter != NULL) {
        struct k_thread *following = wait_queue_next_locked(wait_q, waiter);

        if (request_of(waiter)->work == work) {
            visit(waiter);
        }
        waiter = following;
    }
}

/* The submission that was in the queue is now a run like any other. */
static void note_start(struct k_thread *waiter)
{
    request_of(waiter)->counts_queued_one = false;
}

static void count_cancelled(struct k_thread *waiter)
{
    if (request_of(waiter)->counts_queued_one) {
        request_of(waiter)->counts_queued_one = false;
        count_run(waiter);
    }
}

void work_begins_locked(struct k_work *work)
{
    work->flags = (work->flags & ~(uint32_t)K_WORK_QUEUED) | K_WORK_RUNNING;
    for_waiters(work, note_start);
}

void work_ended_locked(struct k_work *work)
{
    work->flags &= ~(uint32_t)(K_WORK_RUNNING | K_WORK_CANCELING);
    for_waiters(work, count_run);
}

int work_cancel_locked(struct k_work *work)
{
    if ((work->flags & K_WORK_QUEUED) != 0) {
        sys_dlist_remove(&work->node);
        work->flags &= ~(uint32_t)K_WORK_QUEUED;
        for_waiters(work, count_cancelled);
    }
    if ((work->flags & K_WORK_RUNNING) != 0) {
        work->flags |= K_WORK_CANCELING;
    }
    return (int)work->flags;
}

int k_work_cancel(struct k_work *work)
{
    unsigned key = irq_lock();
    int busy = work_cancel_locked(work);

    reschedule(choose_next_locked(), key);
    return busy;
}

static void await_runs(unsigned key, struct k_work *work, unsigned runs, bool counts_queued_one)
{
    struct work_request request = {{nothing_to_undo}, work, runs, counts_queued_one};

    ASSERT(work->queue->thread_id != _kernel.current || k_is_in_isr(),
           "O3 a work queue's thread waits for its own work", work, work->queue);
    (void)object_wait(key, &work->queue->done_q, &request.grant, K_FOREVER);
}

bool work_flush_and_unlock(unsigned key, struct k_work *work)
{
    bool queued = (work->flags & K_WORK_QUEUED) != 0;
    bool running = (work->flags & K_WORK_RUNNING) != 0;

    if (!queued && !running) {
        reschedule(choose_next_locked(), key);
        return false;
    }
    await_runs(key, work, (unsigned)queued + (unsigned)running, queued);
    return true;
}

bool k_work_flush(struct k_work *work, struct k_work_sync *sync)
{
    ARG_UNUSED(sync);
    return work_flush_and_unlock(irq_lock(), work);
}

void work_await_cancel_and_unlock(unsigned key, struct k_work *work)
{
    if ((work->flags & K_WORK_CANCELING) != 0) {
        await_runs(key, work, 1, false);
    } else {
        reschedule(choose_next_locked(), key);
    }
}

bool k_work_cancel_sync(struct k_work *work, struct k_work_sync *sync)
{
    unsigned key = irq_lock();
    bool was_busy = work->flags != 0;

    ARG_UNUSED(sync);
    (void)work_cancel_locked(work);
    work_await_cancel_and_unlock(key, work);
    return was_busy;
}
