/* SPDX-License-Identifier: Apache-2.0 */
/* R1: which regions suit and in which order, every combination against a slow oracle. */
#include <errno.h>

#include "pool.h"

ZTEST_SUITE(region_rules, NULL, NULL, NULL, NULL, NULL);

/* The words of the rule, one attribute at a time. */
static bool oracle_suits(uint32_t attr, const struct region_need *need)
{
    for (unsigned bit = 0; bit < 32; bit++) {
        bool has = (attr >> bit & 1) != 0;

        if ((!has && (need->must >> bit & 1) != 0) || (has && (need->must_not >> bit & 1) != 0)) {
            return false;
        }
    }
    return true;
}

static unsigned oracle_lacks(uint32_t attr, const struct region_need *need)
{
    unsigned count = 0;

    for (unsigned bit = 0; bit < 32; bit++) {
        count += (need->prefer >> bit & 1) != 0 && (attr >> bit & 1) == 0;
    }
    return count;
}

/* The best region that is not in `tried`, or -1. */
static int oracle_next(const uint32_t *attrs, unsigned count, const struct region_need *need,
                       unsigned tried)
{
    int best = -1;

    for (unsigned i = 0; i < count; i++) {
        if ((tried >> i & 1) == 0 && oracle_suits(attrs[i], need) &&
            (best < 0 || oracle_lacks(attrs[i], need) < oracle_lacks(attrs[best], need))) {
            best = (int)i;
        }
    }
    return best;
}

ZTEST(region_rules, R1_suits_and_lacks_for_every_combination_of_four_attributes)
{
    /* Word `i` of four attributes spread over the width of the word. */
    static const unsigned shifts[] = {0, 1, 17, 31};
    uint32_t words[16] = {0};

    for (unsigned i = 0; i < 16; i++) {
        for (unsigned bit = 0; bit < 4; bit++) {
            words[i] |= (uint32_t)(i >> bit & 1) << shifts[bit];
        }
    }
    for (unsigned i = 0; i < 16 * 16 * 16; i++) {
        struct region_need need = {words[i & 15], words[i >> 4 & 15], words[i >> 8]};

        for (unsigned a = 0; a < 16; a++) {
            zassert_equal(region_suits(words[a], &need), oracle_suits(words[a], &need));
            zassert_equal(region_lacks(words[a], &need), oracle_lacks(words[a], &need));
        }
    }
}

/* More than half of a region, so that one block fills it for this purpose. */
#define BIG_BYTES (REGION_BYTES / 2)

static void check_order(const uint32_t *attrs, unsigned count, const struct region_need *need)
{
    void *blocks[MAX_MEMORY_REGIONS];
    unsigned tried = 0;
    unsigned taken = 0;
    int expected;

    while ((expected = oracle_next(attrs, count, need, tried)) >= 0) {
        blocks[taken] = region_pool_alloc(&pool, need, 0, BIG_BYTES, K_NO_WAIT);
        zassert_equal(region_index(blocks[taken]), expected,
                      "must %x, prefer %x, must not %x: block %u is in region %d, not %d",
                      (unsigned)need->must, (unsigned)need->prefer, (unsigned)need->must_not, taken,
                      region_index(blocks[taken]), expected);
        tried |= 1u << expected;
        taken++;
    }
    zassert_is_null(region_pool_alloc(&pool, need, 0, BIG_BYTES, K_NO_WAIT));
    while (taken > 0) {
        region_pool_free(&pool, blocks[--taken]);
    }
}

/* Every need over three attributes, asked of the real pool until nothing is left. */
static void check_orders(const uint32_t *attrs, unsigned count)
{
    pool_make(attrs, count);
    for (uint32_t i = 0; i < 8 * 8 * 8; i++) {
        struct region_need need = {i & 7, i >> 3 & 7, i >> 6};

        check_order(attrs, count, &need);
    }
    zassert_true(region_pool_validate(&pool));
}

ZTEST(region_rules, R1_order_over_all_kinds_of_region)
{
    static const uint32_t attrs[] = {0, 1, 2, 3, 4, 5, 6, 7};

    check_orders(attrs, ARRAY_SIZE(attrs));
}

