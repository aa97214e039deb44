/* SPDX-License-Identifier: Apache-2.0 */
/* The board's own regions, if it has any, come first; the test adds one of each class. */
#include <errno.h>

#include <zephyr/irq_offload.h>
#include <zephyr/mem_mgmt/mem_attr_heap.h>

#include "../ztest/ztest.h"

#define CACHE     DT_MEM_SW_ALLOC_CACHE
#define NON_CACHE DT_MEM_SW_ALLOC_NON_CACHE
#define DMA       DT_MEM_SW_ALLOC_DMA

static char storage[4][1024] __aligned(8);

/* The one with most attributes first: it would stand in for the others if it could. */
static const struct region added[] = {
    {"cache_dma", storage[0], 1024, REGION_CACHEABLE | REGION_DMA, 0},
    {"cache", storage[1], 1024, REGION_CACHEABLE, 0},
    {"dma", storage[2], 1024, REGION_DMA | REGION_EXTERNAL, 0},
    {"plain", storage[3], 1024, REGION_FAST, 0},
};
static const uint32_t classes[] = {CACHE | DMA, CACHE, DMA, NON_CACHE};

static void *set_up(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(added); i++) {
        zassert_ok(region_heap_add(&added[i]));
    }
    zassert_is_null(mem_attr_heap_alloc(DMA, 8), "not open yet");
    zassert_is_null(mem_attr_heap_get_region(storage[0]));
    zassert_ok(mem_attr_heap_pool_init());
    return NULL;
}

ZTEST_SUITE(mem_attr_heap, NULL, set_up, NULL, NULL, NULL);

ZTEST(mem_attr_heap, pool_opens_once)
{
    zassert_equal(mem_attr_heap_pool_init(), -EALREADY);
}

/* The class of a region in the words of the header's table. */
static uint32_t oracle_class(const struct region *region)
{
    bool dma = (region->attr & REGION_DMA) != 0;

    if ((region->attr & REGION_CACHEABLE) != 0) {
        return dma ? CACHE | DMA : CACHE;
    }
    return dma ? DMA : NON_CACHE;
}

struct search {
    uint32_t class;
    const struct region *first;
};

static void search(const struct region *region, size_t capacity_bytes, void *data)
{
    struct search *wanted = data;

    ARG_UNUSED(capacity_bytes);
    if (wanted->first == NULL && oracle_class(region) == wanted->class) {
        wanted->first = region;
    }
}

ZTEST(mem_attr_heap, every_combination_of_class_bits_is_matched_exactly)
{
    for (uint32_t bits = 0; bits < 8; bits++) {
        uint32_t attr = (bits & 1 ? CACHE : 0) | (bits & 2 ? NON_CACHE : 0) | (bits & 4 ? DMA : 0);
        struct search wanted = {.class = attr};
        void *block = mem_attr_heap_alloc(attr, 16);

        region_heap_foreach(search, &wanted);
        zassert_equal_ptr(region_heap_find(block, 16), wanted.first, "class bits %u",
                          (unsigned)bits);
        mem_attr_heap_free(block);
    }
}

ZTEST(mem_attr_heap, bits_that_are_no_class_do_not_matter)
{
    void *block = mem_attr_heap_alloc(CACHE | DMA | BIT(0) | BIT(3) | BIT(30), 16);

    zassert_equal_ptr(region_heap_find(block, 16), &added[0]);
    mem_attr_heap_free(block);
}

ZTEST(mem_attr_heap, no_other_class_stands_in)
{
    void *block = mem_attr_heap_alloc(CACHE | DMA, 600);

    zassert_not_null(block);
    zassert_is_null(mem_attr_heap_alloc(CACHE | DMA, 600), "DMA and CACHE regions have room");
    zassert_is_null(mem_attr_heap_alloc(CACHE, 0));
    zassert_is_null(mem_attr_heap_alloc(CACHE, SIZE_MAX));
    mem_attr_heap_free(block);
    mem_attr_heap_free(NULL);
}

