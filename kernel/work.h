/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work: functions that a thread calls one after the other, in the order in which their items were
 * submitted. An item is in a queue at most once; it may be submitted again while its function runs,
 * and then runs again in the same queue, never beside itself.
 *
 * The thread of a queue must not be aborted: its items would stay as they are. k_work_queue_stop
 * ends it. A thread that dies while it flushes, cancels or drains leaves nothing behind.
 */
#pragma once

#include "thread.h"

struct k_work;
struct k_work_q;

/* Runs in the queue's thread; may block, which delays the items behind it. */
typedef void (*k_work_handler_t)(struct k_work *work);

/* What an item is doing; several may hold at once. Idle: none. */
enum {
    K_WORK_RUNNING = BIT(0),
    K_WORK_CANCELING = BIT(1), /* running, was cancelled, cannot be submitted before it has ended */
    K_WORK_QUEUED = BIT(2),
    K_WORK_DELAYED = BIT(3),
};

/* All members are protected by the interrupt lock. */
struct k_work {
    sys_dnode_t node;
    k_work_handler_t handler;
    struct k_work_q *queue; /* where it was last submitted */
    uint32_t flags;
};

/* Zephyr's storage for a call that waits; Cairn waits without. */
struct k_work_sync {
    char unused;
};

struct k_work_queue_config {
    const char *name;
    bool no_yield;  /* do not let equal threads run between two items */
    bool essential; /* the kernel halts when the thread ends */
};

/* All members but the thread are protected by the interrupt lock. */
struct k_work_q {
    struct k_thread thread;
    struct k_thread *thread_id; /* who runs the items */
    sys_dlist_t pending;
    _wait_q_t idle_q;                      /* the thread itself, when there is nothing to do */
    _wait_q_t done_q;                      /* threads that wait for the end of an item */
    _wait_q_t drain_q;                     /* threads that wait for the end of all */
    void (*start)(struct k_work_q *queue); /* starts it at the first submission; may be NULL */
    uint32_t flags;
};

#define Z_WORK_INITIALIZER(work_handler)                                                           \
    {                                                                                              \
        .handler = (work_handler)                                                                  \
    }

/* Defines idle item `work`. */
#define K_WORK_DEFINE(work, work_handler) struct k_work work = Z_WORK_INITIALIZER(work_handler)

/* Makes `work` an idle item. Context: any; it is not busy. Bound: constant. */
void k_work_init(struct k_work *work, k_work_handler_t handler);

/*
 * Puts the item behind the others of `queue`; while it runs, of the queue that runs it. Returns 1,
 * 2 when it was running, 0 when it was in a queue already. Context: any. Fails iff: -EBUSY it is
 * being cancelled, or the queue is plugged, or drains and the caller is not its thread; -EINVAL
 * queue NULL, which means the one before, and there was none; -ENODEV queue not started. Bound:
 * constant, and a thread's creation when it starts the system's queue.
 */
int k_work_submit_to_queue(struct k_work_q *queue, struct k_work *work);

/* The system's queue, of CONFIG_SYSTEM_WORKQUEUE_PRIORITY; its thread starts with the first
 * submission, and a program without one does not contain it. */
extern struct k_work_q k_sys_work_q;

/* As k_work_submit_to_queue for k_sys_work_q. */
int k_work_submit(struct k_work *work);

/* What the item is doing, 0 when idle. Context: any. Bound: constant. */
int k_work_busy_get(const struct k_work *work);

static inline bool k_work_is_pending(const struct k_work *work)
{
    return k_work_busy_get(work) != 0;
}

/*
 * Waits until the submissions made so far have run. Returns false when there was nothing to wait
 * for. Context: thread, not the queue's own (halts with O3). Bound: one wait.
 */
bool k_work_flush(struct k_work *work, struct k_work_sync *sync);

/* Takes the item out of its queue; if it runs, it goes on, but cannot be submitted until it has
 * ended. Returns what it is still doing. Context: any. Bound: linear in threads that flush. */
int k_work_cancel(struct k_work *work);

/*
 * As k_work_cancel, and waits for the end of a function that runs. Returns whether the item was not
 * idle. Context: thread, not the queue's own (halts with O3). Bound: one wait.
 */
bool k_work_cancel_sync(struct k_work *work, struct k_work_sync *sync);

/* Makes `queue` a queue that is not started. Context: any. */
void k_work_queue_init(struct k_work_q *queue);

/* Starts `queue` with a thread of its own; `cfg` may be NULL. Context: any. Fails iff: as
 * k_thread_create. Bound: as k_thread_create. */
void k_work_queue_start(struct k_work_q *queue, k_thread_stack_t *stack, size_t stack_bytes,
                        int priority, const struct k_work_queue_config *cfg);

/* The calling thread runs the items of `queue` until it is stopped. Context: thread. */
void k_work_queue_run(struct k_work_q *queue, const struct k_work_queue_config *cfg);

/* The thread of a queue that was started. */
static inline k_tid_t k_work_queue_thread_get(struct k_work_q *queue)
{
    return queue->thread_id;
}

/*
 * Waits until no item is left; meanwhile only running items can submit to it. With `plug` nobody
 * can afterwards. Returns 1, or 0 when there was nothing to wait for. Context: thread, not the
 * queue's own (halts with O3). Bound: one wait.
 */
int k_work_queue_drain(struct k_work_q *queue, bool plug);

/* Ends the effect of `plug`. 0, -EALREADY when not plugged. Context: any. Bound: constant. */
int k_work_queue_unplug(struct k_work_q *queue);

/*
 * Ends the thread of a plugged queue. Returns 0. Context: thread. Fails iff: -EALREADY not started,
 * -EBUSY not plugged, -ETIMEDOUT the thread has not ended until the deadline. Bound: one wait.
 */
int k_work_queue_stop(struct k_work_q *queue, k_timeout_t timeout);

/* Kernel-internal, interrupts locked; the caller chooses the next thread. */
int work_submit_locked(struct k_work *work, struct k_work_q *queue);
int work_cancel_locked(struct k_work *work);
bool work_flush_and_unlock(unsigned key, struct k_work *work);
void work_await_cancel_and_unlock(unsigned key, struct k_work *work);
