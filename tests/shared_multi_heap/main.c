/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include <zephyr/irq_offload.h>
#include <zephyr/multi_heap/shared_multi_heap.h>

#include "../ztest/ztest.h"

#define SMALL_BYTES 512
#define BIG_BYTES   2048
#define SPARE_COUNT (MAX_MEMORY_REGIONS - 4)

static char cacheable_small[SMALL_BYTES] __aligned(8);
static char cacheable_big[BIG_BYTES] __aligned(8);
static char plain[SMALL_BYTES] __aligned(8);
static char external[BIG_BYTES] __aligned(8);
static char spare[SPARE_COUNT + 1][200] __aligned(8);

static int add(unsigned attr, void *start, size_t bytes)
{
    struct shared_multi_heap_region region = {attr, (uintptr_t)start, bytes};

    return shared_multi_heap_add(&region, NULL);
}

static bool lies_in(const void *block, const void *start, size_t bytes)
{
    return (uintptr_t)block - (uintptr_t)start < bytes;
}

#define IN(block, array) lies_in(block, array, sizeof(array))

/* Regions cannot be taken away again: one pool for all tests. */
static void *set_up(void)
{
    zassert_is_null(shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, 8), "no region yet");
    zassert_ok(shared_multi_heap_pool_init());
    zassert_ok(add(SMH_REG_ATTR_CACHEABLE, cacheable_small, sizeof(cacheable_small)));
    zassert_ok(add(SMH_REG_ATTR_CACHEABLE, cacheable_big, sizeof(cacheable_big)));
    zassert_ok(add(SMH_REG_ATTR_NON_CACHEABLE, plain, sizeof(plain)));
    zassert_ok(add(SMH_REG_ATTR_EXTERNAL, external, sizeof(external)));
    return NULL;
}

ZTEST_SUITE(shared_multi_heap, NULL, set_up, NULL, NULL, NULL);

ZTEST(shared_multi_heap, pool_opens_once)
{
    zassert_equal(shared_multi_heap_pool_init(), -EALREADY);
    zassert_equal(shared_multi_heap_pool_init(), -EALREADY);
}

ZTEST(shared_multi_heap, add_refuses_wrong_attribute_overlap_and_too_small)
{
    zassert_equal(add(SMH_REG_ATTR_NUM, spare[0], sizeof(spare[0])), -EINVAL);
    zassert_equal(add(UINT32_MAX, spare[0], sizeof(spare[0])), -EINVAL);
    zassert_equal(add(SMH_REG_ATTR_CACHEABLE, plain + 8, 100), -EINVAL);
    zassert_equal(add(SMH_REG_ATTR_CACHEABLE, spare[0], 8), -ENOMEM);
    zassert_equal(add(SMH_REG_ATTR_CACHEABLE, spare[0], 0), -ENOMEM);
}

ZTEST(shared_multi_heap, first_region_with_the_attribute_and_room)
{
    void *small = shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, 64);
    void *big = shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, 1000);
    void *other = shared_multi_heap_alloc(SMH_REG_ATTR_NON_CACHEABLE, 64);
    void *outside = shared_multi_heap_alloc(SMH_REG_ATTR_EXTERNAL, 64);

    zassert_true(IN(small, cacheable_small));
    zassert_true(IN(big, cacheable_big));
    zassert_true(IN(other, plain));
    zassert_true(IN(outside, external));
    shared_multi_heap_free(small);
    shared_multi_heap_free(big);
    shared_multi_heap_free(other);
    shared_multi_heap_free(outside);
    shared_multi_heap_free(NULL);
}

ZTEST(shared_multi_heap, no_other_attribute_stands_in)
{
    zassert_is_null(shared_multi_heap_alloc(SMH_REG_ATTR_NON_CACHEABLE, 1000));
    zassert_is_null(shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, BIG_BYTES));
    zassert_is_null(shared_multi_heap_alloc(SMH_REG_ATTR_NUM, 8));
    zassert_is_null(shared_multi_heap_alloc((enum shared_multi_heap_attr)77, 8));
    zassert_is_null(shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, 0));
    zassert_is_null(shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, SIZE_MAX));
}

ZTEST(shared_multi_heap, alignment)
{
    for (size_t align = 1; align <= 128; align *= 2) {
        void *block = shared_multi_heap_aligned_alloc(SMH_REG_ATTR_NON_CACHEABLE, align, 10);

        zassert_not_null(block);
        zassert_equal((uintptr_t)block % align, 0);
        shared_multi_heap_free(block);
    }
    zassert_is_null(shared_multi_heap_aligned_alloc(SMH_REG_ATTR_NON_CACHEABLE, 24, 10));
    zassert_is_null(shared_multi_heap_aligned_alloc(SMH_REG_ATTR_CACHEABLE, 24, 10));
}

ZTEST(shared_multi_heap, realloc_stays_moves_and_frees)
{
    char *block = shared_multi_heap_realloc(SMH_REG_ATTR_CACHEABLE, NULL, 64);
    char *moved;

    zassert_true(IN(block, cacheable_small));
    memcpy(block, "content", 8);
    zassert_equal_ptr(shared_multi_heap_realloc(SMH_REG_ATTR_CACHEABLE, block, 100), block);
    moved = shared_multi_heap_realloc(SMH_REG_ATTR_CACHEABLE, block, 1000);
    zassert_true(IN(moved, cacheable_big));
    zassert_str_equal(moved, "content");
    zassert_is_null(shared_multi_heap_realloc(SMH_REG_ATTR_CACHEABLE, moved, BIG_BYTES));
    zassert_is_null(shared_multi_heap_realloc(SMH_REG_ATTR_NUM, moved, BIG_BYTES));
    zassert_str_equal(moved, "content");
    zassert_is_null(shared_multi_heap_realloc(SMH_REG_ATTR_CACHEABLE, moved, 0));
    /* Both regions are empty again. */
    block = shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, 320);
    moved = shared_multi_heap_alloc(SMH_REG_ATTR_CACHEABLE, 1760);
    zassert_true(IN(block, cacheable_small) && IN(moved, cacheable_big));
    shared_multi_heap_free(block);
    shared_multi_heap_free(moved);
}

static void *taken_in_isr;

static void take_in_isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    taken_in_isr = shared_multi_heap_alloc(SMH_REG_ATTR_EXTERNAL, 64);
    shared_multi_heap_free(shared_multi_heap_alloc(SMH_REG_ATTR_EXTERNAL, 64));
}

ZTEST(shared_multi_heap, interrupts_take_and_free)
{
    irq_offload(take_in_isr, NULL);
    zassert_true(IN(taken_in_isr, external));
    shared_multi_heap_free(taken_in_isr);
}

ZTEST(shared_multi_heap, H8_free_of_foreign_address)
{
    ztest_expect_invariant("H8");
    shared_multi_heap_free(spare);
}

ZTEST(shared_multi_heap, full_after_eight_regions)
{
    for (unsigned i = 0; i < SPARE_COUNT; i++) {
        zassert_ok(add(SMH_REG_ATTR_EXTERNAL, spare[i], sizeof(spare[i])));
    }
    zassert_equal(add(SMH_REG_ATTR_EXTERNAL, spare[SPARE_COUNT], sizeof(spare[0])), -ENOMEM);
}
