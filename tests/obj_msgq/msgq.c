/* SPDX-License-Identifier: Apache-2.0 */
/* Message queues. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8
#define LENGTH        3

K_MSGQ_DEFINE(defined_msgq, 5, 2, 1);
static struct k_msgq msgq;
static uint32_t ring[LENGTH];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_msgq_init(&msgq, (char *)ring, sizeof(ring[0]), LENGTH);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_msgq, NULL, NULL, before, workers_end, NULL);

static void put(uint32_t message)
{
    zassert_ok(k_msgq_put(&msgq, &message, K_NO_WAIT));
}

static void fill(uint32_t first)
{
    for (uint32_t i = 0; i < LENGTH; i++) {
        put(first + i);
    }
}

static uint32_t get(void)
{
    uint32_t message = 0;

    zassert_ok(k_msgq_get(&msgq, &message, K_NO_WAIT));
    return message;
}

/* Traces the letter that it got, or - for -ENOMSG, or ~ for -EAGAIN. */
static void read_one(void *p1, void *p2, void *p3)
{
    uint32_t message = '?';
    int result = k_msgq_get(&msgq, &message, *(const k_timeout_t *)p1);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(result == 0 ? (char)message : result == -ENOMSG ? '-' : '~');
}

/* Puts the letter p2; traces it when that was done. */
static void write_one(void *p1, void *p2, void *p3)
{
    uint32_t message = (uint32_t)(uintptr_t)p2;
    int result = k_msgq_put(&msgq, &message, *(const k_timeout_t *)p1);

    ARG_UNUSED(p3);
    trace(result == 0 ? (char)message : result == -ENOMSG ? '-' : '~');
}

static k_timeout_t forever = K_FOREVER;
static k_timeout_t ticks_4 = K_TICKS(4);

static void start_reader(unsigned index, int priority)
{
    worker_start(index, read_one, &forever, NULL, priority, K_NO_WAIT);
}

static void start_writer(unsigned index, char letter, int priority)
{
    worker_start(index, write_one, &forever, (void *)(uintptr_t)letter, priority, K_NO_WAIT);
}

ZTEST(obj_msgq, messages_keep_their_order_over_the_wrap)
{
    put(1);
    put(2);
    for (uint32_t i = 3; i < 20; i++) {
        put(i);
        zassert_equal(get(), i - 2);
    }
    zassert_equal(get(), 18);
    zassert_equal(get(), 19);
}

ZTEST(obj_msgq, full_and_empty_without_waiting)
{
    uint32_t message = 9;

    zassert_equal(k_msgq_get(&msgq, &message, K_NO_WAIT), -ENOMSG);
    zassert_equal(message, 9);
    fill(1);
    zassert_equal(k_msgq_put(&msgq, &message, K_NO_WAIT), -ENOMSG);
    zassert_equal(get(), 1);
}

/* The ring `at` bytes behind a multiple of 4, the message `data` bytes. */
static void check_copies(size_t size, unsigned at, unsigned data)
{
    static char bytes[4 + 3 * 67 + 4] __aligned(4);
    static char words[68 + 4] __aligned(4);
    char *message = words + data;

    memset(bytes, 0x5a, sizeof(bytes));
    k_msgq_init(&msgq, bytes + at + 1, size, 3);
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < size; i++) {
            message[i] = (char)(i * 7 + (size_t)round);
        }
        zassert_ok(k_msgq_put(&msgq, message, K_NO_WAIT));
        memset(words, 0, sizeof(words));
        zassert_ok(k_msgq_get(&msgq, message, K_NO_WAIT));
        for (size_t i = 0; i < size; i++) {
            zassert_equal(message[i], (char)(i * 7 + (size_t)round), "size %zu, byte %zu", size, i);
        }
        zassert_equal(message[size], 0, "it wrote behind the message");
        zassert_equal(data == 0 ? 0 : message[-1], 0, "it wrote before the message");
    }
    zassert_equal(bytes[at], 0x5a, "it wrote before the ring");
    zassert_equal(bytes[at + 1 + 3 * size], 0x5a, "it wrote behind the ring");
}

ZTEST(obj_msgq, messages_of_any_size_and_place)
{
    for (size_t size = 1; size <= 67; size++) {
        for (unsigned place = 0; place < 16; place++) {
            check_copies(size, place / 4, place % 4);
        }
    }
}