ZTEST(region_rules, R1_order_over_equal_regions_and_attributes_nobody_asks_for)
{
    static const uint32_t attrs[] = {5, 13, 0, 7, 2, 0x80000002, 1, 6};

    check_orders(attrs, ARRAY_SIZE(attrs));
}

ZTEST(region_rules, R1_order_in_pools_of_three_regions)
{
    for (uint32_t i = 0; i < 8 * 8 * 8; i += 7) {
        uint32_t attrs[] = {i & 7, i >> 3 & 7, i >> 6};

        check_orders(attrs, ARRAY_SIZE(attrs));
    }
}

ZTEST(region_rules, no_regions_no_memory)
{
    struct region_need anything = {0};

    pool_make(NULL, 0);
    zassert_is_null(region_pool_alloc(&pool, &anything, 0, 1, K_NO_WAIT));
    zassert_is_null(region_pool_alloc(&pool, &anything, 0, 1, K_FOREVER));
    zassert_is_null(region_pool_find(&pool, &pool, 1));
    zassert_true(region_pool_validate(&pool));
}

/* R3: the beginning of a region is the image's, or all of it. */

static char shared_memory[REGION_BYTES] __aligned(8);
static char full_memory[REGION_BYTES] __aligned(8);
static const struct region shared = {"shared", shared_memory, sizeof(shared_memory), 1, 200};
static const struct region full = {"full", full_memory, sizeof(full_memory), 2, REGION_BYTES};

ZTEST(region_rules, R3_the_heap_begins_behind_what_the_image_uses)
{
    struct region_need need = {.must = 1};
    char *block;

    pool_make(NULL, 0);
    memset(shared_memory, 0x5a, sizeof(shared_memory));
    zassert_ok(region_pool_add(&pool, &shared));
    for (unsigned i = 0; i < 200; i++) {
        zassert_equal(shared_memory[i], 0x5a, "byte %u was the image's", i);
    }
    block = region_pool_alloc(&pool, &need, 0, 8, K_NO_WAIT);
    zassert_between_inclusive((uintptr_t)block, (uintptr_t)shared_memory + 200,
                              (uintptr_t)shared_memory + REGION_BYTES - 8);
    zassert_equal_ptr(region_pool_find(&pool, shared_memory, REGION_BYTES), &shared);
    region_pool_free(&pool, block);
}

ZTEST(region_rules, R3_a_region_of_the_image_is_known_and_gives_nothing)
{
    struct region_need need = {.must = 2};

    pool_make(NULL, 0);
    zassert_ok(region_pool_add(&pool, &full));
    zassert_is_null(region_pool_alloc(&pool, &need, 0, 1, K_FOREVER));
    zassert_equal_ptr(region_pool_find(&pool, full_memory, REGION_BYTES), &full);
    zassert_is_null(region_pool_find(&pool, full_memory + 1, REGION_BYTES));
    zassert_equal(region_pool_add(&pool, &full), -EINVAL, "it overlaps itself");
}

ZTEST(region_rules, R3_limits)
{
    static const struct region tail = {"tail", shared_memory, REGION_BYTES, 1, REGION_BYTES - 16};
    static struct region parts[MAX_MEMORY_REGIONS + 1];

    pool_make(NULL, 0);
    zassert_equal(region_pool_add(&pool, &tail), -ENOMEM, "what is left is too small for a heap");
    for (unsigned i = 0; i <= MAX_MEMORY_REGIONS; i++) {
        parts[i] = (struct region){"part", full_memory + 8 * i, 8, 0, 8};
        zassert_equal(region_pool_add(&pool, &parts[i]), i < MAX_MEMORY_REGIONS ? 0 : -ENOMEM);
    }
}

/* R2. */

static bool whole_lines(const void *block, size_t bytes)
{
    return (uintptr_t)block % CONFIG_DCACHE_LINE_SIZE == 0 &&
           sys_heap_usable_size(&pool.slots[0].heap, (void *)(uintptr_t)block) >=
               ROUND_UP(bytes, CONFIG_DCACHE_LINE_SIZE);
}

