/* SPDX-License-Identifier: Apache-2.0 */
/* k_poll and its signals. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

static struct k_sem sem;
static struct k_fifo fifo;
static struct k_msgq msgq;
static struct k_pipe pipe_;
static struct k_poll_signal signal_ = K_POLL_SIGNAL_INITIALIZER(signal_);
static uint32_t ring[2];
static uint8_t byte_ring[4];
static void *items[4];

#define EVENTS 5
static struct k_poll_event events[WORKER_COUNT][EVENTS];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_sem_init(&sem, 0, 10);
    k_fifo_init(&fifo);
    k_msgq_init(&msgq, (char *)ring, sizeof(ring[0]), ARRAY_SIZE(ring));
    k_pipe_init(&pipe_, byte_ring, sizeof(byte_ring));
    k_poll_signal_init(&signal_);
    for (unsigned i = 0; i < WORKER_COUNT; i++) {
        k_poll_event_init(&events[i][0], K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem);
        k_poll_event_init(&events[i][1], K_POLL_TYPE_FIFO_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
                          &fifo);
        k_poll_event_init(&events[i][2], K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
                          &msgq);
        k_poll_event_init(&events[i][3], K_POLL_TYPE_PIPE_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
                          &pipe_);
        k_poll_event_init(&events[i][4], K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &signal_);
    }
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_poll, NULL, NULL, before, workers_end, NULL);

/* The letters s f m p g of the events that are there. */
static void trace_states(const struct k_poll_event *polled)
{
    static const unsigned states[EVENTS] = {
        K_POLL_STATE_SEM_AVAILABLE, K_POLL_STATE_FIFO_DATA_AVAILABLE,
        K_POLL_STATE_MSGQ_DATA_AVAILABLE, K_POLL_STATE_PIPE_DATA_AVAILABLE, K_POLL_STATE_SIGNALED};

    for (unsigned i = 0; i < EVENTS; i++) {
        if (polled[i].state == states[i]) {
            trace("sfmpg"[i]);
        } else if (polled[i].state != K_POLL_STATE_NOT_READY) {
            trace('?');
        }
    }
}

static void poll_all(void *p1, void *p2, void *p3)
{
    uintptr_t index = (uintptr_t)p1;
    int result = k_poll(events[index], EVENTS, *(const k_timeout_t *)p2);

    ARG_UNUSED(p3);
    trace(result == 0 ? (char)('0' + index) : result == -EINTR ? 'i' : '-');
    trace_states(events[index]);
}

static void start(unsigned index, int priority)
{
    static const k_timeout_t forever = K_FOREVER;

    worker_start(index, poll_all, (void *)(uintptr_t)index, (void *)(uintptr_t)&forever, priority,
                 K_NO_WAIT);
}

static void put_message(void)
{
    uint32_t message = 7;

    zassert_ok(k_msgq_put(&msgq, &message, K_NO_WAIT));
}

ZTEST(obj_poll, finds_what_is_there)
{
    zassert_equal(k_poll(events[0], EVENTS, K_NO_WAIT), -EAGAIN);
    k_sem_give(&sem);
    put_message();
    zassert_equal(k_pipe_write(&pipe_, byte_ring, 1, K_NO_WAIT), 1);
    zassert_ok(k_poll(events[0], EVENTS, K_NO_WAIT));
    trace_states(events[0]);
    zassert_true(trace_is("smp"));
    zassert_equal(k_sem_count_get(&sem), 1, "it takes nothing");
    k_fifo_put(&fifo, &items[0]);
    zassert_ok(k_poll_signal_raise(&signal_, 5));
    zassert_ok(k_poll(events[1], EVENTS, K_FOREVER));
    trace_states(events[1]);
    zassert_true(trace_is("sfmpg"));
}

ZTEST(obj_poll, each_object_ends_the_wait)
{
    start(0, TEST_PRIORITY - 1);
    k_sem_give(&sem);
    zassert_true(trace_is("0s"));
    start(1, TEST_PRIORITY - 1);
    zassert_true(trace_is("1s"), "the unit is still there");
    zassert_ok(k_sem_take(&sem, K_NO_WAIT));
    start(2, TEST_PRIORITY - 1);
    put_message();
    zassert_true(trace_is("2m"));
    k_msgq_purge(&msgq);
    start(3, TEST_PRIORITY - 1);
    k_fifo_put(&fifo, &items[0]);
    zassert_true(trace_is("3f"));
    zassert_equal_ptr(k_fifo_get(&fifo, K_NO_WAIT), &items[0]);
    start(4, TEST_PRIORITY - 1);
    zassert_equal(k_pipe_write(&pipe_, byte_ring, 1, K_NO_WAIT), 1);
    zassert_true(trace_is("4p"));
    k_pipe_reset(&pipe_);
    start(5, TEST_PRIORITY - 1);
    zassert_ok(k_poll_signal_raise(&signal_, 5));
    zassert_true(trace_is("5g"));
}

ZTEST(obj_poll, list_of_items_ends_the_wait)
{
    start(0, TEST_PRIORITY - 1);
    items[0] = NULL;
    zassert_ok(k_fifo_put_list(&fifo, &items[0], &items[0]));
    zassert_true(trace_is("0f"));
}

