/* SPDX-License-Identifier: Apache-2.0 */
/* W6: who passes a waiter, who is counted, and what ends it. CONFIG_KHEAP_BYPASS_MAX is 3. */
#include <zephyr/irq_offload.h>

#include "../kheap/heap.h"

ZTEST_SUITE(kheap_fair, NULL, NULL, heap_before, heap_after, NULL);

#define SMALL_BYTES 56
#define LARGE_BYTES (HEAP_BYTES - 400)

static void *blocks[24];
static struct wait large;
static struct wait small;

BUILD_ASSERT(CONFIG_KHEAP_BYPASS_MAX == 3, "the tests count to three");

/* A full heap, and a request that needs most of it waits with `priority`. */
static void block_with_large(int priority, k_timeout_t timeout)
{
    (void)fill(SMALL_BYTES, blocks, ARRAY_SIZE(blocks));
    large = (struct wait){.letter = 'L', .bytes = LARGE_BYTES, .timeout = timeout};
    small = (struct wait){.letter = 's', .bytes = SMALL_BYTES, .timeout = K_FOREVER};
    wait_start(0, &large, priority);
    k_sleep(K_TICKS(1));
    zassert_false(large.answered);
}

/* What is free then is free for newcomers. */
static void free_blocks(unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        k_heap_free(&heap, blocks[i]);
        blocks[i] = NULL;
    }
}

static bool try_small(void)
{
    void *block = k_heap_alloc(&heap, SMALL_BYTES, K_NO_WAIT);

    return block != NULL;
}

static void try_in_interrupt(const void *got)
{
    *(bool *)(uintptr_t)got = try_small();
}

static bool try_small_in_interrupt(void)
{
    bool got = false;

    irq_offload(try_in_interrupt, &got);
    return got;
}

/* The large request has been passed three times; one free block is left over. */
static void close_heap(int priority, k_timeout_t timeout)
{
    block_with_large(priority, timeout);
    free_blocks(0, 4);
    for (unsigned i = 0; i < 3; i++) {
        zassert_true(try_small());
    }
    zassert_false(try_small());
    zassert_equal(wait_stats().bypasses, 3);
}

ZTEST(kheap_fair, W6_newcomers_of_the_same_priority_pass_three_times)
{
    close_heap(TEST_PRIORITY, K_FOREVER);
    free_blocks(4, 5);
    k_sleep(K_TICKS(1));
    zassert_false(large.answered);
    zassert_false(try_small(), "a third of the heap is free, for the large request");
}

ZTEST(kheap_fair, W6_less_urgent_newcomers_pass_three_times)
{
    close_heap(TEST_PRIORITY - 1, K_FOREVER);
}

ZTEST(kheap_fair, W6_interrupts_pass_three_times)
{
    block_with_large(TEST_PRIORITY + 1, K_FOREVER);
    free_blocks(0, 4);
    for (unsigned i = 0; i < 3; i++) {
        zassert_true(try_small_in_interrupt());
    }
    zassert_false(try_small_in_interrupt());
    zassert_true(try_small(), "the test is more urgent");
}

ZTEST(kheap_fair, W6_more_urgent_newcomers_are_not_counted)
{
    block_with_large(TEST_PRIORITY + 1, K_FOREVER);
    free_blocks(0, 8);
    for (unsigned i = 0; i < 8; i++) {
        zassert_true(try_small());
    }
    zassert_equal(wait_stats().bypasses, 0);
}

ZTEST(kheap_fair, W6_waiters_behind_pass_three_times)
{
    static struct wait behind[4];

    block_with_large(TEST_PRIORITY - 2, K_FOREVER);
    for (unsigned i = 0; i < 4; i++) {
        behind[i] =
            (struct wait){.letter = (char)('a' + i), .bytes = SMALL_BYTES, .timeout = K_FOREVER};
        wait_start(1 + i, &behind[i], TEST_PRIORITY - 1);
    }
    free_blocks(0, 5);
    zassert_true(trace_is("abc"));
    free_blocks(5, 14);
    zassert_true(trace_is("Ld"), "the large one, and then who stood behind it");
    zassert_equal(wait_stats().bypasses, 3);
}

ZTEST(kheap_fair, W6_one_release_for_several_passes_three_times)
{
    static struct wait behind[4];

    block_with_large(TEST_PRIORITY - 2, K_FOREVER);
    free_blocks(0, 1);
    zassert_not_null(blocks[0] = k_heap_alloc(&heap, SMALL_BYTES, K_NO_WAIT));
    for (unsigned i = 0; i < 4; i++) {
        behind[i] = (struct wait){.letter = (char)('a' + i), .bytes = 8, .timeout = K_FOREVER};
        wait_start(1 + i, &behind[i], TEST_PRIORITY - 1);
    }
    free_blocks(0, 1);
    zassert_true(trace_is("ab"), "one of the three was the newcomer");
    zassert_equal(wait_stats().bypasses, 3);
}

