/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a thread that owns mutexes and has joiners opens the lock in between. Whoever is
 * aborted or suspended there: no joiner returns before the thread is gone, and none is forgotten.
 */
#include "race.h"

#define JOINERS 3
#define TARGET  3
#define ENDER   4

#define PARAMETERS void *p1 __unused, void *p2 __unused, void *p3 __unused

static struct k_mutex mutexes[2];
static struct k_sem go;
static bool started[ENDER + 1];
static bool too_early;

static bool is_gone(void)
{
    return k_thread_join(worker(TARGET), K_NO_WAIT) == 0;
}

static void start(unsigned i, k_thread_entry_t entry, int priority)
{
    started[i] = true;
    worker_start(i, entry, NULL, NULL, priority, K_NO_WAIT);
}

static void join(PARAMETERS)
{
    if (k_thread_join(worker(TARGET), K_FOREVER) == 0) {
        too_early |= !is_gone();
    }
}

/* Ends when it is told to, or is ended. */
static void own_two(PARAMETERS)
{
    (void)k_mutex_lock(&mutexes[0], K_FOREVER);
    (void)k_mutex_lock(&mutexes[1], K_FOREVER);
    (void)k_sem_take(&go, K_FOREVER);
}

static void end_target(PARAMETERS)
{
    k_thread_abort(worker(TARGET));
}

static void tell_target(PARAMETERS)
{
    k_sem_give(&go);
}

#define ACTION(name, i, call)                                                                      \
    static void name(void)                                                                         \
    {                                                                                              \
        if (started[i]) {                                                                          \
            call(worker(i));                                                                       \
        }                                                                                          \
    }
ACTION(abort_joiner, 1, k_thread_abort)
ACTION(abort_target, TARGET, k_thread_abort)
ACTION(suspend_target, TARGET, k_thread_suspend)
ACTION(abort_ender, ENDER, k_thread_abort)
ACTION(suspend_ender, ENDER, k_thread_suspend)

static void (*const actions[])(void) = {race_tick,      abort_joiner, abort_target,
                                        suspend_target, abort_ender,  suspend_ender};

static void run(k_thread_entry_t end)
{
    memset(started, 0, sizeof(started));
    too_early = false;
    zassert_ok(k_mutex_init(&mutexes[0]));
    zassert_ok(k_mutex_init(&mutexes[1]));
    zassert_ok(k_sem_init(&go, 0, 1));
    start(TARGET, own_two, TEST_PRIORITY - 3);
    for (unsigned i = 0; i < JOINERS; i++) {
        start(i, join, TEST_PRIORITY - 1 - (int)(i % 2));
    }
    race_begin();
    start(ENDER, end, TEST_PRIORITY - 1);
    k_sleep(K_TICKS(1));
    race_end();
    k_thread_resume(worker(TARGET));
    k_thread_resume(worker(ENDER));
    k_sleep(K_TICKS(1));
    zassert_true(race_check(!too_early, "a joiner returned before the thread was gone"));
    zassert_true(race_check(!is_gone() || (mutexes[0].owner == NULL && mutexes[1].owner == NULL),
                            "the dead own a mutex"));
    for (unsigned i = 0; i < JOINERS; i++) {
        zassert_true(race_check(!is_gone() || k_thread_join(worker(i), K_NO_WAIT) == 0,
                                "somebody joins a thread that is gone"));
    }
    workers_end(NULL);
}

static void run_abort(void)
{
    run(end_target);
}

static void run_return(void)
{
    run(tell_target);
}

ZTEST(obj_race, ending_another_thread)
{
    const struct race race = {run_abort, actions, ARRAY_SIZE(actions), 8};

    race_sweep(&race);
}

ZTEST(obj_race, ending_oneself)
{
    const struct race race = {run_return, actions, ARRAY_SIZE(actions), 8};

    race_sweep(&race);
}
