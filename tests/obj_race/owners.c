/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes and condition variables: every owner is alive, nobody waits for a mutex without an owner,
 * every priority is what O1 says, after each interrupt and at the end; nobody sleeps in the monitor
 * beside a thing.
 */
#include "race.h"

#define THREADS 4
#define MUTEXES 3

static struct k_mutex mutexes[MUTEXES];
static struct k_condvar condvar;
static unsigned things; /* protected by mutexes[0] */
static bool started[THREADS];
static bool broken;

static bool is_dead(const struct k_thread *thread)
{
    return (thread->state & THREAD_DEAD) != 0;
}

static int expected_priority(const struct k_thread *thread)
{
    int priority = thread->base_priority;

    for (unsigned i = 0; i < MUTEXES; i++) {
        const struct k_thread *waiter = wait_queue_head_locked(&mutexes[i].wait_q);

        if (mutexes[i].owner == thread && waiter != NULL) {
            priority = MIN(priority, waiter->priority);
        }
    }
    return priority;
}

static void check_thread(const struct k_thread *thread)
{
    broken |= !race_check(thread->priority == expected_priority(thread), "O1 is broken");
}

static void check_all(void)
{
    for (unsigned i = 0; i < MUTEXES; i++) {
        const struct k_thread *owner = mutexes[i].owner;
        bool waiters = wait_queue_head_locked(&mutexes[i].wait_q) != NULL;

        broken |= !race_check(owner != NULL || !waiters, "somebody waits for an unlocked mutex");
        broken |= !race_check(owner == NULL || !is_dead(owner), "a dead thread owns a mutex");
    }
    for (unsigned i = 0; i < THREADS; i++) {
        if (started[i] && !is_dead(worker(i))) {
            check_thread(worker(i));
        }
    }
    check_thread(k_current_get());
}

/* Locks what the letters of p1 say, holds all for a tick, unlocks in the same order. */
static void lock_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (const char *step = p1; *step != '\0'; step++) {
        if (k_mutex_lock(&mutexes[*step - '0'], K_TICKS(6)) != 0) {
            return; /* and leaves the rest to its death */
        }
    }
    k_sleep(K_TICKS(1));
    for (const char *step = p1; *step != '\0'; step++) {
        (void)k_mutex_unlock(&mutexes[*step - '0']);
    }
}

static void start_locker(unsigned i)
{
    static const char *const scripts[THREADS] = {"0", "120", "21", "01"};

    started[i] = true;
    worker_start(i, lock_entry, (void *)(uintptr_t)scripts[i], NULL, TEST_PRIORITY - 1 - (int)i,
                 K_NO_WAIT);
}

#define ACTION(name, call)                                                                         \
    static void name(void)                                                                         \
    {                                                                                              \
        if (started[0]) {                                                                          \
            call;                                                                                  \
        }                                                                                          \
        check_all();                                                                               \
    }

ACTION(tick, race_tick())
ACTION(abort_0, k_thread_abort(worker(0)))
ACTION(abort_1, if (started[1]) k_thread_abort(worker(1)))
ACTION(abort_3, if (started[3]) k_thread_abort(worker(3)))
ACTION(raise_0, k_thread_priority_set(worker(0), TEST_PRIORITY - 6))
ACTION(lower_1, if (started[1]) k_thread_priority_set(worker(1), TEST_PRIORITY + 3))
ACTION(suspend_1, if (started[1]) k_thread_suspend(worker(1)))
ACTION(resume_1, if (started[1]) k_thread_resume(worker(1)))

static void (*const lock_actions[])(void) = {tick,    abort_0, abort_1,   abort_3,
                                             raise_0, lower_1, suspend_1, resume_1};

static void set_up(void)
{
    for (unsigned i = 0; i < MUTEXES; i++) {
        zassert_ok(k_mutex_init(&mutexes[i]));
    }
    memset(started, 0, sizeof(started));
    broken = false;
    things = 0;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void run_lockers(void)
{
    set_up();
    race_begin();
    for (unsigned i = 0; i < THREADS; i++) {
        start_locker(i);
    }
    (void)k_mutex_lock(&mutexes[1], K_TICKS(1));
    k_sleep(K_TICKS(2));
    if (mutexes[1].owner == k_current_get()) {
        zassert_ok(k_mutex_unlock(&mutexes[1]));
    }
    (void)k_mutex_lock(&mutexes[0], K_TICKS(20));
    if (mutexes[0].owner == k_current_get()) {
        zassert_ok(k_mutex_unlock(&mutexes[0]));
    }
    race_end();
    check_all();
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY);
    workers_end(NULL);
    check_all();
    for (unsigned i = 0; i < MUTEXES; i++) {
        broken |= !race_check(mutexes[i].owner == NULL, "a mutex stays locked");
    }
    zassert_false(broken);
}

ZTEST(obj_race, mutexes)
{
    const struct race race = {run_lockers, lock_actions, ARRAY_SIZE(lock_actions), 6};

    race_sweep(&race);
}

/* A monitor: things are counted under mutexes[0], takers wait on the condition variable. */

static void take_thing(void *p1, void *p2, void *p3)
{
    k_timeout_t timeout = *(const k_timeout_t *)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutexes[0], K_FOREVER);
    while (things == 0 && k_condvar_wait(&condvar, &mutexes[0], timeout) == 0) {
    }
    things -= things != 0;
    (void)k_mutex_unlock(&mutexes[0]);
}

static void give_thing(void)
{
    if (k_mutex_lock(&mutexes[0], K_TICKS(10)) != 0) {
        return; /* its owner was suspended */
    }
    things++;
    (void)k_condvar_signal(&condvar);
    (void)k_mutex_unlock(&mutexes[0]);
}

static void start_taker(unsigned i, const k_timeout_t *timeout)
{
    started[i] = true;
    worker_start(i, take_thing, (void *)(uintptr_t)timeout, NULL, TEST_PRIORITY - 1 - (int)i,
                 K_NO_WAIT);
}

static void restart_0(void)
{
    static const k_timeout_t forever = K_FOREVER;

    if (started[0]) {
        k_thread_abort(worker(0));
        start_taker(0, &forever);
    }
    check_all();
}

static void (*const monitor_actions[])(void) = {tick,      abort_0,  abort_1,  raise_0,
                                                suspend_1, resume_1, restart_0};

static void run_monitor(void)
{
    static const k_timeout_t forever = K_FOREVER;
    static const k_timeout_t soon = K_TICKS(3);

    set_up();
    zassert_ok(k_condvar_init(&condvar));
    race_begin();
    start_taker(0, &forever);
    start_taker(1, &soon);
    start_taker(2, &forever);
    give_thing();
    k_sleep(K_TICKS(4));
    give_thing();
    k_sleep(K_TICKS(1));
    race_end();
    k_thread_resume(worker(1));
    k_sleep(K_TICKS(1));
    check_all();
    zassert_false(broken);
    zassert_true(race_check(things == 0 || wait_queue_head_locked(&condvar.wait_q) == NULL,
                            "somebody sleeps in the monitor beside a thing"));
    workers_end(NULL);
}

ZTEST(obj_race, condvar)
{
    const struct race race = {run_monitor, monitor_actions, ARRAY_SIZE(monitor_actions), 10};

    race_sweep(&race);
}
