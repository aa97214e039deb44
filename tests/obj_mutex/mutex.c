/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes: ownership, results, priority inheritance, and what the death of a thread leaves. */
#include <errno.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

static K_MUTEX_DEFINE(static_mutex);
static struct k_mutex mutexes[3];
static struct k_sem go;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    for (unsigned i = 0; i < ARRAY_SIZE(mutexes); i++) {
        zassert_ok(k_mutex_init(&mutexes[i]));
    }
    k_sem_init(&go, 0, 10);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_mutex, NULL, NULL, before, workers_end, NULL);

/*
 * Worker p2 does the steps of script p1: 0 1 2 lock that mutex, x y z unlock 0 1 2, t waits 5 ticks
 * for mutex 0, . waits for `go`. It traces A B C.. when it has locked, a b c.. when it has unlocked.
 */
static void run_script(void *p1, void *p2, void *p3)
{
    char index = (char)(uintptr_t)p2;

    ARG_UNUSED(p3);
    for (const char *step = p1; *step != '\0'; step++) {
        if (*step >= '0' && *step <= '2') {
            trace(k_mutex_lock(&mutexes[*step - '0'], K_FOREVER) == 0 ? (char)('A' + index) : '!');
        } else if (*step >= 'x' && *step <= 'z') {
            trace(k_mutex_unlock(&mutexes[*step - 'x']) == 0 ? (char)('a' + index) : '!');
        } else if (*step == 't') {
            trace(k_mutex_lock(&mutexes[0], K_TICKS(5)) == -EAGAIN ? 't' : '!');
        } else {
            k_sem_take(&go, K_FOREVER);
        }
    }
}

static void start(unsigned index, const char *script, int priority)
{
    worker_start(index, run_script, (void *)(uintptr_t)script, (void *)(uintptr_t)index, priority,
                 K_NO_WAIT);
}

static int priority_of(unsigned index)
{
    return k_thread_priority_get(worker(index));
}

ZTEST(obj_mutex, defined_mutex_is_unlocked)
{
    zassert_ok(k_mutex_lock(&static_mutex, K_NO_WAIT));
    zassert_equal_ptr(static_mutex.owner, k_current_get());
    zassert_ok(k_mutex_unlock(&static_mutex));
    zassert_is_null(static_mutex.owner);
}

ZTEST(obj_mutex, owner_locks_again_and_unlocks_as_often)
{
    for (int i = 0; i < 3; i++) {
        zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    }
    zassert_equal(mutexes[0].more, 2 * MUTEX_AGAIN);
    start(0, "0x", TEST_PRIORITY - 1);
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_true(trace_is(""), "it was released too early");
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_true(trace_is("Aa"));
}

ZTEST(obj_mutex, one_unlock_of_two_releases_nothing)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal_ptr(mutexes[0].owner, k_current_get());
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_is_null(mutexes[0].owner);
}

ZTEST(obj_mutex, unlocked_in_the_order_of_locking)
{
    for (unsigned i = 0; i < 3; i++) {
        zassert_ok(k_mutex_lock(&mutexes[i], K_NO_WAIT));
    }
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_ok(k_mutex_unlock(&mutexes[1]));
    start(0, "2z", TEST_PRIORITY - 3);
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY - 3);
    zassert_ok(k_mutex_unlock(&mutexes[2]));
    zassert_true(trace_is("Aa"));
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
}

ZTEST(obj_mutex, unlock_of_an_unlocked_one)
{
    zassert_equal(k_mutex_unlock(&mutexes[0]), -EINVAL);
}

ZTEST(obj_mutex, unlock_of_anothers)
{
    start(0, "0.x", TEST_PRIORITY - 1);
    zassert_equal(k_mutex_unlock(&mutexes[0]), -EPERM);
    zassert_equal_ptr(mutexes[0].owner, worker(0));
    zassert_equal(mutexes[0].more, 0);
}

ZTEST(obj_mutex, busy_without_waiting)
{
    start(0, "0.x", TEST_PRIORITY - 1);
    zassert_equal(k_mutex_lock(&mutexes[0], K_NO_WAIT), -EBUSY);
    k_sem_give(&go);
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
}

