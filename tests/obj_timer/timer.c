/* SPDX-License-Identifier: Apache-2.0 */
/* Timers. */
#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

static struct k_timer timer;
static struct k_timer other;

#define EXPIRIES_MAX 16
static int64_t expiry_ticks[EXPIRIES_MAX];
static unsigned expiries;
static unsigned stops;
static bool in_isr;
static bool was_locked;

static void note_expiry(struct k_timer *expired)
{
    unsigned key = irq_lock();

    in_isr = k_is_in_isr();
    was_locked = key != 0;
    irq_unlock(key);
    if (expired == &timer && expiries < EXPIRIES_MAX) {
        expiry_ticks[expiries++] = k_uptime_ticks();
    }
}

static void note_stop(struct k_timer *stopped)
{
    stops += stopped == &timer;
}

K_TIMER_DEFINE(defined_timer, note_expiry, NULL);

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_timer_init(&timer, note_expiry, note_stop);
    k_timer_init(&other, NULL, NULL);
    expiries = 0;
    stops = 0;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void after(void *fixture)
{
    k_timer_stop(&timer);
    k_timer_stop(&other);
    workers_end(fixture);
}

ZTEST_SUITE(obj_timer, NULL, NULL, before, after, NULL);

ZTEST(obj_timer, one_shot_expires_once_in_the_tick_interrupt_unlocked)
{
    int64_t start_tick = next_tick();

    k_timer_start(&timer, K_TICKS(5), K_NO_WAIT);
    k_sleep(K_TICKS(20));
    zassert_equal(expiries, 1);
    zassert_between_inclusive(expiry_ticks[0] - start_tick, 5, 6);
    zassert_true(in_isr);
    zassert_false(was_locked);
    zassert_equal(k_timer_status_get(&timer), 1);
    zassert_equal(k_timer_remaining_ticks(&timer), 0);
}

ZTEST(obj_timer, period_does_not_drift)
{
    k_timer_start(&timer, K_TICKS(5), K_TICKS(3));
    k_sleep(K_TICKS(40));
    k_timer_stop(&timer);
    zassert_true(expiries >= 12);
    for (unsigned i = 1; i < 12; i++) {
        zassert_equal(expiry_ticks[i] - expiry_ticks[0], 3 * (int64_t)i);
    }
}

ZTEST(obj_timer, absolute_duration)
{
    int64_t due_tick = next_tick() + 7;

    k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(due_tick), K_FOREVER);
    k_sleep(K_TICKS(12));
    zassert_equal(expiries, 1);
    zassert_equal(expiry_ticks[0], due_tick);
    k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(due_tick), K_FOREVER);
    k_sleep(K_TICKS(2));
    zassert_equal(expiries, 2, "one in the past takes the next tick");
}

ZTEST(obj_timer, no_duration_means_the_next_tick)
{
    int64_t start_tick = next_tick();

    k_timer_start(&timer, K_NO_WAIT, K_NO_WAIT);
    k_sleep(K_TICKS(3));
    zassert_equal(expiries, 1);
    zassert_between_inclusive(expiry_ticks[0] - start_tick, 1, 2);
}

ZTEST(obj_timer, forever_changes_nothing)
{
    k_timer_start(&timer, K_FOREVER, K_TICKS(1));
    k_sleep(K_TICKS(5));
    zassert_equal(expiries, 0);
    k_timer_start(&timer, K_TICKS(5), K_NO_WAIT);
    k_timer_start(&timer, K_FOREVER, K_NO_WAIT);
    k_sleep(K_TICKS(8));
    zassert_equal(expiries, 1, "a running timer goes on");
}

ZTEST(obj_timer, started_anew)
{
    int64_t start_tick;

    k_timer_start(&timer, K_TICKS(2), K_TICKS(2));
    k_sleep(K_TICKS(7));
    zassert_true(expiries >= 2);
    start_tick = next_tick();
    k_timer_start(&timer, K_TICKS(6), K_NO_WAIT);
    zassert_equal(k_timer_status_get(&timer), 0, "the count begins anew");
    expiries = 0;
    k_sleep(K_TICKS(15));
    zassert_equal(expiries, 1, "the old period goes on");
    zassert_between_inclusive(expiry_ticks[0] - start_tick, 6, 7);
}

ZTEST(obj_timer, stop_calls_the_stop_function_if_it_runs)
{
    k_timer_stop(&timer);
    zassert_equal(stops, 0, "it was not running");
    k_timer_start(&timer, K_TICKS(2), K_TICKS(2));
    k_sleep(K_TICKS(5));
    k_timer_stop(&timer);
    zassert_equal(stops, 1);
    expiries = 0;
    k_sleep(K_TICKS(5));
    zassert_equal(expiries, 0);
    k_timer_stop(&timer);
    zassert_equal(stops, 1);
    k_timer_start(&timer, K_TICKS(1), K_NO_WAIT);
    k_sleep(K_TICKS(4));
    k_timer_stop(&timer);
    zassert_equal(stops, 1, "a one-shot timer that has expired does not run");
}

ZTEST(obj_timer, status_counts_and_begins_again)
{
    k_timer_start(&timer, K_TICKS(1), K_TICKS(1));
    while (expiries < 5) {
        k_sleep(K_TICKS(1));
    }
    k_timer_stop(&timer);
    zassert_equal(k_timer_status_get(&timer), expiries);
    zassert_equal(k_timer_status_get(&timer), 0);
}

ZTEST(obj_timer, defined_timer_is_ready)
{
    k_timer_start(&defined_timer, K_TICKS(1), K_NO_WAIT);
    zassert_equal(k_timer_status_sync(&defined_timer), 1);
    k_timer_stop(&defined_timer);
}

