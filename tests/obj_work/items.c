/* SPDX-License-Identifier: Apache-2.0 */
/* Items: submission, cancellation, flushing. */
#include "common.h"

ZTEST_SUITE(obj_work_items, NULL, NULL, work_before, work_after, NULL);

static int submit(unsigned index)
{
    return k_work_submit_to_queue(&queue, work_of(index));
}

static void count_in(struct k_work *work)
{
    ARG_UNUSED(work);
    trace('*');
}

static K_WORK_DEFINE(defined_work, count_in);

ZTEST(obj_work_items, run_in_the_order_of_submission)
{
    k_sched_lock();
    zassert_equal(submit(1), 1);
    zassert_equal(submit(0), 1);
    zassert_equal(submit(2), 1);
    zassert_equal(k_work_submit_to_queue(&queue, &defined_work), 1);
    k_sched_unlock();
    zassert_true(trace_is("BAC*"));
    zassert_equal(k_work_busy_get(work_of(0)), 0);
}

ZTEST(obj_work_items, in_the_queue_once)
{
    k_sched_lock();
    zassert_equal(submit(0), 1);
    zassert_equal(k_work_busy_get(work_of(0)), K_WORK_QUEUED);
    zassert_true(k_work_is_pending(work_of(0)));
    zassert_equal(submit(0), 0);
    k_sched_unlock();
    zassert_true(trace_is("A"));
    zassert_false(k_work_is_pending(work_of(0)));
}

ZTEST(obj_work_items, submitted_again_while_it_runs)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    zassert_equal(k_work_busy_get(work_of(0)), K_WORK_RUNNING);
    zassert_equal(submit(0), 2);
    zassert_equal(submit(0), 0);
    zassert_equal(k_work_busy_get(work_of(0)), K_WORK_RUNNING | K_WORK_QUEUED);
    k_sem_give(&gate);
    zassert_true(trace_is("AaA"));
    k_sem_give(&gate);
    zassert_true(trace_is("a"));
}

static struct k_work_q other_queue;

ZTEST(obj_work_items, running_item_stays_with_its_queue)
{
    blocking = "A";
    k_work_queue_init(&other_queue);
    zassert_equal(submit(0), 1);
    zassert_equal(k_work_submit_to_queue(&other_queue, work_of(0)), 2);
    zassert_equal_ptr(work_of(0)->queue, &queue);
}

ZTEST(obj_work_items, queue_that_does_not_exist_or_is_not_started)
{
    k_work_queue_init(&other_queue);
    zassert_equal(k_work_submit_to_queue(NULL, work_of(0)), -EINVAL);
    zassert_equal(k_work_submit_to_queue(&other_queue, work_of(0)), -ENODEV);
    zassert_equal(k_work_busy_get(work_of(0)), 0);
    zassert_equal(submit(0), 1);
    zassert_equal(k_work_submit_to_queue(NULL, work_of(0)), 1, "the one before");
    zassert_true(trace_is("AA"));
}

static void submit_in_isr(const void *work)
{
    trace(k_work_submit_to_queue(&queue, (struct k_work *)(uintptr_t)work) == 1 ? 'i' : '!');
}

ZTEST(obj_work_items, isr_submits)
{
    irq_offload(submit_in_isr, work_of(0));
    zassert_true(trace_is("iA"));
}

ZTEST(obj_work_items, cancel_of_a_queued_item)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    zassert_equal(submit(2), 1);
    zassert_equal(k_work_cancel(work_of(1)), 0);
    zassert_equal(k_work_cancel(work_of(3)), 0, "an idle one");
    k_sem_give(&gate);
    zassert_true(trace_is("AaC"));
    zassert_equal(submit(1), 1);
    zassert_true(trace_is("B"));
}

ZTEST(obj_work_items, cancel_of_a_running_item)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(0), 2);
    zassert_equal(k_work_cancel(work_of(0)), K_WORK_RUNNING | K_WORK_CANCELING);
    zassert_equal(submit(0), -EBUSY);
    k_sem_give(&gate);
    zassert_true(trace_is("Aa"));
    zassert_equal(k_work_busy_get(work_of(0)), 0);
    zassert_equal(submit(0), 1);
}

static void flush_item(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(k_work_flush(p1, &sync_) ? 'F' : 'f');
}