ZTEST(obj_poll, all_that_happened_until_it_runs)
{
    start(0, TEST_PRIORITY - 1);
    k_sched_lock();
    k_sem_give(&sem);
    put_message();
    k_sched_unlock();
    zassert_true(trace_is("0sm"));
}

ZTEST(obj_poll, deadline)
{
    int64_t start_tick = next_tick();

    zassert_equal(k_poll(events[0], EVENTS, K_TICKS(4)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    start_tick = next_tick();
    zassert_equal(k_poll(events[0], EVENTS, K_TIMEOUT_ABS_TICKS(start_tick + 3)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
    zassert_equal(k_poll(events[0], 0, K_TICKS(1)), -EAGAIN, "no events: only a wait");
    k_sem_give(&sem);
    put_message();
    zassert_equal(events[0][0].state, K_POLL_STATE_NOT_READY, "it is registered no more");
}

ZTEST(obj_poll, invalid)
{
    zassert_equal(k_poll(events[0], -1, K_NO_WAIT), -EINVAL);
    events[0][2].type = 0x80;
    zassert_equal(k_poll(events[0], EVENTS, K_FOREVER), -EINVAL);
}

ZTEST(obj_poll, ignored_event)
{
    events[0][0].type = K_POLL_TYPE_IGNORE;
    k_sem_give(&sem);
    zassert_equal(k_poll(events[0], EVENTS, K_NO_WAIT), -EAGAIN);
    start(0, TEST_PRIORITY - 1);
    put_message();
    zassert_true(trace_is("0m"));
}

ZTEST(obj_poll, initialisers_and_tags)
{
    struct k_poll_event here[2] = {
        K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem),
        K_POLL_EVENT_STATIC_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &signal_, 42),
    };

    zassert_ok(k_poll_signal_raise(&signal_, 0));
    zassert_ok(k_poll(here, 2, K_NO_WAIT));
    zassert_equal(here[0].state, K_POLL_STATE_NOT_READY);
    zassert_equal(here[1].state, K_POLL_STATE_SIGNALED);
    zassert_equal(here[1].tag, 42);
}

static void take_unit(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(k_sem_take(&sem, K_FOREVER) == 0 ? 't' : '!');
}

ZTEST(obj_poll, waiters_come_before_polls)
{
    start(0, TEST_PRIORITY - 2);
    worker_start(1, take_unit, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_sem_give(&sem);
    zassert_true(trace_is("t"));
    k_sem_give(&sem);
    zassert_true(trace_is("0s"));
}

ZTEST(obj_poll, one_poll_is_told_the_most_urgent)
{
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    start(2, TEST_PRIORITY - 1);
    k_sem_give(&sem);
    zassert_true(trace_is("1s"));
    k_sem_give(&sem);
    zassert_true(trace_is("0s"));
    k_sem_give(&sem);
    zassert_true(trace_is("2s"));
}

ZTEST(obj_poll, cancelled_queue)
{
    start(0, TEST_PRIORITY - 1);
    k_fifo_cancel_wait(&fifo);
    zassert_true(trace_is("i?"));
    zassert_equal(events[0][1].state, K_POLL_STATE_CANCELLED);
}

ZTEST(obj_poll, signal_keeps_its_result_until_reset)
{
    unsigned signaled = 9;
    int result = 9;

    k_poll_signal_check(&signal_, &signaled, &result);
    zassert_equal(signaled, 0);
    zassert_ok(k_poll_signal_raise(&signal_, -7));
    k_poll_signal_check(&signal_, &signaled, &result);
    zassert_equal(signaled, 1);
    zassert_equal(result, -7);
    k_poll_signal_reset(&signal_);
    k_poll_signal_check(&signal_, &signaled, &result);
    zassert_equal(signaled, 0);
    zassert_equal(k_poll(events[0], EVENTS, K_NO_WAIT), -EAGAIN);
}

static void raise_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    zassert_ok(k_poll_signal_raise(&signal_, 1));
    trace(k_poll(events[5], EVENTS, K_NO_WAIT) == 0 ? '*' : '!');
}

ZTEST(obj_poll, isr_raises_and_polls)
{
    start(0, TEST_PRIORITY - 1);
    irq_offload(raise_in_isr, NULL);
    zassert_true(trace_is("*0g"));
}

ZTEST(obj_poll, dead_poll_leaves_no_trace)
{
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    memset(events[0], 0xff, sizeof(events[0]));
    k_sem_give(&sem);
    zassert_true(trace_is("1s"));
    put_message();
    zassert_true(trace_is(""));
}

ZTEST(obj_poll, news_of_a_poll_that_dies_unaware_go_to_the_next)
{
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_sched_lock();
    k_sem_give(&sem);
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(trace_is("1s"));
}

ZTEST(obj_poll, poll_that_ended_is_not_told_any_more)
{
    start(0, TEST_PRIORITY - 1);
    put_message();
    zassert_true(trace_is("0m"));
    k_sem_give(&sem);
    zassert_equal(events[0][0].state, K_POLL_STATE_NOT_READY);
}
