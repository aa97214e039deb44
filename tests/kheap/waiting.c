/* SPDX-License-Identifier: Apache-2.0 */
/* W1: who waits for memory is served by every path that frees, in order, exactly, and only then. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "heap.h"

ZTEST_SUITE(kheap_waiting, NULL, NULL, heap_before, heap_after, NULL);

/* Sixteen blocks more or less; the tests free some of them. */
static void *blocks[24];
static unsigned block_count;

static void fill_with_56(void)
{
    block_count = fill(56, blocks, ARRAY_SIZE(blocks));
    zassert_true(block_count >= 10);
}

ZTEST(kheap_waiting, W1_free_hands_over)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    zassert_false(wait.answered);
    k_heap_free(&heap, blocks[3]);
    trace('f');
    zassert_true(trace_is("af"), "a more urgent waiter runs at once");
    zassert_equal_ptr(wait.block, blocks[3]);
    zassert_equal(wait_stats().waits, 1);
    zassert_equal(wait_stats().grants, 1);
    zassert_equal(wait_stats().wakeups, 1);
}

ZTEST(kheap_waiting, block_in_hand_cannot_be_stolen)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY + 1);
    k_msleep(1);
    k_heap_free(&heap, blocks[3]);
    zassert_is_null(k_heap_alloc(&heap, 8, K_NO_WAIT), "it belongs to the waiter already");
    zassert_equal(wait_stats().grants, 1);
    zassert_equal(wait_stats().wakeups, 0, "it has not run yet");
    k_msleep(1);
    zassert_equal_ptr(wait.block, blocks[3]);
}

ZTEST(kheap_waiting, too_little_wakes_nobody)
{
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_FOREVER};
    uint32_t switches;

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    switches = k_sched_switch_count_get();
    k_heap_free(&heap, blocks[2]);
    k_heap_free(&heap, blocks[4]);
    k_heap_free(&heap, blocks[6]);
    zassert_equal(k_sched_switch_count_get(), switches, "a switch for nothing");
    zassert_true(trace_is(""));
    k_heap_free(&heap, blocks[3]);
    zassert_true(trace_is("a"));
    zassert_equal_ptr(wait.block, blocks[2]);
    zassert_equal(k_sched_switch_count_get(), switches + 2);
}

ZTEST(kheap_waiting, urgent_first_then_first_come)
{
    struct wait wait[] = {
        {.letter = 'a', .bytes = 56, .timeout = K_FOREVER},
        {.letter = 'b', .bytes = 56, .timeout = K_FOREVER},
        {.letter = 'c', .bytes = 56, .timeout = K_FOREVER},
        {.letter = 'd', .bytes = 56, .timeout = K_FOREVER},
    };
    static const int priorities[] = {TEST_PRIORITY - 1, TEST_PRIORITY - 2, TEST_PRIORITY - 1,
                                     TEST_PRIORITY - 2};

    fill_with_56();
    for (unsigned i = 0; i < 4; i++) {
        wait_start(i, &wait[i], priorities[i]);
    }
    for (unsigned i = 0; i < 4; i++) {
        k_heap_free(&heap, blocks[2 * i]);
    }
    zassert_true(trace_is("bdac"));
    zassert_equal_ptr(wait[1].block, blocks[0]);
    zassert_equal_ptr(wait[3].block, blocks[2]);
    zassert_equal_ptr(wait[0].block, blocks[4]);
    zassert_equal_ptr(wait[2].block, blocks[6]);
}

ZTEST(kheap_waiting, smaller_request_passes_a_larger_one)
{
    struct wait large = {.letter = 'L', .bytes = 200, .timeout = K_FOREVER};
    struct wait small = {.letter = 's', .bytes = 40, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &large, TEST_PRIORITY - 2);
    wait_start(1, &small, TEST_PRIORITY - 1);
    k_heap_free(&heap, blocks[1]);
    zassert_true(trace_is("s"));
    k_heap_free(&heap, blocks[5]);
    k_heap_free(&heap, blocks[6]);
    k_heap_free(&heap, blocks[7]);
    zassert_true(trace_is(""));
    k_heap_free(&heap, blocks[8]);
    zassert_true(trace_is("L"));
}

