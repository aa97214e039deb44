/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that wake several threads open the lock in between. A waker that is aborted there, or
 * interrupted by others of its kind, leaves nobody asleep who should be awake.
 */
#include "race.h"

#define WAITERS 4
#define WAKER   4

#define PARAMETERS void *p1 __unused, void *p2 __unused, void *p3 __unused

static struct k_event event;
static struct k_queue queue;
static struct k_msgq msgq;
static struct k_condvar condvar;
static struct k_mutex mutex;
static struct k_timer timer;
static struct k_pipe pipe_;
static uint32_t ring[1];
static uint8_t byte_ring[1];
static void *items[WAITERS];
static bool started[WAITERS + 1];

static void abort_waker(void)
{
    if (started[WAKER]) {
        k_thread_abort(worker(WAKER));
    }
}

static void abort_second(void)
{
    k_thread_abort(worker(1));
}

static void lower_first(void)
{
    if (started[0] && worker(0)->pended_on != NULL) {
        k_thread_priority_set(worker(0), TEST_PRIORITY + 3);
    }
}

static void suspend_third(void)
{
    if (started[2] && worker(2)->pended_on != NULL) {
        k_thread_suspend(worker(2));
    }
}

static void post_more(void)
{
    (void)k_event_post(&event, 0x10);
}

static void append_more(void)
{
    static void *more[40];
    static unsigned next;

    k_queue_append(&queue, &more[next++ % ARRAY_SIZE(more)]);
}

static void (*const actions[])(void) = {race_tick,   abort_waker,   abort_second,
                                        lower_first, suspend_third, post_more};

static void start(unsigned i, k_thread_entry_t entry, int priority)
{
    started[i] = true;
    worker_start(i, entry, (void *)(uintptr_t)i, NULL, priority, K_NO_WAIT);
}

static void set_up(void)
{
    memset(started, 0, sizeof(started));
    k_event_init(&event);
    k_queue_init(&queue);
    k_msgq_init(&msgq, (char *)ring, sizeof(ring[0]), 1);
    zassert_ok(k_condvar_init(&condvar));
    zassert_ok(k_mutex_init(&mutex));
    k_timer_init(&timer, NULL, NULL);
    k_pipe_init(&pipe_, byte_ring, sizeof(byte_ring));
}

/* Waiters wait, the waker wakes, everything settles. */
static void run(k_thread_entry_t wait, k_thread_entry_t wake)
{
    race_begin();
    for (unsigned i = 0; i < WAITERS; i++) {
        start(i, wait, TEST_PRIORITY - 1 - (int)(i % 2));
    }
    start(WAKER, wake, TEST_PRIORITY - 1);
    k_sleep(K_TICKS(1));
    race_end();
    k_thread_resume(worker(2));
    k_sleep(K_TICKS(1));
}

static void sweep(void (*run_one)(void))
{
    const struct race race = {run_one, actions, ARRAY_SIZE(actions), 8};

    race_sweep(&race);
}

static void wait_for_event(PARAMETERS)
{
    (void)k_event_wait(&event, 0x1u << ((uintptr_t)p1 % 2), false, K_FOREVER);
}

static void post_event(PARAMETERS)
{
    (void)k_event_post(&event, 0x3);
}

static void run_event(void)
{
    set_up();
    run(wait_for_event, post_event);
    zassert_true(
        race_check((event.events & 0x3) == 0 || wait_queue_head_locked(&event.wait_q) == NULL,
                   "somebody waits beside events"));
    workers_end(NULL);
}

ZTEST(obj_race, waking_by_events)
{
    sweep(run_event);
}

static void wait_for_item(PARAMETERS)
{
    (void)k_queue_get(&queue, K_FOREVER);
}

static void append_items(PARAMETERS)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        items[i] = i + 1 < WAITERS ? &items[i + 1] : NULL;
    }
    (void)k_queue_append_list(&queue, &items[0], &items[WAITERS - 1]);
}

static void run_list(void)
{
    set_up();
    run(wait_for_item, append_items);
    zassert_true(
        race_check(k_queue_is_empty(&queue) || wait_queue_head_locked(&queue.wait_q) == NULL,
                   "somebody waits beside an item"));
    workers_end(NULL);
}

ZTEST(obj_race, waking_by_lists)
{
    sweep(run_list);
}

static void (*const list_actions[])(void) = {race_tick,   abort_waker,   abort_second,
                                             lower_first, suspend_third, append_more};

