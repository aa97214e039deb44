/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of locking and unlocking a mutex, free, contended, along a
 * chain of owners, and of a condition variable. An interrupt may not lock, so it aborts, restarts
 * or suspends the other threads, changes their priorities or lets deadlines pass. Afterwards the
 * whole kernel is in order, priorities (O1) included, each mutex ends free, and nobody was inside
 * together.
 */
#include "../../kernel/sched.h"
#include "../sweep/sweep.h"
#include "../ztest/invariants.h"

#define TEST_PRIORITY 5
#define FIRST         0 /* workers */
#define SECOND        1
#define DELAY_TICKS   1000

static struct k_mutex mutexes[2];
static struct k_condvar condvar;
static bool condition;
static k_timeout_t wait_time;
static bool suspended;

/* Threads. */

static void lock_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    if (k_mutex_lock(&mutexes[0], wait_time) == 0) {
        (void)k_mutex_unlock(&mutexes[0]);
    }
}

/* Owns the first, sleeps until it inherits; with the second it waits for what the body owns. */
static void own_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutexes[0], K_FOREVER);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY + 1);
    (void)k_mutex_unlock(&mutexes[0]);
}

static void chain_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutexes[0], K_FOREVER);
    if (k_mutex_lock(&mutexes[1], wait_time) == 0) {
        (void)k_mutex_unlock(&mutexes[1]);
    }
    (void)k_mutex_unlock(&mutexes[0]);
}

static void signal_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutexes[0], K_FOREVER);
    condition = true;
    (void)k_condvar_signal(&condvar);
    (void)k_mutex_unlock(&mutexes[0]);
}

static void await_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutexes[0], K_FOREVER);
    while (!condition && k_condvar_wait(&condvar, &mutexes[0], wait_time) == 0) {
    }
    (void)k_mutex_unlock(&mutexes[0]);
}

/* Preparations. */

static void prepare_free(void)
{
    workers_end(NULL);
    (void)k_mutex_init(&mutexes[0]);
    (void)k_mutex_init(&mutexes[1]);
    (void)k_condvar_init(&condvar);
    condition = false;
    suspended = false;
    wait_time = K_FOREVER;
}

static void prepare_owner(void)
{
    prepare_free();
    worker_start(FIRST, own_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
}

/* The test owns both; two more urgent threads wait, one through the other. */
static void prepare_chain(void)
{
    prepare_free();
    (void)k_mutex_lock(&mutexes[1], K_FOREVER);
    worker_start(FIRST, chain_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(SECOND, lock_entry, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
}

static void prepare_chain_with_deadlines(void)
{
    prepare_free();
    wait_time = K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + DELAY_TICKS);
    (void)k_mutex_lock(&mutexes[1], K_FOREVER);
    worker_start(FIRST, chain_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(SECOND, lock_entry, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
}

static void prepare_signaller(void)
{
    prepare_free();
    worker_start(FIRST, signal_entry, NULL, NULL, TEST_PRIORITY + 1, K_NO_WAIT);
}

static void prepare_awaiting(void)
{
    prepare_free();
    worker_start(FIRST, await_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
}

/* Bodies. */

static void body_lock_and_unlock(void)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_FOREVER));
    zassert_ok(k_mutex_lock(&mutexes[0], K_NO_WAIT));
    zassert_ok(k_mutex_unlock(&mutexes[0]));
    zassert_ok(k_mutex_unlock(&mutexes[0]));
}

static void body_lock_with_deadline(void)
{
    if (k_mutex_lock(&mutexes[0], K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + DELAY_TICKS)) == 0) {
        zassert_ok(k_mutex_unlock(&mutexes[0]));
    }
}

static void body_unlock_chain(void)
{
    zassert_ok(k_mutex_unlock(&mutexes[1]));
}

static void body_await(void)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_FOREVER));
    while (!condition) {
        zassert_ok(k_condvar_wait(&condvar, &mutexes[0], K_FOREVER));
    }
    zassert_ok(k_mutex_unlock(&mutexes[0]));
}

static void body_signal(void)
{
    zassert_ok(k_mutex_lock(&mutexes[0], K_FOREVER));
    condition = true;
    zassert_ok(k_condvar_signal(&condvar));
    zassert_ok(k_mutex_unlock(&mutexes[0]));
}

/* Handlers. */

static void isr_abort_first(void)
{
    k_thread_abort(worker(FIRST));
}

static void isr_abort_second(void)
{
    k_thread_abort(worker(SECOND));
}

static void isr_reorder_first(void)
{
    int priority = worker(FIRST)->base_priority;

    k_thread_priority_set(worker(FIRST), priority < TEST_PRIORITY ? priority + 3 : priority - 3);
}

static void isr_lower_second(void)
{
    k_thread_priority_set(worker(SECOND), TEST_PRIORITY + 1);
}

