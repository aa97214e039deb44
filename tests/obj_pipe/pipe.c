/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes. */
#include <errno.h>
#include <limits.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8
#define RING_BYTES    8

K_PIPE_DEFINE(defined_pipe, 4, 4);
static struct k_pipe pipe_;
static uint8_t ring[RING_BYTES + 1];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    memset(ring, 0x5a, sizeof(ring));
    k_pipe_init(&pipe_, ring, RING_BYTES);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void after(void *fixture)
{
    workers_end(fixture);
    zassert_equal(ring[RING_BYTES], 0x5a, "it wrote behind the ring");
}

ZTEST_SUITE(obj_pipe, NULL, NULL, before, after, NULL);

/* A call that a worker makes, and how it ended. */
static struct call {
    char bytes[32];
    size_t len;
    k_timeout_t timeout;
    int result;
} calls[WORKER_COUNT];

static void read_pipe(void *p1, void *p2, void *p3)
{
    struct call *call = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    call->result = k_pipe_read(&pipe_, (uint8_t *)call->bytes, call->len, call->timeout);
    trace((char)('a' + (call - calls)));
}

static void write_pipe(void *p1, void *p2, void *p3)
{
    struct call *call = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    call->result = k_pipe_write(&pipe_, (const uint8_t *)call->bytes, call->len, call->timeout);
    trace((char)('A' + (call - calls)));
}

static void start_reader(unsigned index, size_t len, int priority)
{
    calls[index] = (struct call){.len = len, .timeout = K_FOREVER};
    worker_start(index, read_pipe, &calls[index], NULL, priority, K_NO_WAIT);
}

static void start_writer(unsigned index, const char *bytes, int priority)
{
    calls[index] = (struct call){.len = strlen(bytes), .timeout = K_FOREVER};
    strcpy(calls[index].bytes, bytes);
    worker_start(index, write_pipe, &calls[index], NULL, priority, K_NO_WAIT);
}

static int write_text(const char *text)
{
    return k_pipe_write(&pipe_, (const uint8_t *)text, strlen(text), K_NO_WAIT);
}

/* True when the next bytes, and no more than these, are `expected`. */
static bool holds(const char *expected)
{
    uint8_t bytes[64];
    int read = k_pipe_read(&pipe_, bytes, sizeof(bytes), K_NO_WAIT);

    if (read == -EAGAIN || read == -EPIPE) {
        read = 0;
    }
    return (size_t)read == strlen(expected) && memcmp(bytes, expected, (size_t)read) == 0;
}

static bool call_got(unsigned index, const char *expected)
{
    return calls[index].result == (int)strlen(expected) &&
           memcmp(calls[index].bytes, expected, strlen(expected)) == 0;
}

ZTEST(obj_pipe, bytes_keep_their_order_over_the_wrap)
{
    uint8_t byte = 0;
    uint8_t bytes[5];

    for (uint8_t i = 0; i < 100; i = (uint8_t)(i + 5)) {
        for (uint8_t j = 0; j < 5; j++) {
            bytes[j] = (uint8_t)(i + j);
        }
        zassert_equal(k_pipe_write(&pipe_, bytes, 5, K_NO_WAIT), 5);
        memset(bytes, 0, sizeof(bytes));
        zassert_equal(k_pipe_read(&pipe_, bytes, 3, K_NO_WAIT), 3);
        zassert_equal(k_pipe_read(&pipe_, bytes + 3, 2, K_NO_WAIT), 2);
        for (uint8_t j = 0; j < 5; j++) {
            zassert_equal(bytes[j], byte++);
        }
    }
}

ZTEST(obj_pipe, defined_pipe_is_ready)
{
    uint8_t bytes[4];

    zassert_equal(k_pipe_write(&defined_pipe, (const uint8_t *)"abcde", 5, K_NO_WAIT), 4);
    zassert_equal(k_pipe_read(&defined_pipe, bytes, 4, K_NO_WAIT), 4);
    zassert_mem_equal(bytes, "abcd", 4);
}

ZTEST(obj_pipe, without_waiting_what_fits_and_what_is_there)
{
    zassert_equal(write_text("0123456789"), RING_BYTES);
    zassert_equal(write_text("x"), -EAGAIN);
    zassert_true(holds("01234567"));
    zassert_equal(k_pipe_read(&pipe_, ring, 0, K_NO_WAIT), 0);
    zassert_equal(k_pipe_write(&pipe_, ring, 0, K_NO_WAIT), 0);
    zassert_equal(k_pipe_read(&pipe_, ring, 1, K_NO_WAIT), -EAGAIN);
}

