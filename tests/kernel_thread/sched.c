/* SPDX-License-Identifier: Apache-2.0 */
/* Who runs: priorities, preemption, yield, sleep, wake-up, suspend, the scheduler lock. */
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

ZTEST_SUITE(thread_sched, NULL, NULL, before, workers_end, NULL);

static void put_letter(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(*(const char *)p1);
}

/* Takes the semaphore within *(k_timeout_t *)p2, or for ever when NULL; small letter before, result
 * behind. */
static void take(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p3);
    switch (k_sem_take(&sem, p2 == NULL ? K_FOREVER : *(k_timeout_t *)p2)) {
    case 0:
        trace(*(const char *)p1);
        break;
    case -EAGAIN:
        trace('~');
        break;
    default:
        trace('?');
    }
}

static void yield_between_letters(void *p1, void *p2, void *p3)
{
    for (int i = 0; i < 3; i++) {
        put_letter(p1, p2, p3);
        k_yield();
    }
}

static void give_in_isr(const void *parameter)
{
    k_sem_give((struct k_sem *)(uintptr_t)parameter);
    trace('i');
}

/* Preemption. */

ZTEST(thread_sched, equals_run_in_order_of_readiness)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(1, put_letter, "b", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(2, put_letter, "c", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(3, put_letter, "u", NULL, TEST_PRIORITY, K_NO_WAIT);
    k_msleep(2);
    zassert_true(trace_is("uabc"));
}

ZTEST(thread_sched, waking_a_more_urgent_thread_preempts)
{
    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    trace('1');
    k_sem_give(&sem);
    trace('2');
    zassert_true(trace_is("1w2"));
}

ZTEST(thread_sched, waking_an_equal_does_not_preempt)
{
    worker_start(0, take, "w", NULL, TEST_PRIORITY, K_NO_WAIT);
    k_yield();
    trace('1');
    k_sem_give(&sem);
    trace('2');
    k_yield();
    zassert_true(trace_is("12w"));
}

ZTEST(thread_sched, waking_in_isr_preempts_after_it)
{
    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    irq_offload(give_in_isr, &sem);
    trace('2');
    zassert_true(trace_is("iw2"));
}

ZTEST(thread_sched, cooperative_thread_is_not_preempted)
{
    worker_start(0, take, "w", NULL, K_PRIO_COOP(0), K_NO_WAIT);
    k_thread_priority_set(k_current_get(), K_PRIO_COOP(3));
    k_sem_give(&sem);
    trace('1');
    irq_offload(give_in_isr, &sem);
    trace('2');
    k_yield();
    trace('3');
    zassert_true(trace_is("1i2w3"));
}

ZTEST(thread_sched, preempted_thread_goes_on_before_its_equals)
{
    worker_start(0, put_letter, "e", NULL, TEST_PRIORITY, K_NO_WAIT);
    worker_start(1, put_letter, "u", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    trace('t');
    k_yield();
    zassert_true(trace_is("ute"), "preemption must not cost a thread its place");
}

ZTEST(thread_sched, unlock_lets_the_due_switch_happen)
{
    unsigned key;

    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    key = irq_lock();
    k_sem_give(&sem);
    trace('1');
    irq_unlock(key);
    trace('2');
    zassert_true(trace_is("1w2"));
}

ZTEST(thread_sched, preemptibility_is_told)
{
    zassert_true(k_is_preempt_thread());
    k_sched_lock();
    zassert_false(k_is_preempt_thread());
    k_sched_unlock();
    k_thread_priority_set(k_current_get(), K_PRIO_COOP(1));
    zassert_false(k_is_preempt_thread());
    zassert_false(k_is_pre_kernel());
}

static bool isr_saw_preempt_thread;
static k_tid_t isr_saw_current;

static void look_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    isr_saw_preempt_thread = k_is_preempt_thread();
    isr_saw_current = k_current_get();
}

ZTEST(thread_sched, isr_sees_the_interrupted_thread)
{
    isr_saw_preempt_thread = true;
    irq_offload(look_in_isr, NULL);
    zassert_false(isr_saw_preempt_thread);
    zassert_equal_ptr(isr_saw_current, k_current_get());
}

/* Yield. */

ZTEST(thread_sched, yield_goes_round_the_equals)
{
    worker_start(0, yield_between_letters, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(1, yield_between_letters, "b", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(2, yield_between_letters, "c", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    k_msleep(2);
    zassert_true(trace_is("abcabcabc"));
}

ZTEST(thread_sched, cooperative_threads_yield_to_equals)
{
    k_thread_priority_set(k_current_get(), K_PRIO_COOP(2));
    worker_start(0, yield_between_letters, "a", NULL, K_PRIO_COOP(3), K_NO_WAIT);
    worker_start(1, yield_between_letters, "b", NULL, K_PRIO_COOP(3), K_NO_WAIT);
    k_msleep(2);
    zassert_true(trace_is("ababab"));
}

ZTEST(thread_sched, who_wakes_behind_a_yield_is_compared_with_all)
{
    unsigned key;

    k_thread_priority_set(k_current_get(), K_PRIO_COOP(3));
    worker_start(0, take, "u", NULL, K_PRIO_COOP(2), K_NO_WAIT);
    worker_start(1, put_letter, "e", NULL, K_PRIO_COOP(3), K_NO_WAIT);
    k_msleep(1);
    worker_start(1, put_letter, "e", NULL, K_PRIO_COOP(3), K_NO_WAIT);
    key = irq_lock();
    k_yield();        /* the equal is next, */
    k_sem_give(&sem); /* until a more urgent one is ready */
    irq_unlock(key);
    zassert_true(trace_is("eue"));
}

ZTEST(thread_sched, yield_does_not_reach_the_less_urgent)
{
    worker_start(0, put_letter, "l", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    k_yield();
    trace('t');
    k_msleep(1);
    zassert_true(trace_is("tl"));
}

ZTEST(thread_sched, yield_under_the_scheduler_lock_keeps_running)
{
    worker_start(0, put_letter, "e", NULL, TEST_PRIORITY, K_NO_WAIT);
    k_sched_lock();
    k_yield();
    trace('1');
    k_sleep(K_NO_WAIT);
    trace('2');
    k_sched_unlock();
    trace('3');
    zassert_true(trace_is("12e3"), "the yields came into force with the unlock");
}

/* Sleep and wake-up. */

ZTEST(thread_sched, sleep_of_nothing_yields)
{
    worker_start(0, put_letter, "e", NULL, TEST_PRIORITY, K_NO_WAIT);
    zassert_equal(k_sleep(K_NO_WAIT), 0);
    trace('t');
    zassert_true(trace_is("et"));
}

static int32_t sleep_result;

static void sleep_for(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p3);
    sleep_result = k_sleep(*(k_timeout_t *)p2);
    put_letter(p1, p2, p3);
}

ZTEST(thread_sched, sleep_returns_zero_when_it_is_over)
{
    k_timeout_t timeout = K_MSEC(3);

    worker_start(0, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(10);
    zassert_true(trace_is("s"));
    zassert_equal(sleep_result, 0);
}

ZTEST(thread_sched, wakeup_ends_a_sleep_and_tells_the_rest)
{
    k_timeout_t timeout = K_MSEC(100);

    worker_start(0, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(40);
    k_wakeup(worker(0));
    zassert_true(trace_is("s"));
    zassert_between_inclusive(sleep_result, 58, 60);
    k_msleep(100);
    zassert_true(trace_is(""), "the timeout went on");
}

static void sleep_twice(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    k_sleep(K_TICKS(10));
    trace('w');
    k_sleep(K_TICKS(30));
    put_letter(p1, p2, p3);
}

ZTEST(thread_sched, ended_sleep_does_not_end_the_next_one)
{
    worker_start(0, sleep_twice, "s", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_wakeup(worker(0));
    k_sleep(K_TICKS(20));
    zassert_true(trace_is("w"));
    k_sleep(K_TICKS(20));
    zassert_true(trace_is("s"));
}

ZTEST(thread_sched, endless_sleep_ends_by_wakeup_only)
{
    k_timeout_t timeout = K_FOREVER;

    worker_start(0, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(100);
    zassert_true(trace_is(""));
    k_wakeup(worker(0));
    zassert_true(trace_is("s"));
    zassert_equal(sleep_result, -1);
}

static void usleep_long(void *p1, void *p2, void *p3)
{
    sleep_result = k_usleep(100000);
    put_letter(p1, p2, p3);
}

ZTEST(thread_sched, usleep_counts_microseconds)
{
    zassert_equal(k_usleep(1500), 0);
    worker_start(0, usleep_long, "u", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(40);
    k_wakeup(worker(0));
    zassert_true(trace_is("u"));
    zassert_between_inclusive(sleep_result, 58000, 60000);
}

ZTEST(thread_sched, wakeup_does_not_end_other_waits)
{
    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_wakeup(worker(0));
    zassert_true(trace_is(""));
    k_sem_give(&sem);
    zassert_true(trace_is("w"));
    k_wakeup(worker(0));
    k_wakeup(k_current_get());
}

ZTEST(thread_sched, wakeup_does_not_touch_the_deadline_of_a_wait)
{
    k_timeout_t timeout = K_MSEC(5);

    worker_start(0, take, "w", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    k_wakeup(worker(0));
    k_msleep(20);
    zassert_true(trace_is("~"));
}

static void wakeup_in_isr(const void *thread)
{
    k_wakeup((k_tid_t)(uintptr_t)thread);
    trace('i');
}

ZTEST(thread_sched, isr_wakes_a_sleeper)
{
    k_timeout_t timeout = K_FOREVER;

    worker_start(0, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    irq_offload(wakeup_in_isr, worker(0));
    zassert_true(trace_is("is"));
}

ZTEST(thread_sched, remaining_ticks_count_down_to_the_wake)
{
    k_timeout_t timeout = K_TICKS(20);
    int64_t wake;

    (void)next_tick();
    worker_start(0, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    wake = k_uptime_ticks() + k_thread_timeout_remaining_ticks(worker(0));
    for (int i = 0; i < 5; i++) {
        k_sleep(K_TICKS(1));
        zassert_equal(k_uptime_ticks() + k_thread_timeout_remaining_ticks(worker(0)), wake);
    }
    zassert_ok(k_thread_join(worker(0), K_FOREVER));
    zassert_equal(k_uptime_ticks(), wake);
    zassert_equal(k_thread_timeout_remaining_ticks(worker(0)), 0);
    zassert_equal(k_thread_timeout_remaining_ticks(k_current_get()), 0);
}

/* Suspend and resume. */

static void count_for_ever(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (*(volatile int *)p1)++;
        k_sleep(K_TICKS(1));
    }
}

ZTEST(thread_sched, suspended_thread_stands_still)
{
    volatile int count = 0;
    int before_suspend;

    worker_start(0, count_for_ever, (void *)(uintptr_t)&count, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(10);
    k_thread_suspend(worker(0));
    k_thread_suspend(worker(0));
    before_suspend = count;
    zassert_true(before_suspend > 2);
    k_msleep(10);
    zassert_equal(count, before_suspend);
    k_thread_resume(worker(0));
    k_msleep(10);
    zassert_true(count > before_suspend + 2, "one resume undoes any number of suspends");
}

static void suspend_self(void *p1, void *p2, void *p3)
{
    k_thread_suspend(k_current_get());
    put_letter(p1, p2, p3);
}

ZTEST(thread_sched, thread_suspends_itself)
{
    worker_start(0, suspend_self, "s", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(2);
    zassert_true(trace_is(""));
    k_thread_resume(worker(0));
    zassert_true(trace_is("s"));
}

static void suspend_self_locked(void *p1, void *p2, void *p3)
{
    unsigned key = irq_lock();
    unsigned inner;

    k_thread_suspend(k_current_get());
    inner = irq_lock();
    trace(inner != key ? 'l' : '!');
    irq_unlock(inner);
    irq_unlock(key);
    put_letter(p1, p2, p3);
}

ZTEST(thread_sched, suspending_oneself_gives_up_the_lock_and_takes_it_back)
{
    worker_start(0, suspend_self_locked, "s", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_msleep(2);
    zassert_true(trace_is(""));
    k_thread_resume(worker(0));
    zassert_true(trace_is("ls"));
}

ZTEST(thread_sched, object_is_handed_to_a_suspended_waiter)
{
    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_suspend(worker(0));
    k_sem_give(&sem);
    zassert_true(trace_is(""));
    zassert_equal(k_sem_count_get(&sem), 0);
    k_thread_resume(worker(0));
    zassert_true(trace_is("w"));
}

ZTEST(thread_sched, timeout_runs_on_while_suspended)
{
    k_timeout_t timeout = K_MSEC(5);

    worker_start(0, take, "w", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_suspend(worker(0));
    k_thread_suspend(worker(1));
    k_msleep(10);
    k_sem_give(&sem);
    zassert_equal(k_sem_count_get(&sem), 1, "its time was over");
    zassert_true(trace_is(""));
    k_thread_resume(worker(0));
    k_thread_resume(worker(1));
    zassert_true(trace_is("~s"));
}

ZTEST(thread_sched, resume_before_the_wait_ends_goes_on_waiting)
{
    k_timeout_t timeout = K_MSEC(10);

    worker_start(0, sleep_for, "s", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    for (unsigned i = 0; i < 2; i++) {
        k_thread_suspend(worker(i));
        k_thread_resume(worker(i));
    }
    zassert_true(trace_is(""));
    k_msleep(20);
    k_sem_give(&sem);
    zassert_true(trace_is("sw"));
}

ZTEST(thread_sched, suspended_before_start)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_FOREVER);
    k_thread_suspend(worker(0));
    k_thread_start(worker(0));
    zassert_true(trace_is(""));
    k_thread_resume(worker(0));
    zassert_true(trace_is("a"));
}

ZTEST(thread_sched, resume_of_the_running_and_the_dead_does_nothing)
{
    k_thread_resume(k_current_get());
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_resume(worker(0));
    k_thread_suspend(worker(0));
    zassert_equal(worker(0)->state, THREAD_DEAD);
    k_thread_resume(worker(0));
    k_wakeup(worker(0));
    k_msleep(2);
    zassert_true(trace_is("a"));
    zassert_equal(worker(0)->state, THREAD_DEAD);
}

static void suspend_in_isr(const void *thread)
{
    k_thread_suspend((k_tid_t)(uintptr_t)thread);
    trace('i');
}

static void resume_in_isr(const void *thread)
{
    k_thread_resume((k_tid_t)(uintptr_t)thread);
    trace('j');
}

static void suspend_self_by_interrupt(void *p1, void *p2, void *p3)
{
    irq_offload(suspend_in_isr, k_current_get());
    put_letter(p1, p2, p3);
}

ZTEST(thread_sched, isr_suspends_the_thread_it_interrupted_and_resumes_it)
{
    worker_start(0, suspend_self_by_interrupt, "s", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is("i"));
    irq_offload(resume_in_isr, worker(0));
    zassert_true(trace_is("js"));
}

/* Priority. */

ZTEST(thread_sched, priority_is_told)
{
    k_thread_priority_set(k_current_get(), 3);
    zassert_equal(k_thread_priority_get(k_current_get()), 3);
    worker_start(0, put_letter, "a", NULL, -2, K_FOREVER);
    zassert_equal(k_thread_priority_get(worker(0)), -2);
}

ZTEST(thread_sched, raising_a_ready_thread_runs_it)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(1, put_letter, "b", NULL, TEST_PRIORITY + 2, K_NO_WAIT);
    k_thread_priority_set(worker(1), TEST_PRIORITY - 1);
    zassert_true(trace_is("b"));
    k_thread_priority_set(k_current_get(), TEST_PRIORITY + 2);
    zassert_true(trace_is("a"), "lowering oneself lets others run");
}

ZTEST(thread_sched, new_priority_is_behind_its_equals)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    worker_start(1, put_letter, "b", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    k_thread_priority_set(worker(0), TEST_PRIORITY + 1);
    k_msleep(2);
    zassert_true(trace_is("ba"));
}

ZTEST(thread_sched, waiting_threads_move_with_their_priority)
{
    worker_start(0, take, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, take, "b", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(2, take, "c", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_priority_set(worker(2), TEST_PRIORITY - 2);
    k_thread_priority_set(worker(0), TEST_PRIORITY - 1);
    k_sem_give(&sem);
    k_sem_give(&sem);
    k_sem_give(&sem);
    zassert_true(trace_is("cba"));
}

ZTEST(thread_sched, priority_of_a_sleeper_counts_when_it_wakes)
{
    k_timeout_t timeout = K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + 5);

    worker_start(0, sleep_for, "a", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, sleep_for, "b", &timeout, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_priority_set(worker(1), TEST_PRIORITY - 2);
    k_msleep(10);
    zassert_true(trace_is("ba"));
}

ZTEST(thread_sched, cooperative_thread_that_becomes_preemptible_is_preempted)
{
    k_thread_priority_set(k_current_get(), K_PRIO_COOP(1));
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY, K_NO_WAIT);
    trace('1');
    k_thread_priority_set(k_current_get(), TEST_PRIORITY + 1);
    trace('2');
    zassert_true(trace_is("1a2"));
}

ZTEST(thread_sched, priority_out_of_range)
{
    ztest_expect_invariant("K1");
    k_thread_priority_set(k_current_get(), K_IDLE_PRIO);
    zassert_unreachable();
}

static void raise_in_isr(const void *thread)
{
    k_thread_priority_set((k_tid_t)(uintptr_t)thread, TEST_PRIORITY - 1);
    trace('i');
}

ZTEST(thread_sched, isr_changes_a_priority)
{
    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    irq_offload(raise_in_isr, worker(0));
    zassert_true(trace_is("ia"));
}

/* The scheduler lock. */

ZTEST(thread_sched, lock_keeps_others_away_until_the_last_unlock)
{
    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_sched_lock();
    k_sched_lock();
    k_sem_give(&sem);
    trace('1');
    irq_offload(give_in_isr, &sem);
    trace('2');
    k_sched_unlock();
    trace('3');
    k_sched_unlock();
    trace('4');
    zassert_true(trace_is("1i23w4"));
}

ZTEST(thread_sched, lock_after_a_due_switch_keeps_it_away)
{
    unsigned key;

    worker_start(0, take, "w", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    key = irq_lock();
    k_sem_give(&sem);
    k_sched_lock();
    irq_unlock(key);
    trace('1');
    k_sched_unlock();
    trace('2');
    zassert_true(trace_is("1w2"));
}

static void compute_and_take(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    k_sched_lock();
    zassert_ok(k_sem_take(&sem, K_FOREVER));
    trace(*(const char *)p1);
    k_thread_priority_set(worker(1), TEST_PRIORITY - 3); /* ready and more urgent than we */
    trace('l');
    k_sched_unlock();
    trace('u');
}

ZTEST(thread_sched, blocking_lets_others_run_and_the_lock_comes_back)
{
    worker_start(0, compute_and_take, "w", NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    worker_start(1, put_letter, "o", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    trace('t');
    k_sem_give(&sem);
    zassert_true(trace_is("twlou"));
}

ZTEST(thread_sched, sleeping_with_the_lock_held)
{
    worker_start(0, put_letter, "o", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    k_sched_lock();
    k_msleep(3);
    zassert_true(trace_is("o"));
    worker_start(1, put_letter, "u", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is(""), "the lock was lost");
    k_sched_unlock();
    zassert_true(trace_is("u"));
}

ZTEST(thread_sched, unlock_without_lock)
{
    ztest_expect_invariant("S2");
    k_sched_unlock();
    zassert_unreachable();
}

ZTEST(thread_sched, lock_nests_to_255)
{
    for (int i = 0; i < 255; i++) {
        k_sched_lock();
    }
    ztest_expect_invariant("S2");
    k_sched_lock();
    zassert_unreachable();
}

ZTEST(thread_sched, irq_lock_is_given_up_and_taken_back_by_a_wait)
{
    unsigned key;
    unsigned inner;

    worker_start(0, put_letter, "o", NULL, TEST_PRIORITY + 1, K_NO_WAIT);
    key = irq_lock();
    k_msleep(3);
    inner = irq_lock();
    zassert_not_equal(inner, key, "locked again after the sleep");
    irq_unlock(inner);
    irq_unlock(key);
    zassert_true(trace_is("o"), "the sleep gave it up");
    inner = irq_lock();
    zassert_equal(inner, key);
    irq_unlock(inner);
}

ZTEST(thread_sched, switches_are_counted)
{
    uint32_t switches = k_sched_switch_count_get();

    worker_start(0, put_letter, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal(k_sched_switch_count_get() - switches, 2);
    k_yield();
    zassert_equal(k_sched_switch_count_get() - switches, 2, "to itself is no switch");
}