ZTEST(mem_attr_heap, alignment)
{
    for (size_t align = 1; align <= 128; align *= 2) {
        void *block = mem_attr_heap_aligned_alloc(CACHE, align, 8);

        zassert_not_null(block);
        zassert_equal((uintptr_t)block % align, 0);
        mem_attr_heap_free(block);
    }
    zassert_is_null(mem_attr_heap_aligned_alloc(CACHE, 24, 8));
}

ZTEST(mem_attr_heap, get_region_tells_place_and_class)
{
    for (unsigned i = 0; i < ARRAY_SIZE(added); i++) {
        const struct mem_attr_region_t *region = mem_attr_heap_get_region(storage[i] + 1023);

        zassert_not_null(region);
        zassert_str_equal(region->dt_name, added[i].name);
        zassert_equal(region->dt_addr, (uintptr_t)storage[i]);
        zassert_equal(region->dt_size, 1024);
        zassert_equal(region->dt_attr, classes[i]);
    }
    zassert_is_null(mem_attr_heap_get_region((void *)(uintptr_t)added));
    zassert_is_null(mem_attr_heap_get_region(NULL));
}

ZTEST(mem_attr_heap, realloc_keeps_class_and_content)
{
    char *block = mem_attr_heap_alloc(CACHE, 64);
    char *wall = mem_attr_heap_alloc(CACHE, 64);
    char *moved;

    memcpy(block, "content", 8);
    moved = mem_attr_heap_realloc(block, 300);
    zassert_true(moved != NULL && moved != block);
    zassert_equal_ptr(region_heap_find(moved, 300), &added[1]);
    zassert_str_equal(moved, "content");
    zassert_is_null(mem_attr_heap_realloc(moved, 1024), "larger than any region of the class");
    zassert_str_equal(moved, "content");
    zassert_is_null(mem_attr_heap_realloc(moved, 0));
    zassert_is_null(mem_attr_heap_realloc(NULL, 8));
    mem_attr_heap_free(wall);
    zassert_not_null(block = mem_attr_heap_alloc(CACHE, 800), "something was not given back");
    mem_attr_heap_free(block);
}

static void use_in_isr(const void *parameter)
{
    *(bool *)(uintptr_t)parameter = mem_attr_heap_get_region(storage[1]) != NULL;
    mem_attr_heap_free(mem_attr_heap_alloc(DMA, 64));
}

ZTEST(mem_attr_heap, interrupts_take_and_free)
{
    bool found = false;

    irq_offload(use_in_isr, &found);
    zassert_true(found);
}

ZTEST(mem_attr_heap, H8_free_of_foreign_address)
{
    ztest_expect_invariant("H8");
    mem_attr_heap_free((void *)(uintptr_t)added);
}

/* The region heap's own face, on the same regions. */

ZTEST(mem_attr_heap, region_heap_is_the_same_memory)
{
    static const struct region_need need = {.must = REGION_CACHEABLE, .prefer = REGION_DMA};
    struct sys_memory_stats stats;
    struct k_heap_wait_stats waits;
    void *block = region_heap_request(&need, 0, 16, K_NO_WAIT);

    zassert_equal_ptr(region_heap_find(block, 16), &added[0]);
    zassert_ok(region_heap_stats_get(&added[0], &stats));
    zassert_between_inclusive(stats.allocated_bytes, 32, 48);
    zassert_true(region_heap_validate());
    region_heap_free(block);
    block = region_heap_alloc(REGION_CACHEABLE, REGION_DMA, 0, 16);
    zassert_equal_ptr(region_heap_find(block, 16), &added[1]);
    region_heap_free(block);
    zassert_ok(region_heap_stats_get(NULL, &stats));
    zassert_equal(stats.allocated_bytes, 0);
    zassert_is_null(region_heap_request(&need, 0, 2000, K_MSEC(1)), "cannot ever fit");
    block = region_heap_request(&need, 0, 600, K_NO_WAIT);
    zassert_not_null(region_heap_request(&need, 0, 600, K_NO_WAIT), "fall-back");
    zassert_is_null(region_heap_request(&need, 0, 600, K_MSEC(1)));
    region_heap_wait_stats_get(&waits);
    zassert_equal(waits.waits, 1);
    zassert_equal(waits.grants, 0);
}
