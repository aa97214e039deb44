/* SPDX-License-Identifier: Apache-2.0 */
/* How threads begin and end: creation, delay, abort, join, reuse of the object. */
#include <errno.h>
#include <string.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 5

static K_SEM_DEFINE(sem, 0, 10);

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_sem_reset(&sem);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(thread_life, NULL, NULL, before, workers_end, NULL);

static void put_letter(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(*(const char *)p1);
}

static void put_letter_then_pend(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    trace(k_sem_take(&sem, K_FOREVER) == 0 ? '+' : '-');
}

static void put_letter_then_sleep(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    k_msleep(20);
    trace('s');
}

static void put_letter_for_ever(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    k_sleep(K_FOREVER);
}

static struct {
    void *p1;
    void *p2;
    void *p3;
    k_tid_t self;
} seen;

static void see_parameters(void *p1, void *p2, void *p3)
{
    seen.p1 = p1;
    seen.p2 = p2;
    seen.p3 = p3;
    seen.self = k_current_get();
}

static struct k_thread own_thread;
static K_THREAD_STACK_DEFINE(own_stack, CONFIG_ZTEST_WORKER_STACK_SIZE);

ZTEST(thread_life, parameters_arrive)
{
    int a;
    int b;
    int c;
    k_tid_t thread = k_thread_create(&own_thread, own_stack, K_THREAD_STACK_SIZEOF(own_stack),
                                     see_parameters, &a, &b, &c, TEST_PRIORITY - 1, 0, K_NO_WAIT);

    zassert_equal_ptr(thread, &own_thread);
    zassert_equal_ptr(seen.self, thread);
    zassert_equal_ptr(seen.p1, &a);
    zassert_equal_ptr(seen.p2, &b);
    zassert_equal_ptr(seen.p3, &c);
}

ZTEST(thread_life, more_urgent_child_runs_at_once)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    trace('t');
    zassert_true(trace_is("at"));
}

ZTEST(thread_life, equal_or_less_urgent_child_runs_later)
{
    worker_start(0, put_letter, "e", NULL, TEST_PRIORITY, K_NO_WAIT);
    worker_start(1, put_letter, "l", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    trace('t');
    k_msleep(1);
    zassert_true(trace_is("tel"));
}

ZTEST(thread_life, forever_means_until_start)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_FOREVER);
    k_msleep(5);
    zassert_true(trace_is(""));
    k_thread_start(worker(0));
    zassert_true(trace_is("a"));
}

ZTEST(thread_life, delay_is_kept)
{
    int64_t start = k_uptime_ticks();

    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_TICKS(4));
    zassert_ok(k_thread_join(worker(0), K_FOREVER));
    zassert_between_inclusive(k_uptime_ticks() - start, 4, 5);
    zassert_true(trace_is("a"));
}

ZTEST(thread_life, start_ends_the_delay)
{
    int64_t start = k_uptime_ticks();

    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_TICKS(400));
    k_thread_start(worker(0));
    zassert_true(trace_is("a"));
    zassert_true(k_uptime_ticks() - start < 10);
    k_msleep(500);
    zassert_true(trace_is(""), "it ran twice");
}

ZTEST(thread_life, delayed_thread_can_be_aborted)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_TICKS(4));
    k_thread_abort(worker(0));
    k_msleep(8);
    zassert_true(trace_is(""));
}

static void create_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    trace('i');
}

ZTEST(thread_life, isr_creates)
{
    irq_offload(create_in_isr, NULL);
    zassert_true(trace_is("ia"));
}

static struct {
    void *p1;
    void *p2;
    void *p3;
} seen_by_static;

static void see_static_parameters(void *p1, void *p2, void *p3)
{
    seen_by_static.p1 = p1;
    seen_by_static.p2 = p2;
    seen_by_static.p3 = p3;
}

K_THREAD_DEFINE(static_now, CONFIG_ZTEST_WORKER_STACK_SIZE, see_static_parameters, 11, 12, 13,
                K_PRIO_PREEMPT(3), 0, 0);
K_THREAD_DEFINE(static_later, CONFIG_ZTEST_WORKER_STACK_SIZE, put_letter, "L", NULL, NULL,
                K_PRIO_PREEMPT(3), 0, 3000);
K_THREAD_DEFINE(static_never, CONFIG_ZTEST_WORKER_STACK_SIZE, put_letter, "N", NULL, NULL,
                K_PRIO_PREEMPT(3), 0, -1);

