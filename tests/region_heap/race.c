/* SPDX-License-Identifier: Apache-2.0 */
/* An interrupt frees, takes or aborts at every place where a request can be interrupted. */
#include <errno.h>

#include "pool.h"

#ifdef CONFIG_ARCH_HOST

#include "../../kernel/arch/host/host.h"

#define A         1u
#define B         2u
#define BIG_BYTES (REGION_BYTES / 2)

static void *full[2];
static unsigned moment;
static unsigned unlocks;
static void (*interrupt)(void);
static bool happened; /* before the deadline */
static int64_t deadline_tick;

#define WAIT K_TIMEOUT_ABS_TICKS(deadline_tick)

static void at_unlock(void)
{
    if (unlocks++ == moment) {
        happened = k_uptime_ticks() < deadline_tick;
        interrupt();
    }
}

static void after(void *fixture)
{
    host_unlock_hook = NULL;
    workers_end(fixture);
    zassert_true(region_pool_validate(&pool));
    zassert_equal(pool.wait_stats.grants, pool.wait_stats.wakeups);
}

ZTEST_SUITE(region_race, NULL, NULL, NULL, after, NULL);

static void set_up(void)
{
    static const uint32_t attrs[] = {A, B};

    pool_make(attrs, ARRAY_SIZE(attrs));
    full[0] = fill_region(0);
    full[1] = fill_region(1);
    happened = false;
    unlocks = 0;
    deadline_tick = k_uptime_ticks() + 20;
}

static void free_second(void)
{
    region_pool_free(&pool, full[1]);
}

ZTEST(region_race, W1_a_free_at_every_moment_of_a_request)
{
    static const struct region_need need = {.prefer = A};
    unsigned served = 0;

    interrupt = free_second;
    for (moment = 0; moment < 40; moment++) {
        void *block;

        set_up();
        host_unlock_hook = at_unlock;
        block = region_pool_alloc(&pool, &need, 0, BIG_BYTES, WAIT);
        host_unlock_hook = NULL;
        if (happened) {
            zassert_equal(region_index(block), 1, "freed at moment %u", moment);
            served++;
            region_pool_free(&pool, block);
        }
        zassert_equal(sys_heap_largest_free_block(&pool.slots[0].heap), 0);
        after(NULL);
    }
    zassert_true(served >= 3, "%u moments", served);
}

static void shuffle(void)
{
    static const struct region_need need_b = {.must = B};

    region_pool_free(&pool, full[1]);
    full[1] = region_pool_alloc(&pool, &need_b, 0, BIG_BYTES, K_NO_WAIT);
}

ZTEST(region_race, W1_what_an_interrupt_takes_back_is_not_handed_out_twice)
{
    static const struct region_need need_b = {.must = B};

    interrupt = shuffle;
    for (moment = 0; moment < 40; moment++) {
        void *block;

        set_up();
        host_unlock_hook = at_unlock;
        block = region_pool_alloc(&pool, &need_b, 0, BIG_BYTES, WAIT);
        host_unlock_hook = NULL;
        /* The waiter comes first, or the interrupt had the block before there was a waiter. */
        zassert_true(!happened || (block == NULL) != (full[1] == NULL), "moment %u", moment);
        after(NULL);
    }
}

static void *growing;

static void shrink_neighbour(void)
{
    region_pool_free(&pool, full[0]);
}

ZTEST(region_race, W1_a_free_at_every_moment_of_a_realloc)
{
    static const struct region_need need_a = {.must = A};
    unsigned grown = 0;

    interrupt = shrink_neighbour;
    for (moment = 0; moment < 40; moment++) {
        void *block;

        set_up();
        region_pool_free(&pool, full[0]);
        growing = region_pool_alloc(&pool, &need_a, 0, 16, K_NO_WAIT);
        memcpy(growing, "content", 8);
        full[0] = fill_region(0);
        host_unlock_hook = at_unlock;
        unlocks = 0;
        happened = false;
        block = region_pool_realloc(&pool, &need_a, growing, 200, WAIT);
        host_unlock_hook = NULL;
        if (happened) {
            zassert_not_null(block, "moment %u", moment);
            zassert_str_equal((char *)block, "content");
            grown++;
        } else if (block == NULL) {
            zassert_str_equal((char *)growing, "content");
        }
        after(NULL);
    }
    zassert_true(grown >= 2, "%u moments", grown);
}

#endif