static void cancel_item(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(k_work_cancel_sync(p1, &sync_) ? 'X' : 'x');
}

static void start(unsigned index, k_thread_entry_t entry, unsigned item)
{
    worker_start(index, entry, work_of(item), NULL, TEST_PRIORITY - 1, K_NO_WAIT);
}

ZTEST(obj_work_items, cancel_sync_waits_for_the_end)
{
    zassert_false(k_work_cancel_sync(work_of(0), &sync_));
    blocking = "A";
    zassert_equal(submit(0), 1);
    start(0, cancel_item, 0);
    start(1, cancel_item, 0);
    zassert_true(trace_is("A"));
    k_sem_give(&gate);
    zassert_true(trace_is("aXX"));
    zassert_equal(submit(0), 1);
}

ZTEST(obj_work_items, cancel_sync_of_a_queued_item_does_not_wait)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    zassert_true(k_work_cancel_sync(work_of(1), &sync_));
    k_sem_give(&gate);
    zassert_true(trace_is("Aa"));
}

ZTEST(obj_work_items, flush_of_an_idle_item)
{
    zassert_false(k_work_flush(work_of(0), &sync_));
}

ZTEST(obj_work_items, flush_waits_for_a_queued_item)
{
    blocking = "AB";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    start(0, flush_item, 1);
    k_sem_give(&gate);
    zassert_true(trace_is("AaB"), "it waits for the end, not for the start");
    k_sem_give(&gate);
    zassert_true(trace_is("bF"));
}

ZTEST(obj_work_items, flush_waits_for_the_submissions_so_far)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    start(0, flush_item, 0);
    zassert_equal(submit(0), 2);
    start(1, flush_item, 0);
    k_sem_give(&gate);
    zassert_true(trace_is("AaAF"), "the first flush waits for one run");
    k_sem_give(&gate);
    zassert_true(trace_is("aF"));
}

ZTEST(obj_work_items, flush_ends_when_the_queued_submission_is_cancelled)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    start(0, flush_item, 1);
    zassert_equal(k_work_cancel(work_of(1)), 0);
    zassert_true(trace_is("AF"));
    start(0, flush_item, 0);
    zassert_equal(submit(0), 2);
    zassert_equal(k_work_cancel(work_of(0)), K_WORK_RUNNING | K_WORK_CANCELING);
    zassert_true(trace_is(""), "that submission was not waited for, the run is");
    k_sem_give(&gate);
    zassert_true(trace_is("aF"));
}

ZTEST(obj_work_items, flush_of_two_runs_ends_when_the_second_is_cancelled)
{
    blocking = "AB";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    zassert_equal(submit(0), 2);
    start(0, flush_item, 0);
    k_sem_give(&gate);
    zassert_true(trace_is("AaB"));
    zassert_equal(k_work_cancel(work_of(0)), 0);
    zassert_true(trace_is("F"));
}

ZTEST(obj_work_items, flush_is_not_ended_by_the_cancellation_of_a_later_submission)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    zassert_equal(submit(1), 1);
    start(0, flush_item, 1);
    blocking = "B";
    k_sem_give(&gate);
    zassert_true(trace_is("AaB"), "what was waited for runs");
    zassert_equal(submit(1), 2);
    zassert_equal(k_work_cancel(work_of(1)), K_WORK_RUNNING | K_WORK_CANCELING);
    zassert_true(trace_is(""));
    k_sem_give(&gate);
    zassert_true(trace_is("bF"));
}

ZTEST(obj_work_items, dead_waiters_are_forgotten)
{
    blocking = "A";
    zassert_equal(submit(0), 1);
    start(0, flush_item, 0);
    start(1, cancel_item, 0);
    k_thread_abort(worker(0));
    k_thread_abort(worker(1));
    k_sem_give(&gate);
    zassert_true(trace_is("Aa"));
    zassert_equal(submit(0), 1, "cancelled and ended");
    k_sem_give(&gate);
    zassert_true(trace_is("Aa"));
}

static void flush_itself(struct k_work *work)
{
    (void)k_work_flush(work, &sync_);
    trace('!');
}

ZTEST(obj_work_items, O3_item_that_flushes_itself)
{
    static struct k_work work;

    k_work_init(&work, flush_itself);
    ztest_expect_invariant("O3");
    (void)k_work_submit_to_queue(&queue, &work);
    zassert_true(trace_is(""));
}