ZTEST(obj_msgq, defined_queue_is_ready)
{
    char message[5];

    zassert_equal(k_msgq_num_free_get(&defined_msgq), 2);
    zassert_ok(k_msgq_put(&defined_msgq, "abcd", K_NO_WAIT));
    zassert_ok(k_msgq_put(&defined_msgq, "efgh", K_NO_WAIT));
    zassert_equal(k_msgq_put(&defined_msgq, "ijkl", K_NO_WAIT), -ENOMSG);
    zassert_ok(k_msgq_get(&defined_msgq, message, K_NO_WAIT));
    zassert_str_equal(message, "abcd");
}

ZTEST(obj_msgq, front)
{
    uint32_t message = 7;

    zassert_ok(k_msgq_put_front(&msgq, &message));
    put(8);
    message = 6;
    zassert_ok(k_msgq_put_front(&msgq, &message));
    zassert_equal(k_msgq_put_front(&msgq, &message), -ENOMSG);
    zassert_equal(get(), 6);
    zassert_equal(get(), 7);
    zassert_equal(get(), 8);
}

ZTEST(obj_msgq, peek_takes_nothing)
{
    uint32_t message;

    zassert_equal(k_msgq_peek(&msgq, &message), -ENOMSG);
    put(1);
    put(2);
    (void)get();
    put(3);
    put(4);
    zassert_ok(k_msgq_peek(&msgq, &message));
    zassert_equal(message, 2);
    for (uint32_t i = 0; i < 3; i++) {
        zassert_ok(k_msgq_peek_at(&msgq, &message, i));
        zassert_equal(message, 2 + i, "the one %u behind", (unsigned)i);
    }
    zassert_equal(k_msgq_peek_at(&msgq, &message, 3), -ENOMSG);
    zassert_equal(k_msgq_num_used_get(&msgq), 3);
}

ZTEST(obj_msgq, counts_and_attributes)
{
    struct k_msgq_attrs attrs;

    put(1);
    k_msgq_get_attrs(&msgq, &attrs);
    zassert_equal(attrs.msg_size, sizeof(ring[0]));
    zassert_equal(attrs.max_msgs, LENGTH);
    zassert_equal(attrs.used_msgs, 1);
    zassert_equal(k_msgq_num_free_get(&msgq), LENGTH - 1);
    zassert_equal(k_msgq_num_used_get(&msgq), 1);
}

