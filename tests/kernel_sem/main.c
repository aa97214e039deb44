/* SPDX-License-Identifier: Apache-2.0 */
/* Counting semaphores. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

static K_SEM_DEFINE(defined, 2, 3);
static struct k_sem sem;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_ok(k_sem_init(&sem, 0, 10));
    k_thread_priority_set(k_current_get(), 5);
}

ZTEST_SUITE(sem, NULL, NULL, before, workers_end, NULL);

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

ZTEST(sem, define_gives_count_and_limit)
{
    zassert_equal(k_sem_count_get(&defined), 2);
    k_sem_give(&defined);
    k_sem_give(&defined);
    zassert_equal(k_sem_count_get(&defined), 3, "the limit was passed");
}

ZTEST(sem, init_checks_its_arguments)
{
    struct k_sem other;

    zassert_equal(k_sem_init(&other, 0, 0), -EINVAL);
    zassert_equal(k_sem_init(&other, 2, 1), -EINVAL);
    zassert_ok(k_sem_init(&other, 1, 1));
    zassert_ok(k_sem_init(&other, K_SEM_MAX_LIMIT, K_SEM_MAX_LIMIT));
    k_sem_give(&other);
    zassert_equal(k_sem_count_get(&other), K_SEM_MAX_LIMIT);
}

ZTEST(sem, take_counts_down)
{
    k_sem_give(&sem);
    k_sem_give(&sem);
    zassert_ok(k_sem_take(&sem, K_NO_WAIT));
    zassert_ok(k_sem_take(&sem, K_FOREVER));
    zassert_equal(k_sem_take(&sem, K_NO_WAIT), -EBUSY);
    zassert_equal(k_sem_count_get(&sem), 0);
}

ZTEST(sem, take_ends_at_its_deadline)
{
    int64_t start;

    (void)k_sleep(K_TICKS(1)); /* so that no tick begins between the next two lines */
    start = k_uptime_ticks();
    zassert_equal(k_sem_take(&sem, K_TICKS(10)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start, 10, 11);
    k_sem_give(&sem);
    zassert_equal(k_sem_count_get(&sem), 1, "the late waiter is still in the queue");
}

static void take_twice(void *p1, void *p2, void *p3)
{
    take(p1, p2, NULL);
    take(p1, NULL, p3);
}

ZTEST(sem, take_succeeds_after_one_that_gave_up)
{
    k_timeout_t short_wait = K_TICKS(3);

    worker_start(0, take_twice, "w", &short_wait, 3, K_NO_WAIT);
    k_sleep(K_TICKS(6));
    k_sem_give(&sem);
    zassert_true(trace_is("~w"), "the second wait has the result of the first");
}

ZTEST(sem, unit_goes_to_the_waiter_and_cannot_be_stolen)
{
    worker_start(0, take, "w", NULL, 6, K_NO_WAIT);
    k_msleep(1);
    k_sem_give(&sem);
    zassert_equal(k_sem_take(&sem, K_NO_WAIT), -EBUSY);
    k_msleep(1);
    zassert_true(trace_is("w"));
}

ZTEST(sem, waiters_are_served_by_priority_then_in_order)
{
    worker_start(0, take, "a", NULL, 4, K_NO_WAIT);
    worker_start(1, take, "b", NULL, 3, K_NO_WAIT);
    worker_start(2, take, "c", NULL, 4, K_NO_WAIT);
    worker_start(3, take, "d", NULL, 3, K_NO_WAIT);
    for (int i = 0; i < 4; i++) {
        k_sem_give(&sem);
    }
    zassert_true(trace_is("bdac"));
    zassert_equal(k_sem_count_get(&sem), 0);
}

ZTEST(sem, waiter_that_gave_up_leaves_its_place)
{
    k_timeout_t short_wait = K_TICKS(3);

    worker_start(0, take, "a", &short_wait, 3, K_NO_WAIT);
    worker_start(1, take, "b", NULL, 4, K_NO_WAIT);
    k_sleep(K_TICKS(6));
    k_sem_give(&sem);
    zassert_true(trace_is("~b"));
}

ZTEST(sem, reset_sends_waiters_away)
{
    worker_start(0, take, "a", NULL, 4, K_NO_WAIT);
    worker_start(1, take, "b", NULL, 4, K_NO_WAIT);
    k_sem_reset(&sem);
    zassert_true(trace_is("~~"));
    k_sem_give(&sem);
    k_sem_reset(&sem);
    zassert_equal(k_sem_count_get(&sem), 0);
}

static int isr_result;

static void take_in_isr(const void *parameter)
{
    isr_result = k_sem_take((struct k_sem *)(uintptr_t)parameter, K_NO_WAIT);
}

static void give_twice_in_isr(const void *parameter)
{
    k_sem_give((struct k_sem *)(uintptr_t)parameter);
    k_sem_give((struct k_sem *)(uintptr_t)parameter);
    trace('i');
}

static void reset_in_isr(const void *parameter)
{
    k_sem_reset((struct k_sem *)(uintptr_t)parameter);
    trace('i');
}

ZTEST(sem, isr_takes_without_waiting)
{
    irq_offload(take_in_isr, &sem);
    zassert_equal(isr_result, -EBUSY);
    k_sem_give(&sem);
    irq_offload(take_in_isr, &sem);
    zassert_equal(isr_result, 0);
}

ZTEST(sem, isr_gives_and_the_switch_follows)
{
    worker_start(0, take, "a", NULL, 4, K_NO_WAIT);
    worker_start(1, take, "b", NULL, 3, K_NO_WAIT);
    irq_offload(give_twice_in_isr, &sem);
    zassert_true(trace_is("iba"));
    worker_start(2, take, "c", NULL, 4, K_NO_WAIT);
    irq_offload(reset_in_isr, &sem);
    zassert_true(trace_is("i~"));
}

/* The unit is given in the very tick in which the wait ends: whoever comes first under the lock
 * decides, and no unit is lost. */
static struct timeout giving;

static void give_expired(struct timeout *timeout)
{
    ARG_UNUSED(timeout);
    k_sem_give(&sem);
}

static void start_giving(k_ticks_t tick)
{
    unsigned key = irq_lock();

    timeout_start_locked(&giving, K_TIMEOUT_ABS_TICKS(tick), give_expired);
    irq_unlock(key);
}

ZTEST(sem, give_just_before_the_deadline)
{
    int64_t end = k_uptime_ticks() + 5;

    start_giving(end);
    zassert_ok(k_sem_take(&sem, K_TIMEOUT_ABS_TICKS(end)));
    zassert_equal(k_sem_count_get(&sem), 0);
}

ZTEST(sem, give_just_behind_the_deadline)
{
    int64_t end = k_uptime_ticks() + 5;
    k_timeout_t until = K_TIMEOUT_ABS_TICKS(end);

    worker_start(0, take, "a", &until, 4, K_NO_WAIT);
    start_giving(end);
    k_sleep(K_TICKS(10));
    zassert_true(trace_is("~"));
    zassert_equal(k_sem_count_get(&sem), 1);
}

ZTEST(sem, unit_handed_to_a_thread_that_dies_unaware_is_given_again)
{
    worker_start(0, take, "a", NULL, 3, K_NO_WAIT);
    worker_start(1, take, "b", NULL, 4, K_NO_WAIT);
    k_sched_lock();
    k_sem_give(&sem);
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(trace_is("b"));
    worker_start(2, take, "c", NULL, 4, K_NO_WAIT);
    k_sched_lock();
    k_sem_give(&sem);
    k_thread_abort(worker(2));
    k_sched_unlock();
    zassert_equal(k_sem_count_get(&sem), 1);
}
