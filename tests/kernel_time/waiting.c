/* SPDX-License-Identifier: Apache-2.0 */
/* When waits end: never early, at most one tick late, in order, also across 32 bits. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

static K_SEM_DEFINE(never, 0, 1);

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), 5);
}

ZTEST_SUITE(time_waiting, NULL, NULL, before, workers_end, NULL);

static int64_t ticks_of_sleep(k_timeout_t timeout)
{
    int64_t start = k_uptime_ticks();

    zassert_equal(k_sleep(timeout), 0);
    return k_uptime_ticks() - start;
}

static int64_t ticks_of_take(k_timeout_t timeout)
{
    int64_t start = k_uptime_ticks();

    zassert_equal(k_sem_take(&never, timeout), -EAGAIN);
    return k_uptime_ticks() - start;
}

/* A wait that begins inside a tick has lasted n whole ticks at the n + 1st interrupt. */
ZTEST(time_waiting, relative_waits_last_n_whole_ticks)
{
    for (int n = 1; n <= 20; n++) {
        zassert_equal(ticks_of_sleep(K_TICKS(n)), n + 1, "sleep of %d", n);
        zassert_equal(ticks_of_take(K_TICKS(n)), n + 1, "take for %d", n);
    }
}

ZTEST(time_waiting, absolute_waits_end_at_their_tick)
{
    for (int n = 1; n <= 20; n++) {
        zassert_equal(ticks_of_sleep(K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + n)), n);
        zassert_equal(ticks_of_take(K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + n)), n);
    }
}

ZTEST(time_waiting, absolute_waits_in_the_past_end_at_the_next_tick)
{
    k_sleep(K_TICKS(5));
    zassert_equal(ticks_of_sleep(K_TIMEOUT_ABS_TICKS(k_uptime_ticks())), 1);
    zassert_equal(ticks_of_sleep(K_TIMEOUT_ABS_TICKS(3)), 1);
    zassert_equal(ticks_of_take(K_TIMEOUT_ABS_TICKS(0)), 1);
    zassert_equal(ticks_of_take(K_TIMEOUT_ABS_MS(1)), 1);
}

ZTEST(time_waiting, periodic_sleep_does_not_drift)
{
    int64_t next = k_uptime_ticks();

    for (int i = 0; i < 100; i++) {
        next += 3;
        k_sleep(K_TIMEOUT_ABS_TICKS(next));
        zassert_equal(k_uptime_ticks(), next);
    }
}

ZTEST(time_waiting, deadline_computed_once_holds_over_many_waits)
{
    k_timepoint_t end = sys_timepoint_calc(K_TICKS(30));
    int64_t start = k_uptime_ticks();

    while (!sys_timepoint_expired(end)) {
        k_timeout_t rest = sys_timepoint_timeout(end);

        k_sleep(K_TICKS(MIN(rest.ticks, 4)));
    }
    zassert_between_inclusive(k_uptime_ticks() - start, 30, 35);
}

static void sleep_then_letter(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p3);
    k_sleep(*(k_timeout_t *)p2);
    trace(*(const char *)p1);
}

ZTEST(time_waiting, waits_end_in_order_of_deadline_then_of_start)
{
    k_timeout_t five = K_TICKS(5);
    k_timeout_t nine = K_TICKS(9);
    k_timeout_t two = K_TICKS(2);

    worker_start(0, sleep_then_letter, "n", &nine, 4, K_NO_WAIT);
    worker_start(1, sleep_then_letter, "a", &five, 4, K_NO_WAIT);
    worker_start(2, sleep_then_letter, "b", &five, 4, K_NO_WAIT);
    worker_start(3, sleep_then_letter, "2", &two, 4, K_NO_WAIT);
    worker_start(4, sleep_then_letter, "c", &five, 4, K_NO_WAIT);
    k_sleep(K_TICKS(3));
    k_thread_abort(worker(2)); /* out of the middle */
    k_sleep(K_TICKS(20));
    zassert_true(trace_is("2acn"));
}

ZTEST(time_waiting, huge_waits_do_not_end)
{
    k_timeout_t huge = K_TICKS(INT64_MAX);
    k_timeout_t far = K_TIMEOUT_ABS_TICKS(INT64_MAX);

    worker_start(0, sleep_then_letter, "h", &huge, 4, K_NO_WAIT);
    worker_start(1, sleep_then_letter, "f", &far, 4, K_NO_WAIT);
    zassert_equal(k_thread_timeout_remaining_ticks(worker(0)), INT64_MAX);
    k_sleep(K_TICKS(10));
    zassert_true(trace_is(""));
    zassert_true(k_thread_timeout_remaining_ticks(worker(0)) > INT64_MAX - 100);
    zassert_true(k_thread_timeout_remaining_ticks(worker(1)) > INT64_MAX / 2);
}

