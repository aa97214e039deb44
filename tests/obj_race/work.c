/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work: after everything has settled each item is idle, who flushed or cancelled has returned, and
 * an item ran as often as it was accepted, if nobody cancelled it.
 */
#include "race.h"

static struct k_work_q queue;
static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_work plain;
static struct k_work_delayable delayed;
static struct k_work_sync sync_;
static unsigned accepted;
static unsigned runs;
static bool cancelled;
static bool started[2];
static bool aborted[2];
static bool returned[2];
static bool open;

static void count_run(struct k_work *work)
{
    ARG_UNUSED(work);
    runs++;
    k_sleep(K_TICKS(1));
}

static void count_delayed(struct k_work *work)
{
    ARG_UNUSED(work);
}

static void submit(void)
{
    if (open && k_work_submit_to_queue(&queue, &plain) > 0) {
        accepted++;
    }
}

static void cancel(void)
{
    if (open) {
        cancelled = true;
        (void)k_work_cancel(&plain);
    }
}

static void reschedule_delayed(void)
{
    if (open) {
        (void)k_work_reschedule_for_queue(&queue, &delayed, K_TICKS(1));
    }
}

static void cancel_delayed(void)
{
    if (open) {
        (void)k_work_cancel_delayable(&delayed);
    }
}

static void abort_worker(unsigned i)
{
    if (started[i] && !returned[i]) {
        aborted[i] = true;
        k_thread_abort(worker(i));
    }
}

static void abort_flusher(void)
{
    abort_worker(0);
}

static void abort_canceller(void)
{
    abort_worker(1);
}

static void (*const actions[])(void) = {
    race_tick, submit, cancel, reschedule_delayed, cancel_delayed, abort_flusher, abort_canceller};

static void flush(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_work_flush(&plain, &sync_);
    returned[0] = true;
}

static void cancel_and_wait(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_work_cancel_delayable_sync(&delayed, &sync_);
    returned[1] = true;
}

static void start(unsigned i, k_thread_entry_t entry)
{
    started[i] = true;
    worker_start(i, entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
}

static void scenario(void)
{
    submit();
    (void)k_work_schedule_for_queue(&queue, &delayed, K_TICKS(2));
    start(0, flush);
    submit();
    k_sleep(K_TICKS(2));
    start(1, cancel_and_wait);
    (void)k_work_flush(&plain, &sync_);
    submit();
    k_sleep(K_TICKS(1));
}

static void run(void)
{
    accepted = 0;
    runs = 0;
    cancelled = false;
    memset(started, 0, sizeof(started));
    memset(aborted, 0, sizeof(aborted));
    memset(returned, 0, sizeof(returned));
    k_work_init(&plain, count_run);
    k_work_init_delayable(&delayed, count_delayed);
    k_work_queue_init(&queue);
    k_work_queue_start(&queue, stack, K_THREAD_STACK_SIZEOF(stack), TEST_PRIORITY - 2, NULL);
    open = true;
    race_begin();
    scenario();
    race_end();
    k_sleep(K_TICKS(12));
    open = false;
    zassert_true(race_check(k_work_busy_get(&plain) == 0, "an item is busy"));
    zassert_true(race_check(k_work_delayable_busy_get(&delayed) == 0, "a delayed item is busy"));
    zassert_true(race_check(runs <= accepted && (cancelled || runs == accepted),
                            "an item ran too often or not at all"));
    for (unsigned i = 0; i < 2; i++) {
        zassert_true(race_check(returned[i] || aborted[i], "a call has not returned"));
    }
    zassert_equal(k_work_queue_drain(&queue, true), 1);
    zassert_ok(k_work_queue_stop(&queue, K_FOREVER));
    workers_end(NULL);
}

ZTEST(obj_race, work)
{
    const struct race race = {run, actions, ARRAY_SIZE(actions), 8};

    race_sweep(&race);
}