ZTEST(kheap_waiting, one_release_serves_all_that_fit)
{
    struct wait wait[] = {
        {.letter = 'a', .bytes = 100, .timeout = K_FOREVER},
        {.letter = 'b', .bytes = 100, .timeout = K_FOREVER},
        {.letter = 'c', .bytes = 600, .timeout = K_FOREVER},
        {.letter = 'd', .bytes = 100, .timeout = K_FOREVER},
    };
    void *large = k_heap_alloc(&heap, capacity, K_NO_WAIT);

    wait_start(0, &wait[0], TEST_PRIORITY - 1);
    wait_start(1, &wait[1], TEST_PRIORITY - 3);
    wait_start(2, &wait[2], TEST_PRIORITY - 2);
    wait_start(3, &wait[3], TEST_PRIORITY - 2);
    k_heap_free(&heap, large);
    trace('f');
    zassert_true(trace_is("bcdaf"));
}

ZTEST(kheap_waiting, one_release_reschedules_once)
{
    struct wait wait[] = {
        {.letter = 'a', .bytes = 100, .timeout = K_FOREVER},
        {.letter = 'b', .bytes = 100, .timeout = K_FOREVER},
    };
    void *large = k_heap_alloc(&heap, capacity, K_NO_WAIT);
    uint32_t switches;

    wait_start(0, &wait[0], TEST_PRIORITY - 1);
    wait_start(1, &wait[1], TEST_PRIORITY - 2);
    switches = k_sched_switch_count_get();
    k_heap_free(&heap, large);
    zassert_true(trace_is("ba"));
    zassert_equal(k_sched_switch_count_get() - switches, 3, "to b, to a, and back");
}

/* Every path that frees. */

ZTEST(kheap_waiting, shrinking_realloc_serves)
{
    struct wait wait = {.letter = 'a', .bytes = 300, .timeout = K_FOREVER};
    void *large = k_heap_alloc(&heap, capacity, K_NO_WAIT);

    wait_start(0, &wait, TEST_PRIORITY - 1);
    zassert_equal_ptr(k_heap_realloc(&heap, large, capacity - 100, K_NO_WAIT), large);
    zassert_true(trace_is(""));
    zassert_equal_ptr(k_heap_realloc(&heap, large, capacity - 400, K_NO_WAIT), large);
    zassert_true(trace_is("a"));
}

ZTEST(kheap_waiting, moving_realloc_serves)
{
    struct wait wait = {.letter = 'a', .bytes = 96, .timeout = K_FOREVER};
    void *moved;

    fill_with_56();
    k_heap_free(&heap, blocks[5]);
    k_heap_free(&heap, blocks[6]);
    zassert_not_null(k_heap_alloc(&heap, 24, K_NO_WAIT));
    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_heap_free(&heap, blocks[2]); /* too little, but it joins with the next one */
    zassert_true(trace_is(""));
    moved = k_heap_realloc(&heap, blocks[3], 80, K_NO_WAIT);
    zassert_not_null(moved);
    zassert_not_equal(moved, blocks[3]);
    zassert_true(trace_is("a"));
    zassert_equal_ptr(wait.block, blocks[2]);
}

ZTEST(kheap_waiting, realloc_to_nothing_serves)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    zassert_is_null(k_heap_realloc(&heap, blocks[3], 0, K_FOREVER));
    zassert_true(trace_is("a"));
}

static void free_in_isr(const void *block)
{
    k_heap_free(&heap, (void *)(uintptr_t)block);
    trace('i');
}

ZTEST(kheap_waiting, free_in_an_interrupt_serves_behind_it)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    irq_offload(free_in_isr, blocks[3]);
    zassert_true(trace_is("ia"));
}

static void shrink_in_isr(const void *block)
{
    trace(k_heap_realloc(&heap, (void *)(uintptr_t)block, 8, K_NO_WAIT) == NULL ? '!' : 'i');
}

ZTEST(kheap_waiting, realloc_in_an_interrupt_serves)
{
    struct wait wait = {.letter = 'a', .bytes = 24, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    irq_offload(shrink_in_isr, blocks[3]);
    zassert_true(trace_is("ia"));
}

ZTEST(kheap_waiting, free_of_null_serves_nobody)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};
    uint32_t switches;

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    switches = k_sched_switch_count_get();
    k_heap_free(&heap, NULL);
    zassert_equal(k_sched_switch_count_get(), switches);
}

/* Deadlines. */