static const struct region_need anything;

ZTEST(region_rules, R2_blocks_of_cacheable_regions_are_whole_lines)
{
    static const uint32_t cacheable = REGION_CACHEABLE;

    pool_make(&cacheable, 1);
    for (size_t bytes = 1; bytes <= 3 * CONFIG_DCACHE_LINE_SIZE; bytes++) {
        for (size_t align = 0; align <= 2 * CONFIG_DCACHE_LINE_SIZE;
             align = align == 0 ? 1 : 2 * align) {
            void *first = region_pool_alloc(&pool, &anything, align, bytes, K_NO_WAIT);
            void *second = region_pool_alloc(&pool, &anything, align, bytes, K_NO_WAIT);

            zassert_true(first != NULL && second != NULL);
            zassert_true(whole_lines(first, bytes) && whole_lines(second, bytes));
            zassert_true(align == 0 || (uintptr_t)second % align == 0);
            /* What a write-back of every line of both blocks may write. */
            memset(first, 0xa5, ROUND_UP(bytes, CONFIG_DCACHE_LINE_SIZE));
            memset(second, 0x5a, ROUND_UP(bytes, CONFIG_DCACHE_LINE_SIZE));
            zassert_true(region_pool_validate(&pool));
            region_pool_free(&pool, first);
            region_pool_free(&pool, second);
        }
    }
}

ZTEST(region_rules, R2_other_regions_give_what_was_asked_for)
{
    static const uint32_t plain = 0;
    void *first;
    void *second;

    pool_make(&plain, 1);
    first = region_pool_alloc(&pool, &anything, 0, 1, K_NO_WAIT);
    second = region_pool_alloc(&pool, &anything, 0, 1, K_NO_WAIT);
    zassert_true((uintptr_t)second - (uintptr_t)first < CONFIG_DCACHE_LINE_SIZE);
}

ZTEST(region_rules, impossible_sizes_and_alignments_give_nothing)
{
    static const uint32_t attrs[] = {REGION_CACHEABLE, 0};
    static const size_t sizes[] = {
        0,           SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - CONFIG_DCACHE_LINE_SIZE + 1, SIZE_MAX / 2,
        REGION_BYTES};
    static const size_t aligns[] = {3, 48, SIZE_MAX, 7 * (size_t)CONFIG_DCACHE_LINE_SIZE};

    for (unsigned only = 0; only < 2; only++) {
        pool_make(&attrs[only], 1);
        for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
            zassert_is_null(region_pool_alloc(&pool, &anything, 0, sizes[i], K_FOREVER));
        }
        for (unsigned i = 0; i < ARRAY_SIZE(aligns); i++) {
            zassert_is_null(region_pool_alloc(&pool, &anything, aligns[i], 1, K_FOREVER));
        }
    }
}

ZTEST(region_rules, add_refuses_overlap_too_small_and_too_many)
{
    static const uint32_t attrs[MAX_MEMORY_REGIONS] = {0};
    static char more[REGION_BYTES];
    struct region inside = {.size = 200};
    static const struct region tiny = {.start = more, .size = Z_HEAP_MIN_SIZE + 7};
    static const struct region whole = {.start = more, .size = sizeof(more)};

    pool_make(attrs, 1);
    inside.start = (char *)regions[0].start + 100;
    zassert_equal(region_pool_add(&pool, &inside), -EINVAL);
    inside.start = (char *)regions[0].start - 100;
    zassert_equal(region_pool_add(&pool, &inside), -EINVAL);
    zassert_equal(region_pool_add(&pool, &tiny), -ENOMEM);
    pool_make(attrs, MAX_MEMORY_REGIONS);
    zassert_equal(region_pool_add(&pool, &whole), -ENOMEM);
}

ZTEST(region_rules, find_wants_the_whole_range_in_one_region)
{
    static const uint32_t attrs[] = {0, 0};
    char *start;

    pool_make(attrs, 2);
    start = regions[0].start;
    zassert_equal_ptr(region_pool_find(&pool, start, REGION_BYTES), &regions[0]);
    zassert_equal_ptr(region_pool_find(&pool, start + REGION_BYTES - 1, 1), &regions[0]);
    zassert_is_null(region_pool_find(&pool, start + 1, REGION_BYTES));
    zassert_is_null(region_pool_find(&pool, start, SIZE_MAX));
    zassert_is_null(region_pool_find(&pool, &pool, 1));
}