ZTEST(thread_life, static_thread_runs_with_its_parameters)
{
    zassert_ok(k_thread_join(static_now, K_NO_WAIT), "it was to run before the tests");
    zassert_equal_ptr(seen_by_static.p1, (void *)11);
    zassert_equal_ptr(seen_by_static.p2, (void *)12);
    zassert_equal_ptr(seen_by_static.p3, (void *)13);
    zassert_str_equal(k_thread_name_get(static_now), "static_now");
}

ZTEST(thread_life, static_thread_with_delay)
{
    zassert_equal(k_thread_join(static_later, K_NO_WAIT), -EBUSY);
    zassert_ok(k_thread_join(static_later, K_SECONDS(4)));
    zassert_true(k_uptime_get() >= 3000);
    zassert_true(trace_is("L"));
}

ZTEST(thread_life, static_thread_that_waits_for_start)
{
    zassert_equal(k_thread_join(static_never, K_MSEC(50)), -EAGAIN);
    k_thread_start(static_never);
    zassert_ok(k_thread_join(static_never, K_FOREVER));
    zassert_true(trace_is("N"));
}

/* Abort, in every state. */

ZTEST(thread_life, abort_a_ready_thread)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    k_msleep(2);
    zassert_true(trace_is(""));
    zassert_ok(k_thread_join(worker(0), K_NO_WAIT));
}

ZTEST(thread_life, abort_a_pended_thread)
{
    worker_start(0, put_letter_then_pend, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    k_sem_give(&sem);
    zassert_equal(k_sem_count_get(&sem), 1, "the dead thread took the unit");
    zassert_true(trace_is("a"));
}

ZTEST(thread_life, abort_a_sleeping_thread)
{
    worker_start(0, put_letter_then_sleep, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    k_msleep(30);
    zassert_true(trace_is("a"));
}

ZTEST(thread_life, abort_a_suspended_thread)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    k_thread_suspend(worker(0));
    k_thread_abort(worker(0));
    k_thread_resume(worker(0));
    k_msleep(2);
    zassert_true(trace_is(""));
}

static void abort_self(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    k_thread_abort(k_current_get());
    trace('!');
}

ZTEST(thread_life, abort_of_self_does_not_return)
{
    worker_start(0, abort_self, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is("a"));
    zassert_ok(k_thread_join(worker(0), K_NO_WAIT));
}

static void abort_self_locked(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    k_sched_lock();
    (void)irq_lock();
    k_thread_abort(k_current_get());
    trace('!');
}

ZTEST(thread_life, abort_of_self_with_locks_held)
{
    worker_start(0, abort_self_locked, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is("a"));
    k_msleep(2);
    zassert_ok(k_thread_join(worker(0), K_NO_WAIT));
}

ZTEST(thread_life, abort_of_the_dead_does_nothing)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    k_thread_abort(worker(0));
    zassert_true(trace_is("a"));
}

ZTEST(thread_life, abort_of_what_never_lived_does_nothing)
{
    static struct k_thread never;

    k_thread_abort(&never);
    zassert_ok(k_thread_join(&never, K_FOREVER));
}

static void abort_in_isr(const void *thread)
{
    k_thread_abort((k_tid_t)(uintptr_t)thread);
    trace('i');
}

static void abort_self_by_interrupt(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    irq_offload(abort_in_isr, k_current_get());
    trace('!');
}

ZTEST(thread_life, isr_aborts_the_thread_it_interrupted)
{
    worker_start(0, abort_self_by_interrupt, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is("ai"));
    zassert_ok(k_thread_join(worker(0), K_NO_WAIT));
}

static void restart_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    k_thread_abort(worker(0));
    worker_start(0, put_letter, "r", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    trace('i');
}

static void restart_self_by_interrupt(void *p1, void *p2, void *p3)
{
    put_letter(p1, p2, p3);
    irq_offload(restart_in_isr, NULL);
    trace('!');
}

ZTEST(thread_life, isr_restarts_the_thread_it_interrupted)
{
    /* The switch away from the old life must not overwrite the new one's first frame. */
    worker_start(0, restart_self_by_interrupt, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is("air"));
}

ZTEST(thread_life, essential_thread_must_not_be_aborted)
{
    k_thread_create(&own_thread, own_stack, K_THREAD_STACK_SIZEOF(own_stack), put_letter_for_ever,
                    "a", NULL, NULL, TEST_PRIORITY + 1, K_ESSENTIAL, K_FOREVER);
    ztest_expect_invariant("K2");
    k_thread_abort(&own_thread);
    zassert_unreachable();
}