ZTEST(kheap_waiting, deadline_ends_the_wait)
{
    int64_t start;

    fill_with_56();
    for (int n = 1; n < 10; n++) {
        k_sleep(
            K_TICKS(1)); /* to where a tick begins: no second one passes before the call waits */
        start = k_uptime_ticks();
        zassert_is_null(k_heap_alloc(&heap, 8, K_TICKS(n)));
        zassert_between_inclusive(k_uptime_ticks() - start, n, n + 1);
        start = k_uptime_ticks();
        zassert_is_null(k_heap_calloc(&heap, 8, 1, K_TIMEOUT_ABS_TICKS(start + n)));
        zassert_equal(k_uptime_ticks() - start, n);
    }
    zassert_equal(wait_stats().waits, 18);
    zassert_equal(wait_stats().wakeups, 0);
}

/* Memory that comes and goes meanwhile must not prolong the wait. */
ZTEST(kheap_waiting, deadline_is_computed_once)
{
    int64_t start = next_tick();
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_TICKS(10)};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    for (unsigned i = 0; i < 6; i++) {
        k_heap_free(&heap, blocks[2]);
        k_sleep(K_TICKS(2));
        blocks[2] = k_heap_alloc(&heap, 56, K_NO_WAIT);
    }
    zassert_true(trace_is("~"));
    zassert_between_inclusive(wait.answered_tick - start, 10, 11);
    k_heap_free(&heap, blocks[2]);
    k_heap_free(&heap, blocks[3]);
    zassert_true(trace_is(""), "the late waiter is still in the queue");
    zassert_not_null(k_heap_alloc(&heap, 100, K_NO_WAIT));
}

static struct timeout releasing;

static void release_expired(struct timeout *timeout)
{
    ARG_UNUSED(timeout);
    k_heap_free(&heap, blocks[3]);
}

static void release_at(int64_t tick)
{
    unsigned key = irq_lock();

    timeout_start_locked(&releasing, K_TIMEOUT_ABS_TICKS(tick), release_expired);
    irq_unlock(key);
}

ZTEST(kheap_waiting, release_just_before_the_deadline_is_in_time)
{
    int64_t end;
    struct wait wait = {.letter = 'a', .bytes = 56};

    fill_with_56();
    end = k_uptime_ticks() + 5;
    release_at(end);
    wait.timeout = K_TIMEOUT_ABS_TICKS(end);
    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_sleep(K_TICKS(10));
    zassert_true(trace_is("a"));
    zassert_equal(wait.answered_tick, end);
}

ZTEST(kheap_waiting, release_just_behind_the_deadline_is_too_late)
{
    int64_t end;
    struct wait wait = {.letter = 'a', .bytes = 56};

    fill_with_56();
    end = k_uptime_ticks() + 5;
    wait.timeout = K_TIMEOUT_ABS_TICKS(end);
    wait_start(0, &wait, TEST_PRIORITY - 1);
    release_at(end);
    k_sleep(K_TICKS(10));
    zassert_true(trace_is("~"));
    zassert_not_null(k_heap_alloc(&heap, 56, K_NO_WAIT), "the block was lost");
}

ZTEST(kheap_waiting, block_handed_over_outlasts_the_deadline)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_TICKS(5)};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_thread_suspend(worker(0));
    k_heap_free(&heap, blocks[3]);
    k_sleep(K_TICKS(10));
    k_thread_resume(worker(0));
    zassert_true(trace_is("a"));
    zassert_equal_ptr(wait.block, blocks[3]);
}

ZTEST(kheap_waiting, waiter_that_gave_up_frees_the_way)
{
    struct wait late = {.letter = 'a', .bytes = 56, .timeout = K_TICKS(3)};
    struct wait next = {.letter = 'b', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &late, TEST_PRIORITY - 2);
    wait_start(1, &next, TEST_PRIORITY - 1);
    k_sleep(K_TICKS(6));
    k_heap_free(&heap, blocks[3]);
    zassert_true(trace_is("~b"));
}

/* Abort. */

ZTEST(kheap_waiting, aborted_waiter_gets_nothing)
{
    struct wait gone = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};
    struct wait next = {.letter = 'b', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &gone, TEST_PRIORITY - 2);
    wait_start(1, &next, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    k_heap_free(&heap, blocks[3]);
    zassert_true(trace_is("b"));
    zassert_equal_ptr(next.block, blocks[3]);
}

ZTEST(kheap_waiting, block_in_the_hand_of_the_dead_goes_to_the_next)
{
    struct wait gone = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};
    struct wait next = {.letter = 'b', .bytes = 24, .timeout = K_FOREVER};
    struct wait last = {.letter = 'c', .bytes = 24, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &gone, TEST_PRIORITY + 1);
    wait_start(1, &next, TEST_PRIORITY + 2);
    wait_start(2, &last, TEST_PRIORITY + 2);
    k_msleep(1);
    k_heap_free(&heap, blocks[3]);
    zassert_equal(wait_stats().grants, 1);
    k_thread_abort(worker(0));
    zassert_equal(wait_stats().grants, 2, "the dead one's grant does not count");
    k_msleep(1);
    zassert_true(trace_is("bc"));
    zassert_equal_ptr(next.block, blocks[3]);
}

