/* SPDX-License-Identifier: Apache-2.0 */
/* W6 over several regions: each is closed for itself. CONFIG_KHEAP_BYPASS_MAX is 3. */
#include "../region_heap/pool.h"

#define A           REGION_FAST
#define B           REGION_DMA
#define LARGE_BYTES 220
#define SMALL_BYTES 16

static const uint32_t attrs[] = {A, B, B | REGION_EXTERNAL};
static const struct region_need need_a = {.must = A};
static const struct region_need need_b = {.must = B};
static const struct region_need anything = {0};

/* In each region half is in use, so that the large request fits nowhere. */
static void *halves[ARRAY_SIZE(attrs)];
static void *large;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    pool_make(attrs, ARRAY_SIZE(attrs));
    for (unsigned i = 0; i < ARRAY_SIZE(attrs); i++) {
        halves[i] = sys_heap_alloc(&pool.slots[i].heap, LARGE_BYTES + 20);
        zassert_not_null(halves[i]);
    }
    large = NULL;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(region_fair, NULL, NULL, before, workers_end, NULL);

static void wait_for_large(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    large = region_pool_alloc(&pool, p1, 0, LARGE_BYTES, K_FOREVER);
    trace('L');
}

static void start_large(const struct region_need *need)
{
    worker_start(0, wait_for_large, (void *)(uintptr_t)need, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal_ptr(worker(0)->pended_on, &pool.wait_q);
}

static int take_small(const struct region_need *need)
{
    void *block = region_pool_alloc(&pool, need, 0, SMALL_BYTES, K_NO_WAIT);

    return block == NULL ? -1 : region_index(block);
}

ZTEST(region_fair, W6_a_region_of_no_use_to_the_waiter_is_not_closed)
{
    start_large(&need_b);
    for (unsigned i = 0; i < 4; i++) {
        zassert_equal(take_small(&need_a), 0);
    }
    zassert_equal(pool.wait_stats.bypasses, 0);
}

ZTEST(region_fair, W6_a_closed_region_is_passed_over)
{
    start_large(&need_a);
    for (unsigned i = 0; i < 3; i++) {
        zassert_equal(take_small(&anything), 0);
    }
    zassert_equal(take_small(&anything), 1, "the next region");
    zassert_equal(take_small(&need_a), -1);
    zassert_equal(pool.wait_stats.bypasses, 3);
    region_pool_free(&pool, halves[0]);
    zassert_true(trace_is("L"));
    zassert_equal(take_small(&need_a), 0, "open again");
}

ZTEST(region_fair, W6_all_regions_that_suit_are_closed_together)
{
    start_large(&need_b);
    zassert_equal(take_small(&need_b), 1);
    zassert_equal(take_small(&need_b), 1);
    zassert_equal(take_small(&(struct region_need){.must = REGION_EXTERNAL}), 2);
    zassert_equal(take_small(&need_b), -1);
    zassert_equal(take_small(&anything), 0);
    region_pool_free(&pool, halves[2]);
    zassert_true(trace_is("L"));
    zassert_equal(region_index(large), 2);
    zassert_equal(take_small(&need_b), 1, "open again");
}

ZTEST(region_fair, W6_a_block_may_not_grow_in_a_closed_region)
{
    void *mem = region_pool_alloc(&pool, &need_a, 0, SMALL_BYTES, K_NO_WAIT);

    start_large(&need_a);
    for (unsigned i = 0; i < 3; i++) {
        zassert_equal(take_small(&need_a), 0);
    }
    zassert_is_null(region_pool_realloc(&pool, &need_a, mem, SMALL_BYTES + 8, K_NO_WAIT));
    zassert_equal_ptr(region_pool_realloc(&pool, &need_a, mem, 8, K_NO_WAIT), mem);
    mem = region_pool_realloc(&pool, &need_b, mem, SMALL_BYTES + 8, K_NO_WAIT);
    zassert_equal(region_index(mem), 1);
}

ZTEST(region_fair, W6_a_region_added_while_somebody_waits_counts)
{
    static char more[REGION_BYTES] __aligned(8);
    struct sys_heap *heap = &pool.slots[0].heap;

    regions[3] = (struct region){.start = more, .size = REGION_BYTES, .attr = A};
    start_large(&need_a);
    worker_start(1, wait_for_large, (void *)(uintptr_t)&need_a, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_not_null(sys_heap_alloc(heap, sys_heap_largest_free_block(heap)));
    zassert_ok(region_pool_add(&pool, &regions[3]));
    zassert_true(trace_is("L"), "one of the two fits");
    for (unsigned i = 0; i < 3; i++) {
        zassert_equal(take_small(&need_a), 3);
    }
    zassert_equal(take_small(&need_a), -1, "the other one has been passed there");
}
