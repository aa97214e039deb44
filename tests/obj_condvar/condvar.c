/* SPDX-License-Identifier: Apache-2.0 */
/* Condition variables. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

static K_CONDVAR_DEFINE(condvar);
static K_MUTEX_DEFINE(mutex);
static k_timeout_t wait_time;
static int results[WORKER_COUNT];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_ok(k_condvar_init(&condvar));
    zassert_ok(k_mutex_init(&mutex));
    wait_time = K_FOREVER;
    memset(results, 0x55, sizeof(results));
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_condvar, NULL, NULL, before, workers_end, NULL);

static void wait_for_signal(void *p1, void *p2, void *p3)
{
    uintptr_t index = (uintptr_t)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutex, K_FOREVER);
    trace((char)('a' + index));
    results[index] = k_condvar_wait(&condvar, &mutex, wait_time);
    trace(mutex.owner == k_current_get() ? (char)('A' + index) : '!');
    (void)k_mutex_unlock(&mutex);
}

static void start(unsigned index, int priority)
{
    worker_start(index, wait_for_signal, (void *)(uintptr_t)index, NULL, priority, K_NO_WAIT);
}

ZTEST(obj_condvar, wait_releases_the_mutex_and_has_it_again)
{
    start(0, TEST_PRIORITY - 1);
    zassert_is_null(mutex.owner, "it waits with the mutex");
    zassert_ok(k_mutex_lock(&mutex, K_NO_WAIT));
    zassert_ok(k_condvar_signal(&condvar));
    zassert_true(trace_is("a"), "it went on without the mutex");
    zassert_ok(k_mutex_unlock(&mutex));
    zassert_true(trace_is("A"));
    zassert_ok(results[0]);
}

ZTEST(obj_condvar, signal_without_a_waiter_is_lost)
{
    zassert_ok(k_condvar_signal(&condvar));
    start(0, TEST_PRIORITY - 1);
    zassert_true(trace_is("a"));
}

ZTEST(obj_condvar, signal_wakes_one_the_most_urgent_then_the_longest_waiting)
{
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    start(2, TEST_PRIORITY - 1);
    zassert_true(trace_is("abc"));
    zassert_ok(k_condvar_signal(&condvar));
    zassert_true(trace_is("B"));
    zassert_ok(k_condvar_signal(&condvar));
    zassert_true(trace_is("A"));
    zassert_ok(k_condvar_signal(&condvar));
    zassert_true(trace_is("C"));
}

ZTEST(obj_condvar, broadcast_wakes_all_and_counts)
{
    zassert_equal(k_condvar_broadcast(&condvar), 0);
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    start(2, TEST_PRIORITY - 3);
    zassert_equal(k_condvar_broadcast(&condvar), 3);
    zassert_true(trace_is("abcCBA"));
    zassert_equal(k_condvar_broadcast(&condvar), 0);
}

static void broadcast_in_isr(const void *count)
{
    *(int *)(uintptr_t)count = k_condvar_broadcast(&condvar);
    trace('i');
}

ZTEST(obj_condvar, isr_signals_and_broadcasts)
{
    int count = 0;

    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    irq_offload(broadcast_in_isr, &count);
    zassert_equal(count, 2);
    zassert_true(trace_is("abiBA"));
}

ZTEST(obj_condvar, broadcast_under_the_callers_own_lock)
{
    unsigned key;

    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 1);
    key = irq_lock();
    zassert_equal(k_condvar_broadcast(&condvar), 2);
    zassert_true(trace_is("ab"));
    irq_unlock(key);
    zassert_true(trace_is("AB"));
}

ZTEST(obj_condvar, deadline_passes_and_the_mutex_is_locked_again)
{
    int64_t start_tick = next_tick();

    zassert_ok(k_mutex_lock(&mutex, K_NO_WAIT));
    zassert_equal(k_condvar_wait(&condvar, &mutex, K_TICKS(5)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 5, 6);
    zassert_equal_ptr(mutex.owner, k_current_get());
    start_tick = next_tick();
    zassert_equal(k_condvar_wait(&condvar, &mutex, K_TIMEOUT_ABS_TICKS(start_tick + 3)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
}

ZTEST(obj_condvar, no_wait_keeps_the_mutex)
{
    zassert_ok(k_mutex_lock(&mutex, K_NO_WAIT));
    start(0, TEST_PRIORITY - 1);
    zassert_equal(k_condvar_wait(&condvar, &mutex, K_NO_WAIT), -EAGAIN);
    zassert_true(trace_is(""), "the mutex was released");
}

ZTEST(obj_condvar, wait_without_the_mutex_does_nothing)
{
    zassert_equal(k_condvar_wait(&condvar, &mutex, K_FOREVER), -EINVAL);
}

static void hold_mutex(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutex, K_FOREVER);
    k_sleep(K_FOREVER);
}

ZTEST(obj_condvar, wait_with_anothers_mutex_does_nothing)
{
    worker_start(0, hold_mutex, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal(k_condvar_wait(&condvar, &mutex, K_FOREVER), -EPERM);
    zassert_equal_ptr(mutex.owner, worker(0));
}

ZTEST(obj_condvar, dead_waiter_is_forgotten)
{
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    zassert_ok(k_condvar_signal(&condvar));
    zassert_true(trace_is("abB"));
}

ZTEST(obj_condvar, signal_to_a_thread_that_dies_unaware_wakes_the_next)
{
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_ok(k_condvar_signal(&condvar));
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(trace_is("abB"), "the signal died, too");
}

ZTEST(obj_condvar, broadcast_is_not_passed_on)
{
    start(0, TEST_PRIORITY - 2);
    k_sched_lock();
    zassert_equal(k_condvar_broadcast(&condvar), 1);
    start(1, TEST_PRIORITY - 1);
    k_sched_unlock();
    zassert_true(trace_is("aAb"));
    k_thread_suspend(worker(1));
    zassert_equal(k_condvar_broadcast(&condvar), 1);
    start(2, TEST_PRIORITY - 1);
    k_thread_abort(worker(1));
    zassert_true(trace_is("c"), "worker 2 began to wait after the broadcast");
}

ZTEST(obj_condvar, waiter_that_dies_waiting_for_the_mutex)
{
    start(0, TEST_PRIORITY - 2);
    zassert_ok(k_mutex_lock(&mutex, K_NO_WAIT));
    zassert_ok(k_condvar_signal(&condvar));
    k_thread_abort(worker(0));
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
    zassert_ok(k_mutex_unlock(&mutex));
    zassert_is_null(mutex.owner);
    zassert_true(trace_is("a"));
}