ZTEST(obj_msgq, deadline_of_a_reader)
{
    uint32_t message;
    int64_t start_tick = next_tick();

    zassert_equal(k_msgq_get(&msgq, &message, K_TICKS(4)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    start_tick = next_tick();
    zassert_equal(k_msgq_get(&msgq, &message, K_TIMEOUT_ABS_TICKS(start_tick + 3)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
}

ZTEST(obj_msgq, deadline_of_a_writer)
{
    uint32_t message = 9;
    int64_t start_tick = next_tick();

    fill(1);
    zassert_equal(k_msgq_put(&msgq, &message, K_TICKS(4)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    start_tick = next_tick();
    zassert_equal(k_msgq_put(&msgq, &message, K_TIMEOUT_ABS_TICKS(start_tick + 3)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
    zassert_equal(get(), 1);
    zassert_equal(k_msgq_num_used_get(&msgq), 2, "the message of the late writer came in");
}

ZTEST(obj_msgq, message_goes_to_the_first_reader)
{
    uint32_t message;

    start_reader(0, TEST_PRIORITY - 1);
    start_reader(1, TEST_PRIORITY - 2);
    k_sched_lock();
    put('x');
    put('y');
    zassert_equal(k_msgq_get(&msgq, &message, K_NO_WAIT), -ENOMSG, "it was taken from a reader");
    put('z');
    k_sched_unlock();
    zassert_true(trace_is("xy"));
    zassert_equal(get(), 'z');
}

ZTEST(obj_msgq, room_goes_to_the_first_writer)
{
    fill(1);
    start_writer(0, 'a', TEST_PRIORITY - 1);
    start_writer(1, 'b', TEST_PRIORITY - 2);
    start_writer(2, 'c', TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_equal(get(), 1);
    zassert_equal(k_msgq_num_free_get(&msgq), 0, "the writer's message is in already");
    k_sched_unlock();
    zassert_true(trace_is("b"));
    zassert_equal(get(), 2);
    zassert_equal(get(), 3);
    zassert_true(trace_is("ac"));
    zassert_equal(get(), 'b');
    zassert_equal(get(), 'a');
    zassert_equal(get(), 'c');
}

ZTEST(obj_msgq, front_goes_to_a_waiting_reader)
{
    uint32_t message = 'f';

    start_reader(0, TEST_PRIORITY - 1);
    zassert_ok(k_msgq_put_front(&msgq, &message));
    zassert_true(trace_is("f"));
}

static void put_in_isr(const void *message)
{
    uint32_t word = (uint32_t)(uintptr_t)message;

    trace(k_msgq_put(&msgq, &word, K_NO_WAIT) == 0 ? 'i' : '!');
}

static void get_in_isr(const void *message)
{
    trace(k_msgq_get(&msgq, (void *)(uintptr_t)message, K_NO_WAIT) == 0 ? 'i' : '!');
}

ZTEST(obj_msgq, isr_puts_and_gets)
{
    uint32_t message = 0;

    start_reader(0, TEST_PRIORITY - 1);
    irq_offload(put_in_isr, (void *)'p');
    zassert_true(trace_is("ip"));
    fill(1);
    start_writer(1, 'w', TEST_PRIORITY - 1);
    irq_offload(get_in_isr, &message);
    zassert_true(trace_is("iw"));
    zassert_equal(message, 1);
}

ZTEST(obj_msgq, purge_sends_writers_away)
{
    fill(1);
    start_writer(0, 'a', TEST_PRIORITY - 1);
    start_writer(1, 'b', TEST_PRIORITY - 2);
    k_msgq_purge(&msgq);
    zassert_true(trace_is("--"));
    zassert_equal(k_msgq_num_used_get(&msgq), 0);
    fill(5);
    zassert_equal(get(), 5);
}

ZTEST(obj_msgq, purge_leaves_readers_alone)
{
    start_reader(0, TEST_PRIORITY - 1);
    k_msgq_purge(&msgq);
    zassert_true(trace_is(""));
    put('r');
    zassert_true(trace_is("r"));
}

ZTEST(obj_msgq, dead_waiters_are_forgotten)
{
    start_reader(0, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    fill('a');
    zassert_equal(k_msgq_num_used_get(&msgq), 3);
    start_writer(1, 'w', TEST_PRIORITY - 1);
    k_thread_abort(worker(1));
    zassert_equal(get(), 'a');
    zassert_equal(k_msgq_num_used_get(&msgq), 2);
}

ZTEST(obj_msgq, message_handed_to_a_thread_that_dies_unaware_goes_on)
{
    start_reader(0, TEST_PRIORITY - 2);
    start_reader(1, TEST_PRIORITY - 1);
    k_sched_lock();
    put('x');
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(trace_is("x"));
    start_reader(2, TEST_PRIORITY - 2);
    k_sched_lock();
    put('y');
    put('z');
    k_thread_abort(worker(2));
    k_sched_unlock();
    zassert_equal(get(), 'y', "back at the front");
    zassert_equal(get(), 'z');
}

ZTEST(obj_msgq, message_that_finds_no_room_is_lost_and_nothing_else)
{
    start_reader(0, TEST_PRIORITY - 2);
    k_sched_lock();
    put('x');
    fill(1);
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_equal(get(), 1);
    zassert_equal(get(), 2);
    zassert_equal(get(), 3);
    zassert_equal(k_msgq_num_used_get(&msgq), 0);
}

ZTEST(obj_msgq, message_of_a_writer_that_died_after_it_was_taken_stays)
{
    fill(1);
    start_writer(0, 'w', TEST_PRIORITY - 2);
    k_sched_lock();
    (void)get();
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_equal(get(), 2);
    zassert_equal(get(), 3);
    zassert_equal(get(), 'w');
}

ZTEST(obj_msgq, late_reader_gets_nothing_that_others_could_have)
{
    worker_start(0, read_one, &ticks_4, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    k_sleep(K_TICKS(8));
    zassert_true(trace_is("~"));
    put('x');
    zassert_equal(get(), 'x');
}

ZTEST(obj_msgq, buffer_from_the_heap)
{
    void *all = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);

    zassert_not_null(all);
    zassert_equal(k_msgq_alloc_init(&msgq, 8, 4), -ENOMEM);
    k_free(all);
    zassert_equal(k_msgq_alloc_init(&msgq, SIZE_MAX / 2, 4), -EINVAL);
    zassert_ok(k_msgq_alloc_init(&msgq, sizeof(uint32_t), LENGTH));
    zassert_is_null(k_malloc(CONFIG_HEAP_MEM_POOL_SIZE));
    fill('a');
    start_writer(0, 'w', TEST_PRIORITY - 1);
    zassert_equal(k_msgq_cleanup(&msgq), -EBUSY);
    zassert_equal(get(), 'a');
    zassert_ok(k_msgq_cleanup(&msgq));
    zassert_ok(k_msgq_cleanup(&msgq), "once more does nothing");
    all = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);
    zassert_not_null(all, "the buffer was not freed");
    k_free(all);
}