ZTEST(obj_pipe, too_long_for_the_result)
{
    zassert_equal(k_pipe_read(&pipe_, ring, (size_t)INT_MAX + 1, K_NO_WAIT), -EOVERFLOW);
    zassert_equal(k_pipe_write(&pipe_, ring, (size_t)INT_MAX + 1, K_NO_WAIT), -EOVERFLOW);
}

ZTEST(obj_pipe, reader_waits_for_all_its_bytes)
{
    start_reader(0, 6, TEST_PRIORITY - 1);
    zassert_equal(write_text("abcd"), 4);
    zassert_true(trace_is(""));
    zassert_equal(write_text("efgh"), 4);
    zassert_true(trace_is("a"));
    zassert_true(call_got(0, "abcdef"));
    zassert_true(holds("gh"));
}

ZTEST(obj_pipe, writer_waits_until_all_is_written)
{
    uint8_t bytes[5];

    start_writer(0, "0123456789abcdefghijk", TEST_PRIORITY - 1);
    zassert_equal(k_pipe_read(&pipe_, bytes, 5, K_NO_WAIT), 5);
    zassert_mem_equal(bytes, "01234", 5);
    zassert_true(trace_is(""));
    zassert_true(holds("56789abcdefghijk"), "the last bytes come straight from the writer");
    zassert_true(trace_is("A"));
    zassert_equal(calls[0].result, 21);
}