static void isr_suspend_second(void)
{
    suspended = true;
    k_thread_suspend(worker(SECOND));
}

static void isr_restart_second(void)
{
    k_thread_abort(worker(SECOND));
    worker_start(SECOND, lock_entry, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
}

static void isr_lower_body(void)
{
    k_tid_t interrupted = k_current_get();

    if (interrupted != worker(FIRST) && interrupted != worker(SECOND)) {
        k_thread_priority_set(interrupted, TEST_PRIORITY);
    }
}

static void isr_deadline(void)
{
    timeout_announce(DELAY_TICKS + 1);
}

static void isr_signal(void)
{
    (void)k_condvar_signal(&condvar);
}

/* Checks. */

static void check_kernel(void)
{
    const char *broken = kernel_broken();

    zassert_is_null(broken, "%s, point %u, pc %lx", broken, sweep_point(), sweep_pc());
}

static void check(void)
{
    check_kernel();
    for (unsigned i = 0; i < ARRAY_SIZE(mutexes); i++) {
        zassert_true(mutexes[i].owner != NULL || mutexes[i].wait_q.head == NULL,
                     "a thread waits for a free mutex, point %u, pc %lx", sweep_point(),
                     sweep_pc());
    }
    if (suspended) {
        k_thread_resume(worker(SECOND));
    }
    k_thread_priority_set(worker(FIRST), TEST_PRIORITY - 1); /* what is left to do is done */
    k_thread_priority_set(worker(SECOND), TEST_PRIORITY - 1);
    check_kernel();
    for (unsigned i = 0; i < ARRAY_SIZE(mutexes); i++) {
        zassert_is_null(mutexes[i].owner, "mutex %u is not free, point %u, pc %lx", i,
                        sweep_point(), sweep_pc());
    }
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
    zassert_true(!condition || condvar.wait_q.head == NULL, "a signal is lost, point %u, pc %lx",
                 sweep_point(), sweep_pc());
}

static void sweep_with(const char *name, void (*prepare)(void), void (*body)(void),
                       void (*handler)(void))
{
    struct sweep sweep = {name, prepare, body, handler, check};

    sweep_run(&sweep);
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_owners, NULL, NULL, before, workers_end, print_total);

ZTEST(sweep_owners, mutex_nobody_wants)
{
    sweep_with("lock twice, unlock; the priority is set", prepare_free, body_lock_and_unlock,
               isr_lower_body);
    sweep_with("lock twice, unlock; a thread wants it", prepare_free, body_lock_and_unlock,
               isr_restart_second);
}

ZTEST(sweep_owners, mutex_of_a_less_urgent_thread)
{
    sweep_with("lock; the owner's priority changes", prepare_owner, body_lock_and_unlock,
               isr_reorder_first);
    sweep_with("lock; the owner is aborted", prepare_owner, body_lock_and_unlock, isr_abort_first);
    sweep_with("lock; a more urgent thread comes", prepare_owner, body_lock_and_unlock,
               isr_restart_second);
    sweep_with("lock; the caller's priority is set", prepare_owner, body_lock_and_unlock,
               isr_lower_body);
    sweep_with("lock with a deadline; it passes", prepare_owner, body_lock_with_deadline,
               isr_deadline);
}

ZTEST(sweep_owners, chain)
{
    sweep_with("unlock; the middle is aborted", prepare_chain, body_unlock_chain, isr_abort_first);
    sweep_with("unlock; the end is aborted", prepare_chain, body_unlock_chain, isr_abort_second);
    sweep_with("unlock; the end is restarted", prepare_chain, body_unlock_chain,
               isr_restart_second);
    sweep_with("unlock; the end is suspended", prepare_chain, body_unlock_chain,
               isr_suspend_second);
    sweep_with("unlock; the end gets less urgent", prepare_chain, body_unlock_chain,
               isr_lower_second);
    sweep_with("unlock; the middle gets less urgent", prepare_chain, body_unlock_chain,
               isr_reorder_first);
    sweep_with("unlock; deadlines pass", prepare_chain_with_deadlines, body_unlock_chain,
               isr_deadline);
}

ZTEST(sweep_owners, condvar)
{
    sweep_with("wait; a signal without reason", prepare_signaller, body_await, isr_signal);
    sweep_with("wait; the signaller gets more urgent", prepare_signaller, body_await,
               isr_reorder_first);
    sweep_with("wait; a thread locks", prepare_signaller, body_await, isr_restart_second);
    sweep_with("signal; the interrupt signals", prepare_awaiting, body_signal, isr_signal);
    sweep_with("signal; the waiter is aborted", prepare_awaiting, body_signal, isr_abort_first);
    sweep_with("signal; the waiter gets less urgent", prepare_awaiting, body_signal,
               isr_reorder_first);
}
