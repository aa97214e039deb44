/* SPDX-License-Identifier: Apache-2.0 */
/* Event objects. */
#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

static K_EVENT_DEFINE(defined_event);
static struct k_event event;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_event_init(&event);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_event, NULL, NULL, before, workers_end, NULL);

typedef uint32_t (*wait_function)(struct k_event *, uint32_t, bool, k_timeout_t);

static struct wish {
    wait_function wait;
    uint32_t events;
    k_timeout_t timeout;
    uint32_t got;
} wishes[WORKER_COUNT];

static void wait_for_wish(void *p1, void *p2, void *p3)
{
    struct wish *wish = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    wish->got = wish->wait(&event, wish->events, false, wish->timeout);
    trace((char)('a' + (wish - wishes)));
}

static void start(unsigned index, wait_function wait, uint32_t events, int priority)
{
    wishes[index] = (struct wish){wait, events, K_FOREVER, 0};
    worker_start(index, wait_for_wish, &wishes[index], NULL, priority, K_NO_WAIT);
}

ZTEST(obj_event, calls_return_the_previous_values_of_their_bits)
{
    zassert_equal(k_event_post(&event, 0x6), 0);
    zassert_equal(k_event_post(&event, 0xc), 0x4);
    zassert_equal(event.events, 0xe);
    zassert_equal(k_event_set(&event, 0x31), 0xe);
    zassert_equal(event.events, 0x31);
    zassert_equal(k_event_set_masked(&event, 0x2, 0x13), 0x11);
    zassert_equal(event.events, 0x22);
    zassert_equal(k_event_clear(&event, 0x6), 0x2);
    zassert_equal(event.events, 0x20);
    zassert_equal(k_event_test(&event, 0xf0), 0x20);
    zassert_equal(k_event_test(&event, 0x0f), 0);
}

ZTEST(obj_event, defined_object_is_ready)
{
    zassert_equal(k_event_wait(&defined_event, UINT32_MAX, false, K_NO_WAIT), 0);
    (void)k_event_post(&defined_event, BIT(31));
    zassert_equal(k_event_wait(&defined_event, UINT32_MAX, false, K_NO_WAIT), BIT(31));
}

ZTEST(obj_event, any)
{
    (void)k_event_post(&event, 0x5);
    zassert_equal(k_event_wait(&event, 0x3, false, K_NO_WAIT), 0x1);
    zassert_equal(k_event_wait(&event, 0x2, false, K_NO_WAIT), 0);
    zassert_equal(event.events, 0x5, "they stay");
}

ZTEST(obj_event, all)
{
    (void)k_event_post(&event, 0x5);
    zassert_equal(k_event_wait_all(&event, 0x3, false, K_NO_WAIT), 0);
    (void)k_event_post(&event, 0x2);
    zassert_equal(k_event_wait_all(&event, 0x3, false, K_NO_WAIT), 0x3);
    zassert_equal(event.events, 0x7, "they stay");
}

ZTEST(obj_event, reset_clears_every_bit_first)
{
    (void)k_event_post(&event, 0x5);
    zassert_equal(k_event_wait(&event, 0x1, true, K_NO_WAIT), 0);
    zassert_equal(event.events, 0);
    (void)k_event_post(&event, 0x5);
    zassert_equal(k_event_wait_all(&event, 0x5, true, K_NO_WAIT), 0);
}

ZTEST(obj_event, nothing_wanted)
{
    zassert_equal(k_event_wait(&event, 0, false, K_FOREVER), 0);
    zassert_equal(k_event_wait_all(&event, 0, false, K_FOREVER), 0);
}

ZTEST(obj_event, safe_waits_clear_what_they_return)
{
    (void)k_event_post(&event, 0x7);
    zassert_equal(k_event_wait_safe(&event, 0x3, false, K_NO_WAIT), 0x3);
    zassert_equal(event.events, 0x4);
    zassert_equal(k_event_wait_all_safe(&event, 0x6, false, K_NO_WAIT), 0);
    zassert_equal(event.events, 0x4);
    zassert_equal(k_event_wait_all_safe(&event, 0x4, false, K_NO_WAIT), 0x4);
    zassert_equal(event.events, 0);
}

ZTEST(obj_event, deadline)
{
    int64_t start_tick = next_tick();

    zassert_equal(k_event_wait(&event, 0x1, false, K_TICKS(4)), 0);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    start_tick = next_tick();
    zassert_equal(k_event_wait_all(&event, 1, false, K_TIMEOUT_ABS_TICKS(start_tick + 3)), 0);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
    zassert_equal(k_event_wait_safe(&event, 0x1, false, K_TICKS(1)), 0);
}

