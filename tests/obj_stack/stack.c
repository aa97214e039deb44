/* SPDX-License-Identifier: Apache-2.0 */
/* k_stack. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8
#define ENTRIES       3

K_STACK_DEFINE(defined_stack, 2);
static struct k_stack stack;
static stack_data_t buffer[ENTRIES];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_stack_init(&stack, buffer, ENTRIES);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_stack, NULL, NULL, before, workers_end, NULL);

/* Traces the popped letter in the worker's case: worker 0 as it is, worker 1 as its successor. */
static void pop_word(void *p1, void *p2, void *p3)
{
    stack_data_t data = '?';
    int result = k_stack_pop(&stack, &data, K_FOREVER);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(result == 0 ? (char)(data + (uintptr_t)p1) : '!');
}

static void start(unsigned index, int priority)
{
    worker_start(index, pop_word, (void *)(uintptr_t)index, NULL, priority, K_NO_WAIT);
}

static stack_data_t pop(void)
{
    stack_data_t data;

    zassert_ok(k_stack_pop(&stack, &data, K_NO_WAIT));
    return data;
}

ZTEST(obj_stack, last_in_first_out)
{
    for (stack_data_t i = 1; i <= ENTRIES; i++) {
        zassert_ok(k_stack_push(&stack, i));
    }
    zassert_equal(k_stack_push(&stack, 4), -ENOMEM);
    for (stack_data_t i = ENTRIES; i >= 1; i--) {
        zassert_equal(pop(), i);
    }
}

ZTEST(obj_stack, defined_stack_is_ready)
{
    stack_data_t data;

    zassert_ok(k_stack_push(&defined_stack, UINTPTR_MAX));
    zassert_ok(k_stack_push(&defined_stack, 7));
    zassert_equal(k_stack_push(&defined_stack, 8), -ENOMEM);
    zassert_ok(k_stack_pop(&defined_stack, &data, K_NO_WAIT));
    zassert_ok(k_stack_pop(&defined_stack, &data, K_NO_WAIT));
    zassert_equal(data, UINTPTR_MAX);
}

ZTEST(obj_stack, empty)
{
    stack_data_t data = 99;
    int64_t start_tick = next_tick();

    zassert_equal(k_stack_pop(&stack, &data, K_NO_WAIT), -EBUSY);
    zassert_equal(k_stack_pop(&stack, &data, K_TICKS(4)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    start_tick = next_tick();
    zassert_equal(k_stack_pop(&stack, &data, K_TIMEOUT_ABS_TICKS(start_tick + 2)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), start_tick + 2);
    zassert_equal(data, 99);
}

ZTEST(obj_stack, word_goes_to_the_first_waiter)
{
    stack_data_t data;

    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    k_sched_lock();
    zassert_ok(k_stack_push(&stack, 'a'));
    zassert_equal(k_stack_pop(&stack, &data, K_NO_WAIT), -EBUSY, "it was taken from a waiter");
    k_sched_unlock();
    zassert_true(trace_is("b"), "worker 1");
    zassert_ok(k_stack_push(&stack, 'x'));
    zassert_true(trace_is("x"), "worker 0");
}

static void push_in_isr(const void *data)
{
    trace(k_stack_push(&stack, (stack_data_t)data) == 0 ? 'i' : '!');
}

ZTEST(obj_stack, isr_pushes)
{
    start(0, TEST_PRIORITY - 1);
    irq_offload(push_in_isr, (void *)'p');
    zassert_true(trace_is("ip"));
}

ZTEST(obj_stack, word_handed_to_a_thread_that_dies_unaware_goes_on)
{
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_ok(k_stack_push(&stack, 'a'));
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(trace_is("b"), "worker 1");
    start(2, TEST_PRIORITY - 2);
    k_sched_lock();
    zassert_ok(k_stack_push(&stack, 'z'));
    k_thread_abort(worker(2));
    k_sched_unlock();
    zassert_equal(pop(), 'z', "nobody waits: back on the stack");
}

ZTEST(obj_stack, word_that_finds_no_room_is_lost_and_nothing_else)
{
    start(0, TEST_PRIORITY - 2);
    k_sched_lock();
    zassert_ok(k_stack_push(&stack, 'a'));
    for (stack_data_t i = 1; i <= ENTRIES; i++) {
        zassert_ok(k_stack_push(&stack, i));
    }
    k_thread_abort(worker(0));
    k_sched_unlock();
    for (stack_data_t i = ENTRIES; i >= 1; i--) {
        zassert_equal(pop(), i);
    }
}

ZTEST(obj_stack, buffer_from_the_heap)
{
    void *all = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);

    zassert_not_null(all);
    zassert_equal(k_stack_alloc_init(&stack, 8), -ENOMEM);
    zassert_equal(k_stack_alloc_init(&stack, UINT32_MAX), -ENOMEM);
    k_free(all);
    zassert_ok(k_stack_alloc_init(&stack, 8));
    zassert_is_null(k_malloc(CONFIG_HEAP_MEM_POOL_SIZE));
    for (stack_data_t i = 1; i <= 8; i++) {
        zassert_ok(k_stack_push(&stack, i));
    }
    zassert_equal(k_stack_push(&stack, 9), -ENOMEM);
    for (stack_data_t i = 8; i >= 1; i--) {
        zassert_equal(pop(), i);
    }
    start(0, TEST_PRIORITY - 1);
    zassert_equal(k_stack_cleanup(&stack), -EAGAIN);
    k_thread_abort(worker(0));
    zassert_ok(k_stack_cleanup(&stack));
    zassert_ok(k_stack_cleanup(&stack), "once more does nothing");
    all = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);
    zassert_not_null(all, "the buffer was not freed");
    k_free(all);
}
