/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that each keep a small block most of the time, so that a large request never fits by
 * itself. With CONFIG_KHEAP_BYPASS_MAX it is served after that many blocks that pass it; without
 * (-1) never.
 */
#include "../kheap/heap.h"

#define HOGS         4
#define ROUNDS_MAX   10000u
#define SMALL_BYTES  100
#define LARGE_BYTES  (HEAP_BYTES - 2 * SMALL_BYTES)
#define HAS_BOUND    (CONFIG_KHEAP_BYPASS_MAX >= 0)
#define BYPASSES_MAX ((uint32_t)MAX(CONFIG_KHEAP_BYPASS_MAX, 0))

ZTEST_SUITE(kheap_starvation, NULL, NULL, heap_before, heap_after, NULL);

static struct wait large;
static uint32_t taken; /* small blocks that somebody got while it did */
static uint32_t refused;

static void hold_small_block(k_timeout_t timeout)
{
    void *block = k_heap_alloc(&heap, SMALL_BYTES, timeout);

    if (worker(HOGS)->pended_on == &heap.wait_q) {
        taken += block != NULL;
        refused += block == NULL;
    }
    k_sleep(K_TICKS(2));
    k_heap_free(&heap, block);
}

/* Never sleeps without a block, as the next one has begun before: two of them always hold one. */
static void hog(void *p1, void *p2, void *p3)
{
    k_timeout_t timeout = p1 != NULL ? K_FOREVER : K_NO_WAIT;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (unsigned i = 0; i < ROUNDS_MAX; i++) {
        hold_small_block(timeout);
    }
}

static void starve(bool hogs_wait, int large_priority)
{
    large = (struct wait){.letter = 'L', .bytes = LARGE_BYTES, .timeout = K_FOREVER};
    taken = 0;
    refused = 0;
    for (unsigned i = 0; i < HOGS; i++) {
        worker_start(i, hog, (void *)(uintptr_t)hogs_wait, NULL, TEST_PRIORITY + 2, K_TICKS(i % 2));
    }
    k_sleep(K_TICKS(5));
    wait_start(HOGS, &large, large_priority);
    for (unsigned i = 0; i < ROUNDS_MAX && !large.answered; i++) {
        k_sleep(K_TICKS(1));
    }
    printk("# a large request, passed %u times by %u blocks: %s\n", (unsigned)wait_stats().bypasses,
           (unsigned)taken, large.answered ? "served" : "not served");
}

/* Small requests that wait, behind it. */
ZTEST(kheap_starvation, W6_large_request_behind_which_small_ones_wait)
{
    starve(true, TEST_PRIORITY + 1);
    zassert_equal(large.answered, HAS_BOUND);
    zassert_true(!HAS_BOUND || taken <= BYPASSES_MAX, "%u blocks passed", (unsigned)taken);
    zassert_true(HAS_BOUND || taken > ROUNDS_MAX / 2);
}

/* Small requests that do not wait, of its own priority. */
ZTEST(kheap_starvation, W6_large_request_among_small_ones_that_do_not_wait)
{
    starve(false, TEST_PRIORITY + 2);
    zassert_equal(large.answered, HAS_BOUND);
    zassert_true(!HAS_BOUND || taken <= BYPASSES_MAX, "%u blocks passed", (unsigned)taken);
    zassert_equal(refused != 0, HAS_BOUND);
    zassert_true(HAS_BOUND || taken > ROUNDS_MAX / 2);
}