ZTEST(obj_mutex, relative_deadline)
{
    int64_t start_tick;

    start(0, "0.x", TEST_PRIORITY - 1);
    start_tick = next_tick();
    zassert_equal(k_mutex_lock(&mutexes[0], K_TICKS(7)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 7, 8);
}

ZTEST(obj_mutex, absolute_deadline)
{
    int64_t end_tick;

    start(0, "0.x", TEST_PRIORITY - 1);
    end_tick = next_tick() + 6;
    zassert_equal(k_mutex_lock(&mutexes[0], K_TIMEOUT_ABS_TICKS(end_tick)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), end_tick);
}

ZTEST(obj_mutex, goes_to_the_most_urgent_then_to_the_longest_waiter)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0.x", TEST_PRIORITY - 1);
    start(1, "0x", TEST_PRIORITY - 1);
    k_msleep(1); /* the second does not preempt us: we have inherited its priority */
    start(2, "0x", TEST_PRIORITY - 2);
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_true(trace_is("CcA"));
    k_sem_give(&go);
    zassert_true(trace_is("aBb"));
}

ZTEST(obj_mutex, handed_over_not_fought_for)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0x", TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal(k_mutex_lock(&mutexes[0], K_NO_WAIT), -EBUSY, "the waiter owns it already");
    k_sched_unlock();
    zassert_true(trace_is("Aa"));
}

ZTEST(obj_mutex, owner_inherits_and_gives_back)
{
    start(0, "0.x.", TEST_PRIORITY - 1);
    start(1, "0x", TEST_PRIORITY - 4);
    zassert_equal(priority_of(0), TEST_PRIORITY - 4);
    k_sem_give(&go);
    zassert_equal(priority_of(0), TEST_PRIORITY - 1);
    zassert_true(trace_is("ABba"), "the waiter has to run first");
}

ZTEST(obj_mutex, less_urgent_waiter_changes_nothing)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0x", TEST_PRIORITY + 1);
    k_msleep(2);
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
}

ZTEST(obj_mutex, recursive_lock_keeps_what_was_inherited)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0x", TEST_PRIORITY - 3);
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY - 3);
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
}

ZTEST(obj_mutex, two_mutexes_two_waiters_any_order)
{
    for (int order = 0; order < 2; order++) {
        zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
        zassert_ok(k_mutex_lock(&mutexes[1], K_NO_WAIT));
        start(1, "1y", TEST_PRIORITY - 2);
        start(0, "0x", TEST_PRIORITY - 3);
        zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY - 3);
        zassert_ok(k_mutex_unlock(&mutexes[order]));
        zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY - 3 + (order == 0));
        zassert_ok(k_mutex_unlock(&mutexes[1 - order]));
        zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
        zassert_true(trace_is("AaBb"));
    }
}

/* Worker 0 owns mutex 0; worker 1 owns 1 and waits for 0; worker 2 owns 2 and waits for 1. */
static void make_chain(void)
{
    start(0, "0.x.", TEST_PRIORITY - 1);
    start(1, "10xy.", TEST_PRIORITY - 2);
    start(2, "21yz.", TEST_PRIORITY - 3);
    zassert_true(trace_is("ABC"));
    zassert_equal(priority_of(0), TEST_PRIORITY - 3);
}

ZTEST(obj_mutex, chain_inherits)
{
    make_chain();
    start(3, "2z", TEST_PRIORITY - 5);
    for (unsigned i = 0; i < 3; i++) {
        zassert_equal(priority_of(i), TEST_PRIORITY - 5, "owner %u", i);
    }
    k_sem_give(&go);
    zassert_true(trace_is("BbCcDdcba"));
    zassert_equal(priority_of(0), TEST_PRIORITY - 1);
    zassert_equal(priority_of(1), TEST_PRIORITY - 2);
    zassert_equal(priority_of(2), TEST_PRIORITY - 3);
}

ZTEST(obj_mutex, chain_forgets_a_waiter_that_timed_out)
{
    start(0, "0.x.", TEST_PRIORITY - 1);
    start(1, "10xy.", TEST_PRIORITY - 2);
    start(2, "1", TEST_PRIORITY - 4);
    zassert_equal(priority_of(0), TEST_PRIORITY - 4);
    k_thread_abort(worker(2));
    zassert_equal(priority_of(0), TEST_PRIORITY - 2);
    start(3, "t", TEST_PRIORITY - 5);
    zassert_equal(priority_of(0), TEST_PRIORITY - 5);
    k_sleep(K_TICKS(8));
    zassert_true(trace_is("ABt"));
    zassert_equal(priority_of(0), TEST_PRIORITY - 2);
    zassert_equal(priority_of(1), TEST_PRIORITY - 2);
}

