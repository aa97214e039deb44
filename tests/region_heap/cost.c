/* SPDX-License-Identifier: Apache-2.0 */
/* What a request by need costs beyond the sys_heap call that it ends in, in instructions. */
#include <errno.h>

#include "pool.h"

ZTEST_SUITE(region_cost, NULL, NULL, NULL, NULL, NULL);

#define ROUNDS       4
#define MAX_OVERHEAD 40

#if defined(CONFIG_QEMU_ICOUNT) && defined(CONFIG_CPU_CORTEX_M33)

/* CMSDK timer 0 of the AN505 at 20 MHz (Arm DAI 0505; DDI 0479, "APB timer"): it counts down. */
#define TIMER0_CTRL    (*(volatile uint32_t *)0x50000000u)
#define TIMER0_VALUE   (*(volatile uint32_t *)0x50000004u)
#define TIMER0_RELOAD  (*(volatile uint32_t *)0x50000008u)
#define TICK_NS        50
#define INSTRUCTION_NS (1u << CONFIG_QEMU_ICOUNT_SHIFT)

/* The type of region_pool_alloc, so that preparing a call costs the same. */
typedef void *(*call_fn)(struct region_pool *from, const struct region_need *need, size_t align,
                         size_t bytes, k_timeout_t timeout);

/* Instructions of ROUNDS calls from one function, whose own part is the same for all. */
static uint32_t cost_of(call_fn call, const struct region_need *need)
{
    void *blocks[ROUNDS];
    uint32_t begin;
    uint32_t end;

    TIMER0_RELOAD = UINT32_MAX;
    TIMER0_CTRL = 1;
    begin = TIMER0_VALUE;
    for (unsigned i = 0; i < ROUNDS; i++) {
        blocks[i] = call(&pool, need, 0, 32, K_NO_WAIT);
    }
    end = TIMER0_VALUE;
    for (unsigned i = 0; i < ROUNDS; i++) {
        zassert_not_null(blocks[i]);
        region_pool_free(&pool, blocks[i]);
    }
    return ((begin - end) * TICK_NS + INSTRUCTION_NS / 2) / INSTRUCTION_NS;
}

static struct sys_heap *chosen;
static size_t chosen_align;

static void *by_sys_heap(struct region_pool *from, const struct region_need *need, size_t align,
                         size_t bytes, k_timeout_t timeout)
{
    ARG_UNUSED(from);
    ARG_UNUSED(need);
    ARG_UNUSED(align);
    ARG_UNUSED(timeout);
    return sys_heap_aligned_alloc(chosen, chosen_align, bytes);
}

static uint32_t overhead(const struct region_need *need, unsigned expected)
{
    unsigned key = irq_lock();
    uint32_t plain;
    uint32_t extra;

    chosen = &pool.slots[expected].heap;
    chosen_align = (regions[expected].attr & REGION_CACHEABLE) != 0 ? CONFIG_DCACHE_LINE_SIZE : 0;
    plain = cost_of(by_sys_heap, need);
    extra = cost_of(region_pool_alloc, need) - plain;
    irq_unlock(key);
    printk("# region %u of %u: %u instructions, of them %u beyond sys_heap\n", expected + 1,
           pool.count, (unsigned)((plain + extra) / ROUNDS), (unsigned)(extra / ROUNDS));
    return extra / ROUNDS;
}

ZTEST(region_cost, request_costs_at_most_40_instructions_beyond_sys_heap)
{
    static const uint32_t attrs[] = {REGION_FAST, REGION_DMA, REGION_DMA | REGION_EXTERNAL};

    pool_make(attrs, ARRAY_SIZE(attrs));
    for (unsigned i = 0; i < ARRAY_SIZE(attrs); i++) {
        struct region_need need = {.must = attrs[i]};

        zassert_true(overhead(&need, i) <= MAX_OVERHEAD);
    }
}

ZTEST(region_cost, preference_and_cache_lines_that_are_met_at_once_cost_no_more)
{
    static const uint32_t attrs[] = {REGION_CACHEABLE, REGION_FAST | REGION_DMA, REGION_DMA};
    static const struct region_need preferred = {.must = REGION_DMA, .prefer = REGION_FAST};
    static const struct region_need cacheable = {.must = REGION_CACHEABLE};

    pool_make(attrs, ARRAY_SIZE(attrs));
    zassert_true(overhead(&preferred, 1) <= MAX_OVERHEAD);
    zassert_true(overhead(&cacheable, 0) <= MAX_OVERHEAD);
}

#else

ZTEST(region_cost, request_costs_at_most_40_instructions_beyond_sys_heap)
{
    /* Counted where the timer above is. */
    ztest_test_skip();
}

#endif