ZTEST(obj_event, post_wakes_everyone_it_satisfies_and_nobody_else)
{
    start(0, k_event_wait, 0x3, TEST_PRIORITY - 1);
    start(1, k_event_wait_all, 0x3, TEST_PRIORITY - 2);
    start(2, k_event_wait, 0x4, TEST_PRIORITY - 3);
    start(3, k_event_wait_all, 0x1, TEST_PRIORITY - 4);
    (void)k_event_post(&event, 0x1);
    zassert_true(trace_is("da"));
    zassert_equal(wishes[0].got, 0x1);
    zassert_equal(wishes[3].got, 0x1);
    (void)k_event_post(&event, 0x2);
    zassert_true(trace_is("b"));
    zassert_equal(wishes[1].got, 0x3);
    (void)k_event_set_masked(&event, 0x4, 0x4);
    zassert_true(trace_is("c"));
}

ZTEST(obj_event, set_takes_away_before_it_looks)
{
    (void)k_event_post(&event, 0x1);
    start(0, k_event_wait_all, 0x3, TEST_PRIORITY - 1);
    (void)k_event_set(&event, 0x2);
    zassert_true(trace_is(""));
    (void)k_event_post(&event, 0x1);
    zassert_true(trace_is("a"));
}

ZTEST(obj_event, clear_wakes_nobody)
{
    start(0, k_event_wait, 0x1, TEST_PRIORITY - 1);
    (void)k_event_clear(&event, 0xf);
    zassert_true(trace_is(""));
}

ZTEST(obj_event, waiter_sees_the_bits_as_they_were)
{
    start(0, k_event_wait, 0x3, TEST_PRIORITY - 1);
    k_sched_lock();
    (void)k_event_post(&event, 0x1);
    (void)k_event_set(&event, 0x2);
    k_sched_unlock();
    zassert_equal(wishes[0].got, 0x1);
}

ZTEST(obj_event, one_post_satisfies_every_safe_waiter_and_is_then_gone)
{
    start(0, k_event_wait_safe, 0x1, TEST_PRIORITY - 1);
    start(1, k_event_wait_all_safe, 0x3, TEST_PRIORITY - 2);
    start(2, k_event_wait_safe, 0x9, TEST_PRIORITY - 3);
    (void)k_event_post(&event, 0x7);
    zassert_true(trace_is("cba"));
    zassert_equal(wishes[0].got, 0x1);
    zassert_equal(wishes[1].got, 0x3);
    zassert_equal(wishes[2].got, 0x1);
    zassert_equal(event.events, 0x4);
}

static void post_in_isr(const void *events)
{
    (void)k_event_post(&event, (uint32_t)(uintptr_t)events);
    trace(k_event_wait(&event, 0x1, false, K_NO_WAIT) == 0x1 ? 'i' : '!');
}

ZTEST(obj_event, isr_posts)
{
    start(0, k_event_wait, 0x1, TEST_PRIORITY - 1);
    start(1, k_event_wait, 0x1, TEST_PRIORITY - 2);
    irq_offload(post_in_isr, (void *)0x1);
    zassert_true(trace_is("iba"));
}

ZTEST(obj_event, dead_waiter_is_forgotten)
{
    start(0, k_event_wait_safe, 0x1, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    (void)k_event_post(&event, 0x1);
    zassert_equal(event.events, 0x1);
}

ZTEST(obj_event, bits_of_a_safe_waiter_that_dies_unaware_are_posted_again)
{
    start(0, k_event_wait_safe, 0x1, TEST_PRIORITY - 1);
    k_sched_lock();
    (void)k_event_post(&event, 0x1);
    zassert_equal(event.events, 0);
    start(1, k_event_wait_safe, 0x1, TEST_PRIORITY - 2);
    k_sched_unlock();
    k_thread_abort(worker(0));
    zassert_true(trace_is("a"), "worker 0 has seen it, worker 1 waits");
    start(2, k_event_wait_safe, 0x1, TEST_PRIORITY - 3);
    k_sched_lock();
    (void)k_event_post(&event, 0x1);
    k_thread_abort(worker(2));
    zassert_equal(event.events, 0x1);
    k_sched_unlock();
    zassert_true(trace_is("b"));
}

ZTEST(obj_event, bits_posted_again_find_the_next_waiter)
{
    start(0, k_event_wait_safe, 0x1, TEST_PRIORITY - 2);
    k_sched_lock();
    (void)k_event_post(&event, 0x1);
    k_sched_unlock();
    zassert_true(trace_is("a"));
    start(1, k_event_wait_safe, 0x2, TEST_PRIORITY - 2);
    start(2, k_event_wait_safe, 0x1, TEST_PRIORITY - 1);
    k_thread_suspend(worker(1));
    (void)k_event_post(&event, 0x2);
    zassert_equal(event.events, 0);
    start(3, k_event_wait_safe, 0x2, TEST_PRIORITY - 1);
    k_thread_abort(worker(1));
    zassert_true(trace_is("d"), "worker 3 waits for the same bit");
    zassert_equal(event.events, 0);
}
