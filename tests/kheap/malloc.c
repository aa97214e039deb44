/* SPDX-License-Identifier: Apache-2.0 */
/* The system heap. */
#include "heap.h"

static size_t system_bytes(void)
{
    struct sys_memory_stats stats;

    zassert_ok(sys_heap_runtime_stats_get(&_system_heap.heap, &stats));
    return stats.allocated_bytes;
}

static void malloc_before(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_equal(system_bytes(), 0, "an earlier test left something");
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(malloc, NULL, NULL, malloc_before, workers_end, NULL);

ZTEST(malloc, pool_size_is_the_largest_block)
{
    void *block = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);

    zassert_not_null(block);
    zassert_is_null(k_malloc(1));
    k_free(block);
    zassert_is_null(k_malloc(ROUND_UP(CONFIG_HEAP_MEM_POOL_SIZE, 8) + 5));
}

ZTEST(malloc, nothing_and_too_much)
{
    zassert_is_null(k_malloc(0));
    zassert_is_null(k_malloc(SIZE_MAX));
    zassert_is_null(k_calloc(0, 4));
    zassert_is_null(k_calloc(SIZE_MAX / 2, 3));
    zassert_is_null(k_calloc(SIZE_MAX / 4 + 2, 4), "the product is 4");
    zassert_is_null(k_aligned_alloc(3, 8));
    zassert_is_null(k_aligned_alloc(8, 0));
    zassert_is_null(k_realloc(NULL, 0));
    k_free(NULL);
}

ZTEST(malloc, blocks_are_aligned)
{
    void *block[6];

    for (unsigned i = 0; i < 6; i++) {
        block[i] = i < 3 ? k_malloc(i + 1) : k_aligned_alloc((size_t)8 << i, 10);
        zassert_not_null(block[i]);
        zassert_equal((uintptr_t)block[i] % (i < 3 ? 8u : 8u << i), 0);
    }
    for (unsigned i = 0; i < 6; i++) {
        k_free(block[i]);
    }
    block[0] = k_aligned_alloc(0, 10);
    zassert_not_null(block[0]);
    k_free(block[0]);
}

ZTEST(malloc, calloc_zeroes)
{
    unsigned char *block = k_malloc(120);

    memset(block, 0xff, 120);
    k_free(block);
    block = k_calloc(30, 4);
    zassert_not_null(block);
    for (unsigned i = 0; i < 120; i++) {
        zassert_equal(block[i], 0);
    }
    k_free(block);
}

ZTEST(malloc, realloc)
{
    char *block = k_realloc(NULL, 20);
    char *same;

    zassert_not_null(block);
    memset(block, 0x21, 20);
    same = k_realloc(block, CONFIG_HEAP_MEM_POOL_SIZE + 9);
    zassert_is_null(same, "failure");
    zassert_equal(block[19], 0x21, "keeps the old block");
    block = k_realloc(block, 200);
    zassert_not_null(block);
    zassert_equal(block[19], 0x21);
    zassert_is_null(k_realloc(block, 0), "frees");
}

static void *waited;

static void wait_on_system_heap(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    waited = k_heap_alloc(&_system_heap, (uintptr_t)p1, K_FOREVER);
    trace('w');
    k_free(waited);
}

ZTEST(malloc, free_serves_those_who_wait_on_the_system_heap)
{
    void *block = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);

    worker_start(0, wait_on_system_heap, (void *)100, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_true(trace_is(""));
    k_free(block);
    zassert_true(trace_is("w"));
    zassert_equal_ptr(waited, block);
}

ZTEST(malloc, realloc_serves_those_who_wait_on_the_system_heap)
{
    void *block = k_malloc(CONFIG_HEAP_MEM_POOL_SIZE);

    worker_start(0, wait_on_system_heap, (void *)100, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    block = k_realloc(block, 500);
    zassert_true(trace_is("w"));
    k_free(block);
}
