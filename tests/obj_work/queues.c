/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: draining, stopping, yielding, the system's own. */
#include "common.h"

ZTEST_SUITE(obj_work_queues, NULL, NULL, work_before, work_after, NULL);

static int submit(unsigned index)
{
    return k_work_submit_to_queue(&queue, work_of(index));
}

static void drain(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace((char)('0' + k_work_queue_drain(&queue, p1 != NULL)));
}

ZTEST(obj_work_queues, thread_and_name)
{
    zassert_equal_ptr(k_work_queue_thread_get(&queue), &queue.thread);
    zassert_str_equal(k_thread_name_get(&queue.thread), "queue");
}

ZTEST(obj_work_queues, drain_of_an_idle_queue)
{
    zassert_equal(k_work_queue_drain(&queue, false), 0);
    zassert_equal(submit(0), 1);
}

ZTEST(obj_work_queues, drain_waits_for_all_and_refuses_others)
{
    blocking = "AB";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    worker_start(0, drain, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, drain, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal(submit(2), -EBUSY);
    k_sem_give(&gate);
    zassert_true(trace_is("AaB"));
    k_sem_give(&gate);
    zassert_true(trace_is("b11"));
    zassert_equal(submit(2), 1, "drained, not plugged");
}

static void submit_next(struct k_work *work)
{
    ARG_UNUSED(work);
    k_sem_take(&gate, K_FOREVER);
    trace(submit(3) == 1 ? 's' : '!');
}

ZTEST(obj_work_queues, running_item_submits_to_a_draining_queue)
{
    static struct k_work work;

    k_work_init(&work, submit_next);
    zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
    worker_start(0, drain, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_sem_give(&gate);
    zassert_true(trace_is("sD1"));
}

ZTEST(obj_work_queues, plug)
{
    zassert_equal(k_work_queue_drain(&queue, true), 1);
    zassert_equal(submit(0), -EBUSY);
    zassert_ok(k_work_queue_unplug(&queue));
    zassert_equal(k_work_queue_unplug(&queue), -EALREADY);
    zassert_equal(submit(0), 1);
}

ZTEST(obj_work_queues, dead_drainer_is_forgotten)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    worker_start(0, drain, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    zassert_equal(submit(1), -EBUSY, "it still drains");
    k_sem_give(&gate);
    zassert_equal(submit(1), 1);
    zassert_true(trace_is("AaB"));
}

ZTEST(obj_work_queues, stop_ends_the_thread)
{
    zassert_equal(k_work_queue_stop(&queue, K_FOREVER), -EBUSY);
    zassert_equal(k_work_queue_drain(&queue, true), 1);
    zassert_ok(k_work_queue_stop(&queue, K_FOREVER));
    zassert_ok(k_thread_join(&queue.thread, K_NO_WAIT));
    zassert_equal(k_work_queue_stop(&queue, K_FOREVER), -EALREADY);
    zassert_equal(submit(0), -ENODEV);
}

static void submit_and_block(struct k_work *work)
{
    ARG_UNUSED(work);
    k_sem_take(&gate, K_FOREVER);
}

ZTEST(obj_work_queues, stop_that_comes_too_late_is_no_stop)
{
    static struct k_work work;

    k_work_init(&work, submit_and_block);
    zassert_equal(k_work_queue_drain(&queue, true), 1);
    zassert_ok(k_work_queue_unplug(&queue));
    zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
    worker_start(0, drain, &work, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal(k_work_queue_stop(&queue, K_TICKS(3)), -ETIMEDOUT);
    k_sem_give(&gate);
    zassert_true(trace_is("1"));
    zassert_ok(k_work_queue_unplug(&queue));
    zassert_equal(submit(0), 1);
    zassert_true(trace_is("A"), "it has stopped");
}

static void note_turn(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace('.');
}

ZTEST(obj_work_queues, equal_threads_run_between_two_items)
{
    k_sched_lock();
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    worker_start(0, note_turn, NULL, NULL, QUEUE_PRIORITY, K_NO_WAIT);
    k_sched_unlock();
    zassert_true(trace_is("A.B"));
}

static void run_other_queue(void *p1, void *p2, void *p3)
{
    static const struct k_work_queue_config config = {.no_yield = true, .name = "mine"};

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    k_work_queue_run(p1, &config);
    trace('r');
}

ZTEST(obj_work_queues, thread_that_runs_a_queue_itself_without_yielding)
{
    static struct k_work_q mine;

    k_work_queue_init(&mine);
    worker_start(0, run_other_queue, &mine, NULL, QUEUE_PRIORITY, K_NO_WAIT);
    zassert_equal_ptr(k_work_queue_thread_get(&mine), worker(0));
    zassert_str_equal(k_thread_name_get(worker(0)), "mine");
    k_sched_lock();
    zassert_equal(k_work_submit_to_queue(&mine, work_of(0)), 1);
    zassert_equal(k_work_submit_to_queue(&mine, work_of(1)), 1);
    worker_start(1, note_turn, NULL, NULL, QUEUE_PRIORITY, K_NO_WAIT);
    k_sched_unlock();
    zassert_true(trace_is("AB."));
    zassert_equal(k_work_queue_drain(&mine, true), 1);
    zassert_ok(k_work_queue_stop(&mine, K_FOREVER));
    zassert_true(trace_is("r"));
}

static void submit_to_system_in_isr(const void *work)
{
    trace(k_work_submit((struct k_work *)(uintptr_t)work) == 1 ? 'i' : '!');
}

ZTEST(obj_work_queues, system_queue_starts_with_the_first_submission)
{
    irq_offload(submit_to_system_in_isr, work_of(0));
    zassert_true(trace_is("iA"), "its thread is cooperative");
    zassert_equal(k_thread_priority_get(k_work_queue_thread_get(&k_sys_work_q)),
                  CONFIG_SYSTEM_WORKQUEUE_PRIORITY);
    zassert_equal(k_work_submit(work_of(1)), 1);
    zassert_true(trace_is("B"));
}

static void drain_its_queue(struct k_work *work)
{
    ARG_UNUSED(work);
    (void)k_work_queue_drain(&queue, false);
    trace('!');
}

ZTEST(obj_work_queues, O3_item_that_drains_its_queue)
{
    static struct k_work work;

    k_work_init(&work, drain_its_queue);
    ztest_expect_invariant("O3");
    (void)k_work_submit_to_queue(&queue, &work);
    zassert_true(trace_is(""));
}
