/* SPDX-License-Identifier: Apache-2.0 */
/* Delayable items. */
#include "common.h"

ZTEST_SUITE(obj_work_delayable, NULL, NULL, work_before, work_after, NULL);

static int schedule(unsigned index, k_timeout_t delay)
{
    return k_work_schedule_for_queue(&queue, &items[index].dwork, delay);
}

static int reschedule_(unsigned index, k_timeout_t delay)
{
    return k_work_reschedule_for_queue(&queue, &items[index].dwork, delay);
}

static int busy(unsigned index)
{
    return k_work_delayable_busy_get(&items[index].dwork);
}

ZTEST(obj_work_delayable, runs_after_the_delay)
{
    zassert_equal(schedule(0, K_TICKS(4)), 1);
    zassert_equal(busy(0), K_WORK_DELAYED);
    zassert_true(k_work_delayable_is_pending(&items[0].dwork));
    k_sleep(K_TICKS(2));
    zassert_true(trace_is(""));
    k_sleep(K_TICKS(4));
    zassert_true(trace_is("A"));
    zassert_equal(busy(0), 0);
}

ZTEST(obj_work_delayable, no_delay)
{
    zassert_equal(schedule(0, K_NO_WAIT), 1);
    zassert_true(trace_is("A"));
    k_sched_lock();
    zassert_equal(schedule(0, K_NO_WAIT), 1);
    zassert_equal(schedule(0, K_NO_WAIT), 0, "queued already");
    k_sched_unlock();
    zassert_true(trace_is("A"));
}

ZTEST(obj_work_delayable, absolute_delay)
{
    int64_t end_tick = next_tick() + 5;

    zassert_equal(schedule(0, K_TIMEOUT_ABS_TICKS(end_tick)), 1);
    zassert_equal(k_work_delayable_expires_get(&items[0].dwork), end_tick);
    k_sleep(K_TIMEOUT_ABS_TICKS(end_tick - 1));
    zassert_true(trace_is(""));
    k_sleep(K_TIMEOUT_ABS_TICKS(end_tick));
    zassert_true(trace_is("A"));
}

ZTEST(obj_work_delayable, schedule_does_not_touch_a_delay)
{
    zassert_equal(schedule(0, K_TICKS(3)), 1);
    zassert_equal(schedule(0, K_TICKS(50)), 0);
    zassert_equal(schedule(0, K_NO_WAIT), 0);
    k_sleep(K_TICKS(5));
    zassert_true(trace_is("A"));
}

ZTEST(obj_work_delayable, schedule_while_it_runs_or_is_cancelled)
{
    blocking = "A";
    zassert_equal(schedule(0, K_NO_WAIT), 1);
    zassert_equal(schedule(0, K_NO_WAIT), 2);
    zassert_equal(k_work_cancel_delayable(&items[0].dwork), K_WORK_RUNNING | K_WORK_CANCELING);
    zassert_equal(schedule(0, K_TICKS(1)), 0);
    zassert_equal(reschedule_(0, K_NO_WAIT), -EBUSY);
    k_sem_give(&gate);
    zassert_true(trace_is("Aa"));
}

ZTEST(obj_work_delayable, reschedule_replaces_a_delay)
{
    zassert_equal(reschedule_(0, K_TICKS(3)), 1);
    zassert_equal(reschedule_(0, K_TICKS(8)), 1);
    k_sleep(K_TICKS(5));
    zassert_true(trace_is(""));
    zassert_equal(reschedule_(0, K_NO_WAIT), 1);
    zassert_true(trace_is("A"));
    k_sleep(K_TICKS(10));
    zassert_true(trace_is(""), "the old delay ended, too");
}

ZTEST(obj_work_delayable, reschedule_of_a_queued_item_adds_a_delay)
{
    k_sched_lock();
    zassert_equal(schedule(0, K_NO_WAIT), 1);
    zassert_equal(reschedule_(0, K_NO_WAIT), 0);
    zassert_equal(reschedule_(0, K_TICKS(2)), 1);
    zassert_equal(busy(0), K_WORK_QUEUED | K_WORK_DELAYED);
    k_sched_unlock();
    zassert_true(trace_is("A"));
    k_sleep(K_TICKS(4));
    zassert_true(trace_is("A"));
}

ZTEST(obj_work_delayable, never_until_rescheduled)
{
    zassert_equal(schedule(0, K_FOREVER), 1);
    zassert_equal(busy(0), K_WORK_DELAYED);
    k_sleep(K_TICKS(3));
    zassert_equal(reschedule_(0, K_NO_WAIT), 1);
    zassert_true(trace_is("A"));
    zassert_equal(busy(0), 0);
}

ZTEST(obj_work_delayable, cancel_ends_the_delay)
{
    zassert_equal(schedule(0, K_TICKS(3)), 1);
    zassert_equal(k_work_cancel_delayable(&items[0].dwork), 0);
    zassert_equal(schedule(1, K_TICKS(3)), 1);
    zassert_true(k_work_cancel_delayable_sync(&items[1].dwork, &sync_));
    zassert_false(k_work_cancel_delayable_sync(&items[1].dwork, &sync_));
    k_sleep(K_TICKS(6));
    zassert_true(trace_is(""));
}

static void cancel_sync(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(k_work_cancel_delayable_sync(p1, &sync_) ? 'X' : 'x');
}

ZTEST(obj_work_delayable, cancel_sync_waits_for_the_end)
{
    blocking = "A";
    zassert_equal(schedule(0, K_NO_WAIT), 1);
    zassert_equal(reschedule_(0, K_TICKS(2)), 1);
    worker_start(0, cancel_sync, &items[0].dwork, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is("A"));
    k_sem_give(&gate);
    zassert_true(trace_is("aX"));
    k_sleep(K_TICKS(5));
    zassert_true(trace_is(""));
}

ZTEST(obj_work_delayable, flush_cuts_the_delay_short)
{
    zassert_false(k_work_flush_delayable(&items[0].dwork, &sync_));
    zassert_equal(schedule(0, K_TICKS(100)), 1);
    zassert_true(k_work_flush_delayable(&items[0].dwork, &sync_));
    zassert_true(trace_is("A"));
    zassert_equal(busy(0), 0);
}

ZTEST(obj_work_delayable, remaining_and_expires)
{
    zassert_equal(k_work_delayable_remaining_get(&items[0].dwork), 0);
    zassert_equal(schedule(0, K_TICKS(50)), 1);
    zassert_between_inclusive(k_work_delayable_remaining_get(&items[0].dwork), 49, 51);
    k_sleep(K_TICKS(10));
    zassert_between_inclusive(k_work_delayable_remaining_get(&items[0].dwork), 37, 41);
}

static void traced(struct k_work *work)
{
    ARG_UNUSED(work);
    trace('*');
}

static K_WORK_DELAYABLE_DEFINE(defined_work, traced);

ZTEST(obj_work_delayable, system_queue)
{
    zassert_equal(k_work_schedule(&defined_work, K_TICKS(2)), 1);
    zassert_equal(k_work_reschedule(&defined_work, K_TICKS(4)), 1);
    k_sleep(K_TICKS(3));
    zassert_true(trace_is(""));
    k_sleep(K_TICKS(4));
    zassert_true(trace_is("*"));
}

ZTEST(obj_work_delayable, queue_that_is_plugged_when_the_delay_ends)
{
    zassert_equal(schedule(0, K_TICKS(2)), 1);
    zassert_equal(k_work_queue_drain(&queue, true), 1);
    k_sleep(K_TICKS(5));
    zassert_true(trace_is(""));
    zassert_equal(busy(0), 0);
}