ZTEST(kheap_waiting, block_in_the_hand_of_the_dead_is_free_again)
{
    struct wait gone = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &gone, TEST_PRIORITY + 1);
    k_msleep(1);
    k_heap_free(&heap, blocks[3]);
    zassert_is_null(k_heap_alloc(&heap, 8, K_NO_WAIT));
    k_thread_abort(worker(0));
    zassert_equal_ptr(k_heap_alloc(&heap, 56, K_NO_WAIT), blocks[3]);
}

ZTEST(kheap_waiting, block_seen_by_its_thread_stays_allocated)
{
    struct wait wait = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_heap_free(&heap, blocks[3]);
    zassert_true(trace_is("a"));
    zassert_ok(k_thread_join(worker(0), K_NO_WAIT));
    zassert_is_null(k_heap_alloc(&heap, 8, K_NO_WAIT), "what a thread owns stays allocated");
}

/* Priority and suspension of waiters. */

ZTEST(kheap_waiting, priority_change_moves_a_waiter)
{
    struct wait a = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};
    struct wait b = {.letter = 'b', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &a, TEST_PRIORITY - 1);
    wait_start(1, &b, TEST_PRIORITY - 1);
    k_thread_priority_set(worker(1), TEST_PRIORITY - 2);
    k_heap_free(&heap, blocks[3]);
    zassert_true(trace_is("b"));
    k_heap_free(&heap, blocks[5]);
    zassert_true(trace_is("a"));
}

ZTEST(kheap_waiting, suspended_waiter_is_served_and_sees_it_later)
{
    struct wait a = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};
    struct wait b = {.letter = 'b', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &a, TEST_PRIORITY - 1);
    wait_start(1, &b, TEST_PRIORITY - 1);
    k_thread_suspend(worker(0));
    k_heap_free(&heap, blocks[3]);
    k_heap_free(&heap, blocks[5]);
    zassert_true(trace_is("b"));
    k_thread_resume(worker(0));
    zassert_true(trace_is("a"));
    zassert_equal_ptr(a.block, blocks[3]);
}

ZTEST(kheap_waiting, wakeup_does_not_end_the_wait)
{
    struct wait a = {.letter = 'a', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    wait_start(0, &a, TEST_PRIORITY - 1);
    k_wakeup(worker(0));
    zassert_true(trace_is(""));
}

/* Waiting in realloc. */

static void mark(void *block)
{
    memset(block, 0x33, 56);
}

static bool is_marked(const void *block)
{
    for (unsigned i = 0; i < 56; i++) {
        if (((const char *)block)[i] != 0x33) {
            return false;
        }
    }
    return true;
}

ZTEST(kheap_waiting, waiting_realloc_grows_in_place)
{
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_FOREVER};

    fill_with_56();
    mark(blocks[3]);
    wait.old = blocks[3];
    wait_start(0, &wait, TEST_PRIORITY - 1);
    zassert_true(trace_is(""));
    k_heap_free(&heap, blocks[4]);
    zassert_true(trace_is("a"));
    zassert_equal_ptr(wait.block, blocks[3]);
    zassert_true(is_marked(blocks[3]));
}

ZTEST(kheap_waiting, waiting_realloc_moves)
{
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_FOREVER};
    struct wait next = {.letter = 'b', .bytes = 56, .timeout = K_FOREVER};

    fill_with_56();
    mark(blocks[3]);
    wait.old = blocks[3];
    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_heap_free(&heap, blocks[6]);
    zassert_true(is_marked(blocks[3]), "the old block is valid meanwhile");
    zassert_true(trace_is(""));
    k_heap_free(&heap, blocks[7]);
    zassert_true(trace_is("a"));
    zassert_equal_ptr(wait.block, blocks[6]);
    zassert_true(is_marked(wait.block));
    wait_start(1, &next, TEST_PRIORITY - 1);
    zassert_true(trace_is("b"), "the old place is free");
}

