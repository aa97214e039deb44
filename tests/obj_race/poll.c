/* SPDX-License-Identifier: Apache-2.0 */
/* A poll that is aborted at any place leaves no trace in its objects. */
#include "race.h"

static struct k_sem sem;
static struct k_queue queue;
static struct k_poll_signal signal_;
static struct k_poll_event events[3];
static bool started;

static void poll_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_poll(events, ARRAY_SIZE(events), K_TICKS(1));
}

static void abort_poll(void)
{
    if (started) {
        k_thread_abort(worker(0));
    }
}

static void raise_signal(void)
{
    (void)k_poll_signal_raise(&signal_, 1);
}

static void (*const actions[])(void) = {abort_poll, raise_signal, race_tick};

static void run(void)
{
    static void *item;

    started = false;
    zassert_ok(k_sem_init(&sem, 0, 5));
    k_queue_init(&queue);
    k_poll_signal_init(&signal_);
    k_poll_event_init(&events[0], K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem);
    k_poll_event_init(&events[1], K_POLL_TYPE_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &queue);
    k_poll_event_init(&events[2], K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &signal_);
    race_begin();
    started = true;
    worker_start(0, poll_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_sleep(K_TICKS(3));
    race_end();
    workers_end(NULL);
    /* Whoever still knew of the events would follow these pointers. */
    memset(events, 0xff, sizeof(events));
    k_sem_give(&sem);
    k_queue_append(&queue, &item);
    raise_signal();
}

ZTEST(obj_race, poll_leaves_no_trace)
{
    const struct race race = {run, actions, ARRAY_SIZE(actions), 8};

    race_sweep(&race);
}
