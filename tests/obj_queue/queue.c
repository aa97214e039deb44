/* SPDX-License-Identifier: Apache-2.0 */
/* k_queue, k_fifo, k_lifo. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

struct item {
    void *reserved;
    char letter;
};

static K_QUEUE_DEFINE(queue);
static K_FIFO_DEFINE(fifo);
static K_LIFO_DEFINE(lifo);
static struct item items[6];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_queue_init(&queue);
    k_fifo_init(&fifo);
    k_lifo_init(&lifo);
    for (unsigned i = 0; i < ARRAY_SIZE(items); i++) {
        items[i].reserved = (void *)UINTPTR_MAX; /* what a user leaves there */
        items[i].letter = (char)('a' + i);
    }
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_queue, NULL, NULL, before, workers_end, NULL);

static k_timeout_t forever = K_FOREVER;

/* Traces the letter of the item that it got, - for NULL. */
static void get_one(void *p1, void *p2, void *p3)
{
    struct item *item = k_queue_get(&queue, *(const k_timeout_t *)p1);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(item == NULL ? '-' : item->letter);
}

static void start(unsigned index, int priority)
{
    worker_start(index, get_one, &forever, NULL, priority, K_NO_WAIT);
}

/* Takes everything; true when the letters are `expected`. */
static bool holds(const char *expected)
{
    struct item *item;

    while ((item = k_queue_get(&queue, K_NO_WAIT)) != NULL) {
        trace(item->letter);
    }
    return trace_is(expected);
}

ZTEST(obj_queue, append_prepend_insert)
{
    zassert_true(k_queue_is_empty(&queue));
    k_queue_append(&queue, &items[1]);
    k_queue_append(&queue, &items[3]);
    k_queue_prepend(&queue, &items[0]);
    k_queue_insert(&queue, &items[1], &items[2]);
    k_queue_insert(&queue, &items[3], &items[4]);
    k_queue_append(&queue, &items[5]);
    zassert_false(k_queue_is_empty(&queue));
    zassert_true(holds("abcdef"));
    k_queue_insert(&queue, NULL, &items[1]);
    k_queue_insert(&queue, NULL, &items[0]);
    k_queue_append(&queue, &items[2]);
    zassert_true(holds("abc"));
}

ZTEST(obj_queue, peeks_take_nothing)
{
    zassert_is_null(k_queue_peek_head(&queue));
    zassert_is_null(k_queue_peek_tail(&queue));
    k_queue_append(&queue, &items[0]);
    k_queue_append(&queue, &items[1]);
    zassert_equal_ptr(k_queue_peek_head(&queue), &items[0]);
    zassert_equal_ptr(k_queue_peek_tail(&queue), &items[1]);
    zassert_true(holds("ab"));
    zassert_is_null(k_queue_peek_tail(&queue));
}

ZTEST(obj_queue, remove_anywhere)
{
    for (int i = 0; i < 5; i++) {
        k_queue_append(&queue, &items[i]);
    }
    zassert_true(k_queue_remove(&queue, &items[0]));
    zassert_true(k_queue_remove(&queue, &items[2]));
    zassert_true(k_queue_remove(&queue, &items[4]));
    zassert_false(k_queue_remove(&queue, &items[2]));
    k_queue_append(&queue, &items[5]);
    zassert_true(holds("bdf"));
    zassert_false(k_queue_remove(&queue, &items[0]));
}

ZTEST(obj_queue, remove_the_only_one)
{
    k_queue_append(&queue, &items[0]);
    zassert_true(k_queue_remove(&queue, &items[0]));
    k_queue_append(&queue, &items[1]);
    zassert_true(holds("b"));
}

ZTEST(obj_queue, unique_append)
{
    zassert_true(k_queue_unique_append(&queue, &items[0]));
    zassert_true(k_queue_unique_append(&queue, &items[1]));
    zassert_false(k_queue_unique_append(&queue, &items[0]));
    zassert_true(holds("ab"));
    start(0, TEST_PRIORITY - 1);
    zassert_true(k_queue_unique_append(&queue, &items[2]));
    zassert_true(trace_is("c"));
}

