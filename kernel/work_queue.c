/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that runs items of work. */
#include "work_queue.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

enum {
    QUEUE_STARTED = BIT(0),
    QUEUE_BUSY = BIT(1), /* an item's function runs */
    QUEUE_DRAIN = BIT(2),
    QUEUE_PLUGGED = BIT(3),
    QUEUE_NO_YIELD = BIT(4),
    QUEUE_STOP = BIT(5),
};

static bool has(const struct k_work_q *queue, unsigned flag)
{
    return (queue->flags & flag) != 0;
}

static void clear(struct k_work_q *queue, unsigned flag)
{
    queue->flags &= ~flag;
}

static void wake_thread_locked(struct k_work_q *queue)
{
    struct k_thread *thread = wait_queue_head_locked(&queue->idle_q);

    if (thread != NULL) {
        superseded(unpend_locked(thread, 0));
    }
}

int work_queue_append_locked(struct k_work_q *queue, struct k_work *work)
{
    bool by_its_thread = queue->thread_id == _kernel.current && !k_is_in_isr();

    if (!has(queue, QUEUE_STARTED) && queue->start != NULL) {
        queue->start(queue);
    }
    if (!has(queue, QUEUE_STARTED)) {
        return -ENODEV;
    }
    if (has(queue, QUEUE_DRAIN) ? !by_its_thread : has(queue, QUEUE_PLUGGED)) {
        return -EBUSY;
    }
    work->queue = queue;
    work->flags |= K_WORK_QUEUED;
    sys_dlist_append(&queue->pending, &work->node);
    wake_thread_locked(queue);
    return 0;
}

static struct k_work *take_first_locked(struct k_work_q *queue)
{
    sys_dnode_t *node = sys_dlist_get(&queue->pending);

    if (node == NULL) {
        return NULL;
    }
    queue->flags |= QUEUE_BUSY;
    work_begins_locked(CONTAINER_OF(node, struct k_work, node));
    return CONTAINER_OF(node, struct k_work, node);
}

static void run_item(struct k_work_q *queue, struct k_work *work)
{
    unsigned key;
    bool yield;

    work->handler(work);
    key = irq_lock();
    clear(queue, QUEUE_BUSY);
    work_ended_locked(work);
    yield = !has(queue, QUEUE_NO_YIELD) && !sys_dlist_is_empty(&queue->pending);
    reschedule(choose_next_locked(), key);
    if (yield) {
        k_yield();
    }
}

/* Nothing to run. Returns false when the queue was told to stop. */
static bool idle_and_unlock(unsigned key, struct k_work_q *queue)
{
    if (has(queue, QUEUE_DRAIN)) {
        clear(queue, QUEUE_DRAIN);
        (void)object_wake_all(key, &queue->drain_q, 1);
    } else if (has(queue, QUEUE_STOP)) {
        queue->flags = 0;
        irq_unlock(key);
        return false;
    } else {
        (void)object_wait(key, &queue->idle_q, NULL, K_FOREVER);
    }
    return true;
}

static void run_queue(void *p1, void *p2, void *p3)
{
    struct k_work_q *queue = p1;
    bool go_on = true;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (go_on) {
        unsigned key = irq_lock();
        struct k_work *work = take_first_locked(queue);

        if (work == NULL) {
            go_on = idle_and_unlock(key, queue);
        } else {
            irq_unlock(key);
            run_item(queue, work);
        }
    }
}

void k_work_queue_init(struct k_work_q *queue)
{
    *queue = (struct k_work_q){0};
}

/* From here on items can be submitted. */
static void open_queue(struct k_work_q *queue, k_tid_t thread,
                       const struct k_work_queue_config *cfg)
{
    unsigned key = irq_lock();

    queue->thread_id = thread;
    sys_dlist_init(&queue->pending);
    wait_queue_init(&queue->idle_q);
    wait_queue_init(&queue->done_q);
    wait_queue_init(&queue->drain_q);
    queue->flags = QUEUE_STARTED | (cfg != NULL && cfg->no_yield ? QUEUE_NO_YIELD : 0u);
    irq_unlock(key);
    if (cfg != NULL && cfg->name != NULL) {
        (void)k_thread_name_set(thread, cfg->name);
    }
}

void k_work_queue_start(struct k_work_q *queue, k_thread_stack_t *stack, size_t stack_bytes,
                        int priority, const struct k_work_queue_config *cfg)
{
    uint32_t options = cfg != NULL && cfg->essential ? K_ESSENTIAL : 0;

    (void)k_thread_create(&queue->thread, stack, stack_bytes, run_queue, queue, NULL, NULL,
                          priority, options, K_FOREVER);
    open_queue(queue, &queue->thread, cfg);
    k_thread_start(&queue->thread);
}

void k_work_queue_run(struct k_work_q *queue, const struct k_work_queue_config *cfg)
{
    open_queue(queue, k_current_get(), cfg);
    run_queue(queue, NULL, NULL);
}

int k_work_queue_drain(struct k_work_q *queue, bool plug)
{
    unsigned key = irq_lock();

    ASSERT(queue->thread_id != _kernel.current || k_is_in_isr(),
           "O3 a work queue's thread waits for its own work", queue, NULL);
    if (!plug && !has(queue, QUEUE_BUSY | QUEUE_DRAIN) && sys_dlist_is_empty(&queue->pending)) {
        irq_unlock(key);
        return 0;
    }
    queue->flags |= QUEUE_DRAIN | (plug ? QUEUE_PLUGGED : 0u);
    wake_thread_locked(queue);
    return object_wait(key, &queue->drain_q, NULL, K_FOREVER);
}

int k_work_queue_unplug(struct k_work_q *queue)
{
    unsigned key = irq_lock();
    int result = has(queue, QUEUE_PLUGGED) ? 0 : -EALREADY;

    clear(queue, QUEUE_PLUGGED);
    irq_unlock(key);
    return result;
}

int k_work_queue_stop(struct k_work_q *queue, k_timeout_t timeout)
{
    unsigned key = irq_lock();
    int result = !has(queue, QUEUE_STARTED) ? -EALREADY : !has(queue, QUEUE_PLUGGED) ? -EBUSY : 0;

    if (result != 0) {
        irq_unlock(key);
        return result;
    }
    queue->flags |= QUEUE_STOP;
    wake_thread_locked(queue);
    reschedule(choose_next_locked(), key);
    if (k_thread_join(queue->thread_id, timeout) != 0) {
        key = irq_lock();
        clear(queue, QUEUE_STOP);
        irq_unlock(key);
        return -ETIMEDOUT;
    }
    return 0;
}