ZTEST(obj_pipe, readers_are_served_in_order)
{
    start_reader(0, 3, TEST_PRIORITY - 1);
    start_reader(1, 2, TEST_PRIORITY - 2);
    start_reader(2, 2, TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_equal(write_text("abcdefgh"), 8);
    zassert_true(holds("h"), "it was taken from a reader");
    k_sched_unlock();
    zassert_true(trace_is("bac"));
    zassert_true(call_got(1, "ab") && call_got(0, "cde") && call_got(2, "fg"));
}

ZTEST(obj_pipe, writers_are_served_in_order)
{
    zassert_equal(write_text("01234567"), 8);
    start_writer(0, "abc", TEST_PRIORITY - 1);
    start_writer(1, "de", TEST_PRIORITY - 2);
    start_writer(2, "fghijklmnopqr", TEST_PRIORITY - 1);
    zassert_true(holds("01234567deabcfghijklmnopqr"));
    zassert_true(trace_is("BAC"));
}

ZTEST(obj_pipe, room_is_filled_by_waiting_writers_at_once)
{
    uint8_t bytes[2];

    zassert_equal(write_text("01234567"), 8);
    start_writer(0, "ab", TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_equal(k_pipe_read(&pipe_, bytes, 2, K_NO_WAIT), 2);
    zassert_equal(write_text("x"), -EAGAIN, "it came before a waiting writer");
    k_sched_unlock();
    zassert_true(trace_is("A"));
    zassert_true(holds("234567ab"));
}

ZTEST(obj_pipe, deadlines)
{
    uint8_t bytes[4];
    int64_t start_tick = next_tick();

    zassert_equal(k_pipe_read(&pipe_, bytes, 4, K_TICKS(4)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    zassert_equal(write_text("ab"), 2);
    start_tick = next_tick();
    zassert_equal(k_pipe_read(&pipe_, bytes, 4, K_TIMEOUT_ABS_TICKS(start_tick + 3)), 2);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
    zassert_mem_equal(bytes, "ab", 2);
    zassert_equal(k_pipe_write(&pipe_, (const uint8_t *)"0123456789", 10, K_TICKS(2)), 8);
    zassert_equal(k_pipe_write(&pipe_, (const uint8_t *)"x", 1, K_TICKS(2)), -EAGAIN);
    zassert_true(holds("01234567"));
}

ZTEST(obj_pipe, one_deadline_over_many_pieces)
{
    int64_t start_tick = next_tick();

    calls[0] = (struct call){.len = 20, .timeout = K_TICKS(10)};
    worker_start(0, read_pipe, &calls[0], NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    for (int i = 0; i < 4; i++) {
        zassert_equal(write_text("ab"), 2);
        k_sleep(K_TICKS(1));
    }
    zassert_ok(k_thread_join(worker(0), K_FOREVER));
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 10, 11);
    zassert_true(call_got(0, "abababab"));
}

ZTEST(obj_pipe, reset_discards_and_sends_everyone_away)
{
    zassert_equal(write_text("01234567"), 8);
    start_writer(0, "ab", TEST_PRIORITY - 1);
    start_writer(1, "cd", TEST_PRIORITY - 2);
    k_pipe_reset(&pipe_);
    zassert_true(trace_is("BA"));
    zassert_equal(calls[0].result, -ECANCELED);
    zassert_equal(calls[1].result, -ECANCELED);
    zassert_true(holds(""));
    start_reader(2, 4, TEST_PRIORITY - 1);
    zassert_equal(write_text("xy"), 2);
    k_pipe_reset(&pipe_);
    zassert_true(trace_is("c"));
    zassert_equal(calls[2].result, -ECANCELED, "although it had got two");
    zassert_equal(write_text("new"), 3);
    zassert_true(holds("new"));
}

ZTEST(obj_pipe, close_lets_the_rest_be_read)
{
    zassert_equal(write_text("abc"), 3);
    k_pipe_close(&pipe_);
    zassert_equal(write_text("x"), -EPIPE);
    zassert_equal(k_pipe_write(&pipe_, ring, 1, K_FOREVER), -EPIPE);
    zassert_true(holds("abc"));
    zassert_equal(k_pipe_read(&pipe_, ring, 1, K_FOREVER), -EPIPE);
    k_pipe_init(&pipe_, ring, RING_BYTES);
    zassert_equal(write_text("x"), 1);
}

ZTEST(obj_pipe, close_wakes_everyone)
{
    start_reader(0, 4, TEST_PRIORITY - 1);
    start_reader(1, 4, TEST_PRIORITY - 1);
    zassert_equal(write_text("ab"), 2);
    k_pipe_close(&pipe_);
    zassert_true(trace_is("ab"));
    zassert_true(call_got(0, "ab"));
    zassert_equal(calls[1].result, -EPIPE);
    k_pipe_init(&pipe_, ring, RING_BYTES);
    zassert_equal(write_text("01234567"), 8);
    start_writer(2, "ab", TEST_PRIORITY - 1);
    k_pipe_close(&pipe_);
    zassert_true(trace_is("C"));
    zassert_equal(calls[2].result, -EPIPE);
    zassert_true(holds("01234567"));
}

static void write_in_isr(const void *text)
{
    trace(write_text(text) > 0 ? 'i' : '!');
}

static void read_in_isr(const void *byte)
{
    trace(k_pipe_read(&pipe_, (uint8_t *)(uintptr_t)byte, 1, K_NO_WAIT) == 1 ? 'i' : '!');
}

ZTEST(obj_pipe, isr_writes_and_reads)
{
    uint8_t byte = 0;

    start_reader(0, 2, TEST_PRIORITY - 1);
    irq_offload(write_in_isr, "xyz");
    zassert_true(trace_is("ia"));
    irq_offload(read_in_isr, &byte);
    zassert_equal(byte, 'z');
    zassert_true(trace_is("i"));
}

ZTEST(obj_pipe, dead_reader_keeps_what_it_read_and_takes_no_more)
{
    start_reader(0, 4, TEST_PRIORITY - 1);
    zassert_equal(write_text("ab"), 2);
    k_thread_abort(worker(0));
    zassert_equal(write_text("cd"), 2);
    zassert_true(holds("cd"));
}

ZTEST(obj_pipe, dead_writer_leaves_what_it_wrote_and_no_more)
{
    start_writer(0, "0123456789", TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    zassert_true(holds("01234567"));
    zassert_true(holds(""));
}

ZTEST(obj_pipe, thread_that_dies_after_it_was_served)
{
    start_reader(0, 2, TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_equal(write_text("abcd"), 4);
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(holds("cd"));
}

ZTEST(obj_pipe, pipe_without_a_ring)
{
    uint8_t bytes[3];

    k_pipe_init(&pipe_, NULL, 0);
    zassert_equal(write_text("x"), -EAGAIN);
    start_reader(0, 3, TEST_PRIORITY - 1);
    zassert_equal(write_text("abcd"), 3);
    zassert_true(trace_is("a"));
    zassert_true(call_got(0, "abc"));
    start_writer(1, "efgh", TEST_PRIORITY - 1);
    zassert_equal(k_pipe_read(&pipe_, bytes, 3, K_NO_WAIT), 3);
    zassert_mem_equal(bytes, "efg", 3);
    zassert_true(trace_is(""));
    zassert_true(holds("h"));
    zassert_true(trace_is("B"));
}