static void link_items(int count)
{
    for (int i = 0; i < count; i++) {
        items[i].reserved = i + 1 < count ? &items[i + 1] : NULL;
    }
}

ZTEST(obj_queue, lists_are_appended_in_order)
{
    k_queue_append(&queue, &items[5]);
    link_items(3);
    zassert_ok(k_queue_append_list(&queue, &items[0], &items[2]));
    k_queue_append(&queue, &items[4]);
    zassert_true(holds("fabce"));
    zassert_equal(k_queue_append_list(&queue, NULL, &items[0]), -EINVAL);
    zassert_equal(k_queue_append_list(&queue, &items[0], NULL), -EINVAL);
}

ZTEST(obj_queue, merged_list_is_empty_afterwards)
{
    sys_slist_t list = SYS_SLIST_STATIC_INIT(&list);

    zassert_equal(k_queue_merge_slist(&queue, &list), -EINVAL);
    sys_slist_append(&list, (sys_snode_t *)(void *)&items[1]);
    sys_slist_append(&list, (sys_snode_t *)(void *)&items[2]);
    sys_slist_prepend(&list, (sys_snode_t *)(void *)&items[0]);
    zassert_ok(k_queue_merge_slist(&queue, &list));
    zassert_true(sys_slist_is_empty(&list));
    k_queue_append(&queue, &items[3]);
    zassert_true(holds("abcd"));
    sys_slist_append(&list, (sys_snode_t *)(void *)&items[4]);
    zassert_ok(k_fifo_put_slist(&fifo, &list));
    zassert_equal_ptr(k_fifo_get(&fifo, K_NO_WAIT), &items[4]);
}

ZTEST(obj_queue, list_goes_to_waiters_the_rest_stays)
{
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    link_items(4);
    zassert_ok(k_queue_append_list(&queue, &items[0], &items[3]));
    zassert_true(trace_is("ab"));
    zassert_true(holds("cd"));
    start(2, TEST_PRIORITY - 1);
    start(3, TEST_PRIORITY - 1);
    link_items(1);
    zassert_ok(k_queue_append_list(&queue, &items[0], &items[0]));
    k_queue_append(&queue, &items[1]);
    zassert_true(trace_is("ab"));
}

ZTEST(obj_queue, nothing_without_waiting_and_after_the_deadline)
{
    int64_t start_tick = next_tick();

    zassert_is_null(k_queue_get(&queue, K_NO_WAIT));
    zassert_is_null(k_queue_get(&queue, K_TICKS(4)));
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    start_tick = next_tick();
    zassert_is_null(k_queue_get(&queue, K_TIMEOUT_ABS_TICKS(start_tick + 3)));
    zassert_equal(k_uptime_ticks(), start_tick + 3);
}

ZTEST(obj_queue, item_goes_to_the_first_waiter)
{
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    k_sched_lock();
    k_queue_append(&queue, &items[0]);
    k_queue_append(&queue, &items[1]);
    zassert_is_null(k_queue_get(&queue, K_NO_WAIT), "it was taken from a waiter");
    k_queue_prepend(&queue, &items[2]);
    k_sched_unlock();
    zassert_true(trace_is("ab"));
    zassert_true(holds("c"));
}

ZTEST(obj_queue, cancel_wait_wakes_the_first_with_nothing)
{
    k_queue_cancel_wait(&queue);
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 1);
    k_queue_cancel_wait(&queue);
    zassert_true(trace_is("-"));
    k_queue_append(&queue, &items[0]);
    zassert_true(trace_is("a"));
}

static void append_in_isr(const void *item)
{
    k_queue_append(&queue, (void *)(uintptr_t)item);
    trace(k_queue_get(&queue, K_NO_WAIT) == NULL ? 'i' : '!');
}

ZTEST(obj_queue, isr_appends)
{
    start(0, TEST_PRIORITY - 1);
    irq_offload(append_in_isr, &items[3]);
    zassert_true(trace_is("id"));
}