ZTEST(obj_timer, remaining_and_expires)
{
    int64_t now_tick = next_tick();

    zassert_equal(k_timer_remaining_ticks(&timer), 0);
    zassert_between_inclusive(k_timer_expires_ticks(&timer), now_tick, now_tick + 1);
    now_tick = next_tick();
    k_timer_start(&timer, K_TICKS(50), K_NO_WAIT);
    zassert_between_inclusive(k_timer_remaining_ticks(&timer), 49, 51);
    zassert_between_inclusive(k_timer_expires_ticks(&timer), now_tick + 50, now_tick + 52);
    k_sleep(K_TICKS(10));
    zassert_between_inclusive(k_timer_remaining_ticks(&timer), 37, 41);
    k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + 20), K_NO_WAIT);
    zassert_between_inclusive(k_timer_remaining_get(&timer), k_ticks_to_ms_floor32(18),
                              k_ticks_to_ms_floor32(20));
}

ZTEST(obj_timer, user_data)
{
    zassert_is_null(k_timer_user_data_get(&timer));
    k_timer_user_data_set(&timer, &other);
    zassert_equal_ptr(k_timer_user_data_get(&timer), &other);
}

ZTEST(obj_timer, status_sync_waits_for_an_expiry)
{
    int64_t start_tick = next_tick();

    k_timer_start(&timer, K_TICKS(4), K_TICKS(4));
    zassert_equal(k_timer_status_sync(&timer), 1);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    zassert_equal(k_timer_status_sync(&timer), 1);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 8, 9);
    while (expiries < 4) {
        k_sleep(K_TICKS(1));
    }
    start_tick = k_uptime_ticks();
    zassert_equal(k_timer_status_sync(&timer), 2, "expired meanwhile: no wait");
    zassert_true(k_uptime_ticks() - start_tick <= 1);
}

ZTEST(obj_timer, status_sync_of_a_stopped_timer_does_not_wait)
{
    zassert_equal(k_timer_status_sync(&timer), 0);
    k_timer_start(&timer, K_TICKS(1), K_NO_WAIT);
    k_sleep(K_TICKS(4));
    zassert_equal(k_timer_status_sync(&timer), 1);
    zassert_equal(k_timer_status_sync(&timer), 0);
}

static void sync(void *p1, void *p2, void *p3)
{
    uint32_t status = k_timer_status_sync(&timer);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(*(const char *)p1);
    trace((char)('0' + status));
}

ZTEST(obj_timer, stop_wakes_who_waits)
{
    k_timer_start(&timer, K_TICKS(50), K_NO_WAIT);
    worker_start(0, sync, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, sync, "b", NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    k_timer_stop(&timer);
    zassert_true(trace_is("b0a0"));
}

ZTEST(obj_timer, first_of_two_gets_the_count)
{
    k_timer_start(&timer, K_TICKS(2), K_NO_WAIT);
    worker_start(0, sync, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, sync, "b", NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    k_sleep(K_TICKS(5));
    zassert_true(trace_is("b1a0"));
}

ZTEST(obj_timer, dead_waiter_takes_nothing)
{
    k_timer_start(&timer, K_TICKS(3), K_NO_WAIT);
    worker_start(0, sync, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_thread_abort(worker(0));
    k_sleep(K_TICKS(6));
    zassert_true(trace_is(""));
    zassert_equal(k_timer_status_get(&timer), 1);
}

static void stop_itself(struct k_timer *expired)
{
    trace('x');
    k_timer_stop(expired);
}

ZTEST(obj_timer, expiry_function_stops_its_own_timer)
{
    k_timer_init(&other, stop_itself, NULL);
    k_timer_start(&other, K_TICKS(1), K_TICKS(1));
    k_sleep(K_TICKS(6));
    zassert_true(trace_is("x"));
}

static void start_itself(struct k_timer *expired)
{
    trace('x');
    if (k_timer_user_data_get(expired) == NULL) {
        k_timer_user_data_set(expired, expired);
        k_timer_start(expired, K_TICKS(2), K_NO_WAIT);
    }
}

ZTEST(obj_timer, expiry_function_starts_its_own_timer)
{
    k_timer_init(&other, start_itself, NULL);
    k_timer_start(&other, K_TICKS(1), K_TICKS(50));
    k_sleep(K_TICKS(8));
    zassert_true(trace_is("xx"));
}

static void start_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    k_timer_start(&timer, K_TICKS(2), K_NO_WAIT);
}

static void stop_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    k_timer_stop(&timer);
    trace('i');
}

ZTEST(obj_timer, isr_starts_and_stops)
{
    irq_offload(start_in_isr, NULL);
    k_sleep(K_TICKS(5));
    zassert_equal(expiries, 1);
    k_timer_start(&timer, K_TICKS(50), K_NO_WAIT);
    worker_start(0, sync, "a", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    irq_offload(stop_in_isr, NULL);
    zassert_true(trace_is("ia0"));
    zassert_equal(stops, 1);
}

ZTEST(obj_timer, many_timers_expire_in_order)
{
    static struct k_timer many[12];
    int64_t due_tick = next_tick() + 3;

    for (unsigned i = 0; i < ARRAY_SIZE(many); i++) {
        k_timer_init(&many[i], NULL, NULL);
        k_timer_start(&many[i], K_TIMEOUT_ABS_TICKS(due_tick + (i * 5) % 12), K_NO_WAIT);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(many); i++) {
        zassert_equal(k_timer_status_sync(&many[i * 5 % 12]), 1);
        zassert_equal(k_uptime_ticks(), due_tick + (i * 25) % 12, "timer %u", i);
    }
}
