/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of what threads do with time, each other and work: sleep,
 * wake-up, join, the scheduler lock, timers, work items. Afterwards the whole kernel is in order,
 * and what was started has happened as often as it must.
 */
#include "../../kernel/sched.h"
#include "../sweep/sweep.h"
#include "../ztest/invariants.h"

#define TEST_PRIORITY 5
#define OTHER         0 /* worker */
#define DELAY_TICKS   1000

static struct k_timer timer;
static volatile unsigned expiries;
static volatile unsigned stops;

static struct k_work_q queue;
static K_THREAD_STACK_DEFINE(queue_stack, 1024);
static struct k_work work;
static struct k_work_delayable delayed;
static volatile unsigned handled;
static volatile unsigned submitted;
static volatile unsigned cancelled;

static volatile unsigned rounds;
static k_tid_t body;

static void count_expiry(struct k_timer *expired)
{
    ARG_UNUSED(expired);
    expiries++;
}

static void count_stop(struct k_timer *stopped)
{
    ARG_UNUSED(stopped);
    stops++;
}

static void count_handled(struct k_work *item)
{
    ARG_UNUSED(item);
    handled++;
}

static void count_round(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    rounds++;
}

static void prepare(void)
{
    workers_end(NULL);
    k_timer_stop(&timer);
    k_timer_init(&timer, count_expiry, count_stop);
    expiries = 0;
    stops = 0;
    handled = 0;
    submitted = 0;
    cancelled = 0;
    rounds = 0;
    body = k_current_get();
}

static void check(void)
{
    const char *broken = kernel_broken();

    zassert_is_null(broken, "%s, point %u, pc %lx", broken, sweep_point(), sweep_pc());
    zassert_equal_ptr(_kernel.current, _kernel.next, "point %u, pc %lx", sweep_point(), sweep_pc());
}

static void sweep_with(const char *name, void (*prepare_it)(void), void (*run)(void),
                       void (*handler)(void), void (*check_it)(void))
{
    struct sweep sweep = {name, prepare_it, run, handler, check_it};

    sweep_run(&sweep);
}

static void isr_deadline(void)
{
    timeout_announce(DELAY_TICKS + 1);
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void *set_up(void)
{
    k_work_queue_start(&queue, queue_stack, K_THREAD_STACK_SIZEOF(queue_stack), TEST_PRIORITY - 1,
                       NULL);
    k_work_init(&work, count_handled);
    k_work_init_delayable(&delayed, count_handled);
    return NULL;
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    k_timer_stop(&timer);
    zassert_true(k_work_queue_drain(&queue, true) >= 0);
    zassert_ok(k_work_queue_stop(&queue, K_FOREVER));
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_services, NULL, set_up, before, workers_end, print_total);

/* Sleep. */

/* Less urgent than the body, it ends its waits. */
static void end_waits(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    k_wakeup(body);
    k_timer_stop(&timer);
    k_sleep(K_FOREVER);
}

static void prepare_end(void)
{
    prepare();
    worker_start(OTHER, end_waits, NULL, NULL, TEST_PRIORITY + 1, K_NO_WAIT);
}

/* What the interrupt has cut short is done to the end. */
static void check_end(void)
{
    check();
    k_thread_priority_set(worker(OTHER), TEST_PRIORITY - 1);
    check();
}

static void body_sleep(void)
{
    (void)k_sleep(K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + DELAY_TICKS));
}

static void isr_wake_body(void)
{
    k_wakeup(body);
}

static void isr_suspend_and_wake_body(void)
{
    k_thread_suspend(body);
    k_wakeup(body);
    k_thread_resume(body);
}

ZTEST(sweep_services, sleep)
{
    sweep_with("sleep; a wake-up", prepare_end, body_sleep, isr_wake_body, check_end);
    sweep_with("sleep; the deadline", prepare_end, body_sleep, isr_deadline, check_end);
    sweep_with("sleep; suspended, woken, resumed", prepare_end, body_sleep,
               isr_suspend_and_wake_body, check_end);
}

/* Join. */

static void prepare_other(void)
{
    prepare();
    worker_start(OTHER, count_round, NULL, NULL, TEST_PRIORITY + 1, K_NO_WAIT);
}

static void body_join(void)
{
    zassert_ok(k_thread_join(worker(OTHER), K_FOREVER));
}

static void isr_abort_other(void)
{
    k_thread_abort(worker(OTHER));
}

static void isr_raise_other(void)
{
    k_thread_priority_set(worker(OTHER), TEST_PRIORITY - 1);
}

static void isr_suspend_and_resume_other(void)
{
    k_thread_suspend(worker(OTHER));
    k_thread_resume(worker(OTHER));
}

ZTEST(sweep_services, join)
{
    sweep_with("join; the thread is aborted", prepare_other, body_join, isr_abort_other, check);
    sweep_with("join; the thread gets more urgent", prepare_other, body_join, isr_raise_other,
               check);
    sweep_with("join; the thread pauses", prepare_other, body_join, isr_suspend_and_resume_other,
               check);
}

/* The scheduler lock. */