ZTEST(obj_mutex, chain_follows_a_change_of_priority)
{
    make_chain();
    k_thread_priority_set(worker(2), TEST_PRIORITY - 6);
    zassert_equal(priority_of(0), TEST_PRIORITY - 6);
    zassert_equal(priority_of(1), TEST_PRIORITY - 6);
    k_thread_priority_set(worker(2), TEST_PRIORITY + 2);
    zassert_equal(priority_of(2), TEST_PRIORITY + 2);
    zassert_equal(priority_of(1), TEST_PRIORITY - 2);
    zassert_equal(priority_of(0), TEST_PRIORITY - 2);
}

ZTEST(obj_mutex, own_priority_of_an_owner_changes_beneath_the_inherited_one)
{
    start(0, "0.x.", TEST_PRIORITY - 1);
    start(1, "0x", TEST_PRIORITY - 4);
    k_thread_priority_set(worker(0), TEST_PRIORITY - 2);
    zassert_equal(priority_of(0), TEST_PRIORITY - 4);
    k_thread_priority_set(worker(0), TEST_PRIORITY - 6);
    zassert_equal(priority_of(0), TEST_PRIORITY - 6);
    k_thread_priority_set(worker(0), TEST_PRIORITY - 3);
    zassert_equal(priority_of(0), TEST_PRIORITY - 4);
    k_sem_give(&go);
    zassert_equal(priority_of(0), TEST_PRIORITY - 3);
}

ZTEST(obj_mutex, moved_waiter_is_served_at_its_new_place)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0x", TEST_PRIORITY - 2);
    start(1, "0x", TEST_PRIORITY - 3);
    k_thread_priority_set(worker(0), TEST_PRIORITY - 4);
    k_sched_lock();
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal_ptr(mutexes[0].owner, worker(0));
    k_sched_unlock();
    zassert_true(trace_is("AaBb"));
}

ZTEST(obj_mutex, medium_thread_does_not_keep_the_urgent_one_waiting)
{
    /* The inversion that inheritance is for: less urgent owner, busy medium, urgent waiter. */
    start(0, "0.x", TEST_PRIORITY + 3);
    k_msleep(1);
    start(1, "0x", TEST_PRIORITY - 2);
    k_sem_give(&go);
    zassert_true(trace_is("ABb"), "the owner had to wait for this test");
}

ZTEST(obj_mutex, ring_of_owners_ends)
{
    start(0, "0.1y", TEST_PRIORITY - 1);
    start(1, "1.0x", TEST_PRIORITY - 2);
    k_sem_give(&go);
    k_sem_give(&go);
    start(2, "0x", TEST_PRIORITY - 4);
    zassert_equal(priority_of(0), TEST_PRIORITY - 4);
    zassert_equal(priority_of(1), TEST_PRIORITY - 4);
    zassert_true(trace_is("AB"));
    /* 1 has its own priority back, so 2 is served before it. */
    k_thread_abort(worker(0));
    zassert_true(trace_is("CcBb"));
}

ZTEST(obj_mutex, dead_owner_hands_over)
{
    start(0, "001.", TEST_PRIORITY - 1);
    start(1, "0x.", TEST_PRIORITY - 2);
    start(2, "1y.", TEST_PRIORITY - 2);
    zassert_true(trace_is("AAA"));
    k_thread_abort(worker(0));
    zassert_true(trace_is("CcBb"));
    zassert_is_null(mutexes[0].owner);
    zassert_is_null(mutexes[1].owner);
}

ZTEST(obj_mutex, owner_that_returns_hands_over)
{
    start(0, "0.", TEST_PRIORITY - 1);
    start(1, "0x", TEST_PRIORITY - 2);
    k_sem_give(&go);
    zassert_true(trace_is("ABb"));
}

ZTEST(obj_mutex, dead_waiter_takes_its_priority_along)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0x", TEST_PRIORITY - 3);
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY - 3);
    k_thread_abort(worker(0));
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_is_null(mutexes[0].owner);
}

ZTEST(obj_mutex, mutex_handed_to_a_thread_that_dies_unaware_goes_on)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(1, "0x", TEST_PRIORITY - 2);
    start(0, "0x", TEST_PRIORITY - 3);
    k_sched_lock();
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal_ptr(mutexes[0].owner, worker(0));
    k_thread_abort(worker(0));
    zassert_equal_ptr(mutexes[0].owner, worker(1));
    k_sched_unlock();
    zassert_true(trace_is("Bb"));
}

ZTEST(obj_mutex, suspended_waiter_owns_it_when_resumed)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    start(0, "0x", TEST_PRIORITY - 3);
    k_thread_suspend(worker(0));
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_equal_ptr(mutexes[0].owner, worker(0));
    zassert_true(trace_is(""));
    k_thread_resume(worker(0));
    zassert_true(trace_is("Aa"));
}