ZTEST(thread_life, object_of_the_living_cannot_be_used_again)
{
    worker_start(0, put_letter_for_ever, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    ztest_expect_invariant("K1");
    worker_start(0, put_letter_for_ever, "b", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_unreachable();
}

ZTEST(thread_life, priority_too_urgent)
{
    ztest_expect_invariant("K1");
    worker_start(0, put_letter, "a", NULL, K_HIGHEST_THREAD_PRIO - 1, K_NO_WAIT);
    zassert_unreachable();
}

ZTEST(thread_life, priority_of_idle_is_not_for_threads)
{
    ztest_expect_invariant("K1");
    worker_start(0, put_letter, "a", NULL, K_LOWEST_APPLICATION_THREAD_PRIO + 1, K_NO_WAIT);
    zassert_unreachable();
}

ZTEST(thread_life, priorities_at_the_ends_are_valid)
{
    worker_start(0, put_letter, "h", NULL, K_HIGHEST_THREAD_PRIO, K_NO_WAIT);
    worker_start(1, put_letter, "l", NULL, K_LOWEST_APPLICATION_THREAD_PRIO, K_NO_WAIT);
    k_msleep(2);
    zassert_true(trace_is("hl"));
}

ZTEST(thread_life, stack_too_small)
{
    ztest_expect_invariant("K1");
    k_thread_create(worker(0), own_stack, 64, put_letter, "a", NULL, NULL, TEST_PRIORITY, 0,
                    K_NO_WAIT);
    zassert_unreachable();
}

ZTEST(thread_life, object_and_stack_serve_again_and_again)
{
    for (int i = 0; i < 20; i++) {
        worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
        zassert_true(trace_is("a"), "round %d", i);
        worker_start(0, put_letter_then_pend, "p", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
        k_thread_abort(worker(0));
        zassert_true(trace_is("p"), "round %d", i);
    }
}

/* Join. */

ZTEST(thread_life, join_waits_for_the_end)
{
    worker_start(0, put_letter_then_sleep, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal(k_thread_join(worker(0), K_NO_WAIT), -EBUSY);
    zassert_equal(k_thread_join(worker(0), K_MSEC(5)), -EAGAIN);
    zassert_ok(k_thread_join(worker(0), K_FOREVER));
    zassert_true(trace_is("as"));
    zassert_ok(k_thread_join(worker(0), K_FOREVER), "joining the dead again");
}

ZTEST(thread_life, join_of_self_is_a_deadlock)
{
    zassert_equal(k_thread_join(k_current_get(), K_FOREVER), -EDEADLK);
    zassert_equal(k_thread_join(k_current_get(), K_NO_WAIT), -EBUSY);
}

static void join_first_parameter(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p3);
    trace(k_thread_join(p1, K_FOREVER) == 0 ? *(const char *)p2 : '-');
}

ZTEST(thread_life, mutual_join_is_a_deadlock)
{
    worker_start(0, join_first_parameter, k_current_get(), "j", TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal(k_thread_join(worker(0), K_FOREVER), -EDEADLK);
    k_thread_abort(worker(0));
    zassert_true(trace_is(""));
}

ZTEST(thread_life, all_joiners_wake_in_order_of_priority)
{
    worker_start(0, put_letter_for_ever, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, join_first_parameter, worker(0), "1", TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(2, join_first_parameter, worker(0), "2", TEST_PRIORITY - 3, K_NO_WAIT);
    worker_start(3, join_first_parameter, worker(0), "3", TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    zassert_true(trace_is("a213"));
}

ZTEST(thread_life, aborted_joiner_is_forgotten)
{
    worker_start(0, put_letter_for_ever, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, join_first_parameter, worker(0), "1", TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(1));
    k_thread_abort(worker(0));
    zassert_true(trace_is("a"));
}

static int isr_result;

static void join_in_isr(const void *thread)
{
    isr_result = k_thread_join((k_tid_t)(uintptr_t)thread, K_NO_WAIT);
}

ZTEST(thread_life, isr_joins_without_waiting)
{
    worker_start(0, put_letter_for_ever, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    irq_offload(join_in_isr, worker(0));
    zassert_equal(isr_result, -EBUSY);
    k_thread_abort(worker(0));
    irq_offload(join_in_isr, worker(0));
    zassert_equal(isr_result, 0);
}

static void joiner_restarts(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    zassert_ok(k_thread_join(worker(0), K_FOREVER));
    worker_start(0, put_letter, "b", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
}

ZTEST(thread_life, joiner_uses_the_object_again_at_once)
{
    worker_start(0, put_letter_then_pend, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, joiner_restarts, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    k_sem_give(&sem);
    zassert_true(trace_is("a+b"));
}