ZTEST(region_rules, H8_free_of_an_address_in_no_region)
{
    static const uint32_t plain = 0;

    pool_make(&plain, 1);
    ztest_expect_invariant("H8");
    region_pool_free(&pool, &pool);
}

ZTEST(region_rules, statistics_by_region_and_in_all)
{
    static const uint32_t attrs[] = {REGION_DMA, 0};
    static const struct region_need no_dma = {.must_not = REGION_DMA};
    struct sys_memory_stats one;
    struct sys_memory_stats two;
    struct sys_memory_stats all;
    void *first;
    void *second;

    pool_make(attrs, 2);
    first = region_pool_alloc(&pool, &anything, 0, 100, K_NO_WAIT);
    second = region_pool_alloc(&pool, &no_dma, 0, 40, K_NO_WAIT);
    region_pool_free(&pool, first);
    zassert_ok(region_pool_stats_get(&pool, &regions[0], &one));
    zassert_ok(region_pool_stats_get(&pool, &regions[1], &two));
    zassert_ok(region_pool_stats_get(&pool, NULL, &all));
    zassert_equal(one.allocated_bytes, 0);
    zassert_true(one.max_allocated_bytes >= 100);
    zassert_between_inclusive(two.allocated_bytes, 40, 56);
    zassert_equal(all.free_bytes, one.free_bytes + two.free_bytes);
    zassert_equal(all.allocated_bytes, two.allocated_bytes);
    zassert_equal(all.max_allocated_bytes, one.max_allocated_bytes + two.max_allocated_bytes);
    zassert_equal(region_pool_stats_get(&pool, &regions[2], &one), -EINVAL);
    region_pool_free(&pool, second);
}

ZTEST(region_rules, validate_sees_damage_in_any_region)
{
    static const uint32_t attrs[] = {0, 0, 0};

    for (unsigned i = 0; i < 3; i++) {
        char *block;

        pool_make(attrs, 3);
        block = sys_heap_alloc(&pool.slots[i].heap, 24);
        zassert_true(region_pool_validate(&pool));
        memset(block + sys_heap_usable_size(&pool.slots[i].heap, block), 0xff, 4);
        zassert_false(region_pool_validate(&pool), "region %u", i);
    }
}

ZTEST(region_rules, realloc_stays_moves_and_frees)
{
    static const uint32_t attrs[] = {REGION_DMA, 0};
    static const struct region_need dma = {.must = REGION_DMA};
    static const struct region_need no_dma = {.must_not = REGION_DMA};
    char *block;
    char *moved;

    pool_make(attrs, 2);
    block = region_pool_realloc(&pool, &dma, NULL, 40, K_NO_WAIT);
    zassert_equal(region_index(block), 0);
    memcpy(block, "content", 8);
    zassert_equal_ptr(region_pool_realloc(&pool, &dma, block, 200, K_NO_WAIT), block);
    zassert_equal_ptr(region_pool_realloc(&pool, &dma, block, 20, K_NO_WAIT), block);
    (void)fill_region(0);
    zassert_is_null(region_pool_realloc(&pool, &dma, block, 200, K_NO_WAIT));
    zassert_str_equal(block, "content");
    moved = region_pool_realloc(&pool, &no_dma, block, 200, K_NO_WAIT);
    zassert_equal(region_index(moved), 1);
    zassert_str_equal(moved, "content");
    /* The old place is free again. */
    zassert_not_null(region_pool_alloc(&pool, &dma, 0, 20, K_NO_WAIT));
    zassert_is_null(region_pool_realloc(&pool, &no_dma, moved, 0, K_NO_WAIT));
    zassert_true(sys_heap_largest_free_block(&pool.slots[1].heap) ==
                 sys_heap_capacity(&pool.slots[1].heap));
    zassert_true(region_pool_validate(&pool));
}