ZTEST(kheap_fair, W6_each_waiter_is_counted_for)
{
    struct wait second = {.letter = '2', .bytes = LARGE_BYTES + 8, .timeout = K_FOREVER};

    block_with_large(TEST_PRIORITY, K_FOREVER);
    free_blocks(0, 5);
    zassert_true(try_small());
    wait_start(1, &second, TEST_PRIORITY - 2);
    zassert_true(try_small());
    zassert_true(try_small());
    zassert_false(try_small(), "the first one was passed three times, the more urgent one twice");
    zassert_equal(wait_stats().bypasses, 5);
    k_thread_abort(worker(0));
    zassert_true(try_small());
    zassert_false(try_small(), "the other one is also passed three times");
}

ZTEST(kheap_fair, W6_what_closed_the_heap_was_aborted)
{
    close_heap(TEST_PRIORITY - 1, K_FOREVER);
    wait_start(1, &small, TEST_PRIORITY - 1);
    zassert_true(trace_is(""));
    k_thread_abort(worker(0));
    zassert_true(trace_is("s"), "nobody has freed anything");
}

ZTEST(kheap_fair, W6_what_closed_the_heap_gave_up)
{
    close_heap(TEST_PRIORITY - 1, K_TICKS(5));
    wait_start(1, &small, TEST_PRIORITY - 1);
    zassert_true(trace_is(""));
    k_sleep(K_TICKS(6));
    zassert_true(trace_is("~s"));
}

ZTEST(kheap_fair, W6_what_closed_the_heap_gave_up_suspended)
{
    close_heap(TEST_PRIORITY - 1, K_TICKS(5));
    wait_start(1, &small, TEST_PRIORITY - 1);
    k_thread_suspend(worker(0));
    k_sleep(K_TICKS(6));
    zassert_true(trace_is("s"), "also when it cannot run");
    k_thread_resume(worker(0));
    zassert_true(trace_is("~"));
}

ZTEST(kheap_fair, W6_what_closed_the_heap_fell_back)
{
    close_heap(TEST_PRIORITY - 2, K_FOREVER);
    wait_start(1, &small, TEST_PRIORITY - 1);
    zassert_true(trace_is(""));
    k_thread_priority_set(worker(0), TEST_PRIORITY);
    zassert_true(trace_is("s"));
}

ZTEST(kheap_fair, W6_who_stood_behind_got_ahead)
{
    close_heap(TEST_PRIORITY - 1, K_FOREVER);
    wait_start(1, &small, TEST_PRIORITY - 1);
    zassert_true(trace_is(""));
    k_thread_priority_set(worker(1), TEST_PRIORITY - 2);
    zassert_true(trace_is("s"));
}

static K_MUTEX_DEFINE(mutex);

static void lock_and_wait(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutex, K_FOREVER);
    small.block = k_heap_alloc(&heap, SMALL_BYTES, K_FOREVER);
    trace(*(const char *)p1);
    (void)k_mutex_unlock(&mutex);
}

static void lock(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutex, K_FOREVER);
    trace(*(const char *)p1);
    (void)k_mutex_unlock(&mutex);
}

ZTEST(kheap_fair, W6_who_stood_behind_inherited_a_priority)
{
    close_heap(TEST_PRIORITY - 1, K_FOREVER);
    worker_start(1, lock_and_wait, "s", NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is(""));
    worker_start(2, lock, "m", NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    zassert_true(trace_is("sm"));
}

ZTEST(kheap_fair, W6_closed_for_blocks_that_grow_not_for_those_that_shrink)
{
    void *mem;

    close_heap(TEST_PRIORITY, K_FOREVER);
    mem = blocks[5];
    zassert_is_null(k_heap_realloc(&heap, mem, 2 * SMALL_BYTES, K_NO_WAIT));
    zassert_equal_ptr(k_heap_realloc(&heap, mem, 8, K_NO_WAIT), mem);
    zassert_is_null(k_heap_realloc(&heap, mem, SMALL_BYTES, K_NO_WAIT), "not even that again");
    zassert_equal(wait_stats().bypasses, 3);
}

ZTEST(kheap_fair, W6_blocks_that_grow_are_counted)
{
    void *mem;

    block_with_large(TEST_PRIORITY, K_FOREVER);
    free_blocks(6, 2);
    mem = k_heap_realloc(&heap, blocks[5], SMALL_BYTES + 16, K_NO_WAIT);
    zassert_equal_ptr(mem, blocks[5], "it grew in place");
    zassert_equal(wait_stats().bypasses, 1);
}

ZTEST(kheap_fair, W6_newcomers_with_time_wait_behind)
{
    close_heap(TEST_PRIORITY - 2, K_FOREVER);
    wait_start(1, &small, TEST_PRIORITY - 1);
    zassert_true(trace_is(""));
    free_blocks(4, ARRAY_SIZE(blocks) - 4);
    zassert_true(trace_is("Ls"), "the large one comes first");
}