/* The tick interrupt of a processor that slept for long. */
static void announce(const void *ticks)
{
    timeout_announce((uint32_t)(uintptr_t)ticks);
}

static void pass_time(uint32_t ticks)
{
    irq_offload(announce, (const void *)(uintptr_t)ticks);
}

ZTEST(time_waiting, many_ticks_at_once)
{
    k_timeout_t two = K_TICKS(2);
    k_timeout_t hundred = K_TICKS(100);
    int64_t start = next_tick();

    worker_start(0, sleep_then_letter, "2", &two, 4, K_NO_WAIT);
    worker_start(1, sleep_then_letter, "h", &hundred, 4, K_NO_WAIT);
    pass_time(50);
    zassert_true(trace_is("2"));
    zassert_equal(k_uptime_ticks(), start + 50);
    pass_time(51);
    zassert_true(trace_is("h"));
}

ZTEST(time_waiting, waits_across_32_bits)
{
    k_timeout_t long_wait = K_TICKS(INT64_C(0x100000010));
    int64_t start = next_tick();
    k_timepoint_t end = sys_timepoint_calc(long_wait);

    worker_start(0, sleep_then_letter, "l", &long_wait, 4, K_NO_WAIT);
    pass_time(0x7fffffff);
    pass_time(0x80000001u);
    zassert_equal(k_uptime_ticks(), start + INT64_C(0x100000000));
    zassert_true(trace_is(""));
    zassert_equal(sys_timepoint_timeout(end).ticks, 0x10);
    pass_time(0x10);
    zassert_true(trace_is(""), "n whole ticks have not passed");
    pass_time(1);
    zassert_true(trace_is("l"));
    pass_time(UINT32_MAX);
    zassert_equal(k_uptime_ticks(), start + INT64_C(0x100000011) + UINT32_MAX);
    zassert_equal(ticks_of_sleep(K_TICKS(3)), 4);
    zassert_equal(ticks_of_sleep(K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + 3)), 3);
}

ZTEST(time_waiting, uptime_in_other_units)
{
    int64_t ticks = k_uptime_ticks();
    int64_t reference = k_uptime_get();

    zassert_equal(k_uptime_get(), ticks * 1000 / 300);
    zassert_equal(k_uptime_get_32(), (uint32_t)(ticks * 1000 / 300));
    zassert_equal(k_uptime_seconds(), (uint32_t)(ticks / 300));
    k_sleep(K_TIMEOUT_ABS_TICKS(ticks + 30));
    zassert_between_inclusive(k_uptime_delta(&reference), 99, 101);
    zassert_equal(reference, k_uptime_get());
}

/* Timeouts themselves, as the kernel's objects use them. */

static struct timeout first;
static struct timeout second;
static int restarts;

static void note_first(struct timeout *timeout)
{
    trace(timeout == &first ? '1' : '2');
}

static void restart_first(struct timeout *timeout)
{
    trace('r');
    if (++restarts < 3) {
        timeout_start_locked(timeout, K_TICKS(1), restart_first);
    }
}

static void stop_second(struct timeout *timeout)
{
    ARG_UNUSED(timeout);
    trace(timeout_stop_locked(&second) ? 's' : '-');
}

static void start_both(k_timeout_t a, void (*expired_a)(struct timeout *), k_timeout_t b,
                       void (*expired_b)(struct timeout *))
{
    unsigned key = irq_lock();

    timeout_start_locked(&first, a, expired_a);
    timeout_start_locked(&second, b, expired_b);
    irq_unlock(key);
}

ZTEST(time_waiting, callback_starts_its_timeout_again)
{
    restarts = 0;
    start_both(K_TICKS(1), restart_first, K_TICKS(3), note_first);
    k_sleep(K_TICKS(20));
    zassert_true(trace_is("r2rr"));
}

ZTEST(time_waiting, callback_stops_another_that_is_due)
{
    start_both(K_TICKS(2), stop_second, K_TICKS(2), note_first);
    k_sleep(K_TICKS(5));
    zassert_true(trace_is("s"));
}

ZTEST(time_waiting, stop_tells_whether_it_was_pending)
{
    unsigned key;

    start_both(K_TICKS(9), note_first, K_TICKS(1), note_first);
    k_sleep(K_TICKS(3));
    key = irq_lock();
    trace(timeout_remaining_locked(&second) == 0 ? '0' : '?');
    trace(timeout_remaining_locked(&first) > 0 ? '+' : '?');
    trace(timeout_stop_locked(&second) ? '?' : 'n');
    trace(timeout_stop_locked(&first) ? 'y' : '?');
    trace(timeout_stop_locked(&first) ? '?' : 'n');
    trace(timeout_remaining_locked(&first) == 0 ? '0' : '?');
    irq_unlock(key);
    k_sleep(K_TICKS(10));
    zassert_true(trace_is("20+nyn0"));
}