ZTEST(obj_race, waking_by_lists_with_other_items_in_between)
{
    const struct race race = {run_list, list_actions, ARRAY_SIZE(list_actions), 8};

    race_sweep(&race);
}

static void put_message(PARAMETERS)
{
    uint32_t message = (uint32_t)(uintptr_t)p1;

    (void)k_msgq_put(&msgq, &message, K_FOREVER);
}

static void purge(PARAMETERS)
{
    k_msgq_purge(&msgq);
}

static void get_message(void)
{
    uint32_t message;

    (void)k_msgq_get(&msgq, &message, K_NO_WAIT);
}

static void put_message_in_interrupt(void)
{
    uint32_t message = 77;

    (void)k_msgq_put(&msgq, &message, K_NO_WAIT);
}

static void (*const purge_actions[])(void) = {race_tick,
                                              abort_waker,
                                              abort_second,
                                              lower_first,
                                              suspend_third,
                                              get_message,
                                              put_message_in_interrupt};

static void run_purge(void)
{
    set_up();
    run(put_message, purge);
    zassert_true(
        race_check(k_msgq_num_free_get(&msgq) == 0 || wait_queue_head_locked(&msgq.wait_q) == NULL,
                   "a writer waits beside a queue with room"));
    workers_end(NULL);
}

ZTEST(obj_race, waking_by_a_purge)
{
    const struct race race = {run_purge, purge_actions, ARRAY_SIZE(purge_actions), 8};

    race_sweep(&race);
}

/* A broadcast has no state to look at: it wakes all, or none when its caller died before it. */

static void wait_for_broadcast(PARAMETERS)
{
    (void)k_mutex_lock(&mutex, K_FOREVER);
    (void)k_condvar_wait(&condvar, &mutex, K_FOREVER);
    (void)k_mutex_unlock(&mutex);
}

static void broadcast(PARAMETERS)
{
    (void)k_condvar_broadcast(&condvar);
}

static unsigned waiting(const _wait_q_t *wait_q)
{
    unsigned count = 0;

    for (const struct k_thread *thread = wait_queue_head_locked(wait_q); thread != NULL;
         thread = wait_queue_next_locked(wait_q, thread)) {
        count++;
    }
    return count;
}

static void run_broadcast(void)
{
    unsigned left;

    set_up();
    run(wait_for_broadcast, broadcast);
    left = waiting(&condvar.wait_q);
    zassert_true(race_check(left == 0 || left >= WAITERS - 1, "a broadcast stopped half-way"));
    workers_end(NULL);
}

ZTEST(obj_race, waking_by_a_broadcast)
{
    sweep(run_broadcast);
}

static void wait_for_timer(PARAMETERS)
{
    (void)k_timer_status_sync(&timer);
}

static void stop_timer(PARAMETERS)
{
    k_timer_stop(&timer);
}

static void run_timer(void)
{
    set_up();
    k_timer_start(&timer, K_TICKS(100), K_NO_WAIT);
    run(wait_for_timer, stop_timer);
    zassert_true(race_check(k_timer_remaining_ticks(&timer) != 0 || waiting(&timer.wait_q) == 0,
                            "somebody waits for a stopped timer"));
    k_timer_stop(&timer);
    workers_end(NULL);
}

ZTEST(obj_race, waking_by_a_stop)
{
    sweep(run_timer);
}

static void use_pipe(PARAMETERS)
{
    uint8_t bytes[3] = {0};

    if ((uintptr_t)p1 % 2 == 0) {
        (void)k_pipe_read(&pipe_, bytes, sizeof(bytes), K_FOREVER);
    } else {
        (void)k_pipe_write(&pipe_, bytes, 2, K_FOREVER);
    }
}

static void close_pipe(PARAMETERS)
{
    k_pipe_close(&pipe_);
}

static void run_pipe(void)
{
    set_up();
    run(use_pipe, close_pipe);
    zassert_true(race_check(pipe_.open || (waiting(&pipe_.readers) | waiting(&pipe_.writers)) == 0,
                            "somebody waits at a closed pipe"));
    zassert_true(race_check(waiting(&pipe_.readers) == 0 || pipe_.used_bytes == 0,
                            "a reader waits beside bytes"));
    zassert_true(race_check(waiting(&pipe_.writers) == 0 || pipe_.used_bytes == 1,
                            "a writer waits beside room"));
    workers_end(NULL);
}

ZTEST(obj_race, waking_by_a_close)
{
    sweep(run_pipe);
}