ZTEST(kheap_waiting, old_place_of_a_waiting_realloc_serves_the_next)
{
    struct wait moving = {.letter = 'm', .bytes = 100, .timeout = K_FOREVER};
    struct wait next = {.letter = 'n', .bytes = 80, .timeout = K_FOREVER};

    fill_with_56();
    moving.old = blocks[3];
    wait_start(0, &moving, TEST_PRIORITY - 2);
    wait_start(1, &next, TEST_PRIORITY - 1);
    /* Too little for either; the block of a waiter does not slide. */
    k_heap_free(&heap, blocks[2]);
    zassert_true(trace_is(""));
    k_heap_free(&heap, blocks[6]);
    zassert_true(trace_is(""));
    k_heap_free(&heap, blocks[7]);
    zassert_true(trace_is("mn"));
    zassert_equal_ptr(moving.block, blocks[6]);
    zassert_equal_ptr(next.block, blocks[2]);
}

ZTEST(kheap_waiting, waiting_realloc_gives_up_with_the_block_intact)
{
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_TICKS(4)};

    fill_with_56();
    mark(blocks[3]);
    wait.old = blocks[3];
    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_sleep(K_TICKS(8));
    zassert_true(trace_is("~"));
    zassert_true(is_marked(blocks[3]));
    k_heap_free(&heap, blocks[3]);
    zassert_not_null(k_heap_alloc(&heap, 56, K_NO_WAIT));
}

ZTEST(kheap_waiting, realloc_granted_to_the_dead_returns_the_new_block)
{
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_FOREVER};

    fill_with_56();
    wait.old = blocks[3];
    wait_start(0, &wait, TEST_PRIORITY + 1);
    k_msleep(1);
    k_heap_free(&heap, blocks[6]);
    k_heap_free(&heap, blocks[7]);
    zassert_is_null(k_heap_alloc(&heap, 100, K_NO_WAIT));
    k_thread_abort(worker(0));
    zassert_equal_ptr(k_heap_alloc(&heap, 100, K_NO_WAIT), blocks[6]);
    k_heap_free(&heap, blocks[3]);
}

ZTEST(kheap_waiting, realloc_grown_in_place_for_the_dead_keeps_its_block)
{
    struct wait wait = {.letter = 'a', .bytes = 100, .timeout = K_FOREVER};

    fill_with_56();
    mark(blocks[3]);
    wait.old = blocks[3];
    wait_start(0, &wait, TEST_PRIORITY + 1);
    k_msleep(1);
    k_heap_free(&heap, blocks[4]);
    k_thread_abort(worker(0));
    zassert_true(is_marked(blocks[3]));
    zassert_is_null(k_heap_alloc(&heap, 56, K_NO_WAIT), "what a thread owned stays allocated");
    k_heap_free(&heap, blocks[3]);
    zassert_equal_ptr(k_heap_alloc(&heap, 100, K_NO_WAIT), blocks[3]);
}

/* Alignment in the queue. */
ZTEST(kheap_waiting, aligned_waiter_gets_an_aligned_block)
{
    struct wait wait = {.letter = 'a', .bytes = 40, .align = 128, .timeout = K_FOREVER};
    void *large = k_heap_alloc(&heap, capacity, K_NO_WAIT);

    wait_start(0, &wait, TEST_PRIORITY - 1);
    k_heap_free(&heap, large);
    zassert_true(trace_is("a"));
    zassert_equal((uintptr_t)wait.block % 128, 0);
}

/* The same with the heap as the thread's only companion: everybody waits, an interrupt frees. */
static void *held_by_isr;

static void release_from_tick(struct timeout *timeout)
{
    ARG_UNUSED(timeout);
    k_heap_free(&heap, held_by_isr);
}

ZTEST(kheap_waiting, all_threads_wait_and_an_interrupt_frees)
{
    unsigned key;
    void *block;

    held_by_isr = k_heap_alloc(&heap, capacity, K_NO_WAIT);
    key = irq_lock();
    timeout_start_locked(&releasing, K_TICKS(3), release_from_tick);
    irq_unlock(key);
    block = k_heap_alloc(&heap, capacity, K_FOREVER);
    zassert_equal_ptr(block, held_by_isr);
    zassert_equal(wait_stats().wakeups, 1);
}

ZTEST(kheap_waiting, wait_gives_up_an_outer_lock_and_takes_it_back)
{
    unsigned key;
    unsigned inner;

    fill_with_56();
    release_at(k_uptime_ticks() + 4);
    key = irq_lock();
    zassert_equal_ptr(k_heap_alloc(&heap, 56, K_FOREVER), blocks[3]);
    inner = irq_lock();
    zassert_not_equal(inner, key);
    irq_unlock(inner);
    irq_unlock(key);
}