static void body_sched_lock(void)
{
    unsigned inside;

    k_sched_lock();
    inside = rounds;
    k_sched_lock();
    k_sched_unlock();
    zassert_equal(rounds, inside, "preempted under the lock, point %u, pc %lx", sweep_point(),
                  sweep_pc());
    k_sched_unlock();
}

static void isr_start_urgent(void)
{
    worker_start(OTHER, count_round, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
}

static void check_round(void)
{
    check();
    zassert_equal(rounds, 1, "point %u, pc %lx", sweep_point(), sweep_pc());
}

ZTEST(sweep_services, scheduler_lock)
{
    sweep_with("lock twice, unlock twice; an urgent thread", prepare, body_sched_lock,
               isr_start_urgent, check_round);
}

/* Timers. */

static void body_timer(void)
{
    k_timer_start(&timer, K_TICKS(DELAY_TICKS), K_TICKS(DELAY_TICKS));
    k_timer_start(&timer, K_TICKS(DELAY_TICKS), K_NO_WAIT);
    (void)k_timer_status_get(&timer);
    k_timer_stop(&timer);
}

static void body_timer_sync(void)
{
    k_timer_start(&timer, K_TICKS(DELAY_TICKS), K_NO_WAIT);
    (void)k_timer_status_sync(&timer);
}

static void isr_stop_timer(void)
{
    k_timer_stop(&timer);
}

static void isr_restart_timer(void)
{
    k_timer_start(&timer, K_TICKS(DELAY_TICKS), K_NO_WAIT);
}

static void check_timer(void)
{
    check_end();
    zassert_true(expiries + stops >= 1, "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_is_null(timer.wait_q.head);
    k_timer_stop(&timer);
    check();
}

ZTEST(sweep_services, timer)
{
    sweep_with("timer; the deadline", prepare, body_timer, isr_deadline, check_timer);
    sweep_with("timer; a stop", prepare, body_timer, isr_stop_timer, check_timer);
    sweep_with("timer; a start", prepare, body_timer, isr_restart_timer, check_timer);
    sweep_with("status_sync; the deadline", prepare_end, body_timer_sync, isr_deadline,
               check_timer);
    sweep_with("status_sync; a stop", prepare_end, body_timer_sync, isr_stop_timer, check_timer);
    sweep_with("status_sync; a start", prepare_end, body_timer_sync, isr_restart_timer,
               check_timer);
}

/* Work. */

static void submit(void)
{
    if (k_work_submit_to_queue(&queue, &work) > 0) {
        submitted++;
    }
}

/* Counted beside the body's, which this may interrupt. */
static unsigned isr_submitted;

static void isr_submit(void)
{
    isr_submitted = k_work_submit_to_queue(&queue, &work) > 0;
}

static void isr_cancel(void)
{
    (void)k_work_cancel(&work);
    cancelled++;
}

static void body_submit(void)
{
    struct k_work_sync sync;

    submit();
    (void)k_work_flush(&work, &sync);
}

static void body_submit_and_cancel(void)
{
    struct k_work_sync sync;

    submit();
    (void)k_work_cancel_sync(&work, &sync);
}

static void prepare_work(void)
{
    prepare();
    isr_submitted = 0;
}

static void check_work(void)
{
    check();
    zassert_false(k_work_is_pending(&work), "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_true(cancelled != 0 || handled == submitted + isr_submitted,
                 "handled %u times, submitted %u and %u, point %u, pc %lx", handled, submitted,
                 isr_submitted, sweep_point(), sweep_pc());
}

static void check_work_cancelled(void)
{
    check();
    zassert_false(k_work_is_pending(&work), "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_true(handled <= submitted + isr_submitted, "point %u, pc %lx", sweep_point(),
                 sweep_pc());
}

ZTEST(sweep_services, work)
{
    sweep_with("submit and flush; a submission", prepare_work, body_submit, isr_submit, check_work);
    sweep_with("submit and flush; a cancellation", prepare_work, body_submit, isr_cancel,
               check_work);
    sweep_with("submit and cancel; a submission", prepare_work, body_submit_and_cancel, isr_submit,
               check_work_cancelled);
}

static void body_delayed(void)
{
    struct k_work_sync sync;

    (void)k_work_schedule_for_queue(&queue, &delayed, K_TICKS(DELAY_TICKS));
    (void)k_work_reschedule_for_queue(&queue, &delayed, K_TICKS(DELAY_TICKS));
    (void)k_work_cancel_delayable_sync(&delayed, &sync);
}

static void isr_reschedule(void)
{
    (void)k_work_reschedule_for_queue(&queue, &delayed, K_NO_WAIT);
}

static void isr_cancel_delayed(void)
{
    (void)k_work_cancel_delayable(&delayed);
}

static void check_delayed(void)
{
    check();
    zassert_true(handled <= 1, "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_false(k_work_delayable_is_pending(&delayed), "point %u, pc %lx", sweep_point(),
                  sweep_pc());
}

ZTEST(sweep_services, delayed_work)
{
    sweep_with("schedule, cancel; the deadline", prepare_work, body_delayed, isr_deadline,
               check_delayed);
    sweep_with("schedule, cancel; now", prepare_work, body_delayed, isr_reschedule, check_delayed);
    sweep_with("schedule, cancel; a cancellation", prepare_work, body_delayed, isr_cancel_delayed,
               check_delayed);
}