ZTEST(obj_queue, item_handed_to_a_thread_that_dies_unaware_goes_on)
{
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_sched_lock();
    k_queue_append(&queue, &items[0]);
    k_thread_abort(worker(0));
    k_sched_unlock();
    zassert_true(trace_is("a"));
    start(2, TEST_PRIORITY - 1);
    k_sched_lock();
    k_queue_append(&queue, &items[1]);
    k_queue_append(&queue, &items[2]);
    k_thread_abort(worker(2));
    k_sched_unlock();
    zassert_true(holds("bc"), "it did not go back to the front");
}

ZTEST(obj_queue, dead_waiter_is_forgotten)
{
    start(0, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    k_queue_append(&queue, &items[0]);
    zassert_true(holds("a"));
}

static size_t heap_bytes_used(void)
{
    struct sys_memory_stats stats;

    zassert_ok(sys_heap_runtime_stats_get(&_system_heap.heap, &stats));
    return stats.allocated_bytes;
}

ZTEST(obj_queue, elements_from_the_heap)
{
    size_t used = heap_bytes_used();

    zassert_ok(k_queue_alloc_append(&queue, &items[1]));
    zassert_ok(k_queue_alloc_prepend(&queue, &items[0]));
    k_queue_append(&queue, &items[2]);
    zassert_ok(k_queue_alloc_append(&queue, &items[3]));
    zassert_equal_ptr(k_queue_peek_head(&queue), &items[0]);
    zassert_equal_ptr(k_queue_peek_tail(&queue), &items[3]);
    zassert_equal_ptr(items[0].reserved, (void *)UINTPTR_MAX, "the item was touched");
    zassert_true(holds("abcd"));
    zassert_equal(heap_bytes_used(), used);
}

ZTEST(obj_queue, element_is_freed_when_its_item_is_handed_over)
{
    size_t used = heap_bytes_used();

    start(0, TEST_PRIORITY - 1);
    zassert_ok(k_queue_alloc_append(&queue, &items[1]));
    zassert_true(trace_is("b"));
    zassert_equal(heap_bytes_used(), used);
    start(1, TEST_PRIORITY - 1);
    k_sched_lock();
    zassert_ok(k_queue_alloc_append(&queue, &items[2]));
    k_thread_abort(worker(1));
    k_sched_unlock();
    zassert_equal_ptr(k_queue_get(&queue, K_NO_WAIT), &items[2]);
    zassert_equal(heap_bytes_used(), used);
}

ZTEST(obj_queue, no_memory_for_an_element)
{
    void *all = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);

    zassert_not_null(all);
    zassert_equal(k_queue_alloc_append(&queue, &items[0]), -ENOMEM);
    zassert_equal(k_queue_alloc_prepend(&queue, &items[0]), -ENOMEM);
    k_free(all);
    zassert_true(holds(""));
}

ZTEST(obj_queue, fifo)
{
    k_fifo_put(&fifo, &items[0]);
    zassert_ok(k_fifo_alloc_put(&fifo, &items[1]));
    items[2].reserved = NULL;
    zassert_ok(k_fifo_put_list(&fifo, &items[2], &items[2]));
    zassert_equal_ptr(k_fifo_peek_head(&fifo), &items[0]);
    zassert_equal_ptr(k_fifo_peek_tail(&fifo), &items[2]);
    for (int i = 0; i < 3; i++) {
        zassert_false(k_fifo_is_empty(&fifo));
        zassert_equal_ptr(k_fifo_get(&fifo, K_NO_WAIT), &items[i]);
    }
    zassert_true(k_fifo_is_empty(&fifo));
    k_fifo_cancel_wait(&fifo);
}

ZTEST(obj_queue, lifo)
{
    k_lifo_put(&lifo, &items[0]);
    zassert_ok(k_lifo_alloc_put(&lifo, &items[1]));
    k_lifo_put(&lifo, &items[2]);
    for (int i = 2; i >= 0; i--) {
        zassert_equal_ptr(k_lifo_get(&lifo, K_NO_WAIT), &items[i]);
    }
    zassert_is_null(k_lifo_get(&lifo, K_TICKS(1)));
}
