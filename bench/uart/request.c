/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"

#include "../../kernel/region_pool.h"
#include "timer1.h"

#define REGIONS      3
#define REGION_BYTES 4096
#define ROUNDS       16

static struct region_pool pool = REGION_POOL_INIT(pool);
static char storage[REGIONS][REGION_BYTES] __aligned(64);
static const struct region regions[REGIONS] = {
    {.name = "a", .start = storage[0], .size = REGION_BYTES, .attr = REGION_CACHEABLE},
    {.name = "b", .start = storage[1], .size = REGION_BYTES, .attr = REGION_FAST},
    {.name = "c", .start = storage[2], .size = REGION_BYTES, .attr = REGION_DMA},
};

/* The type of region_pool_alloc, so that preparing a call costs the same. */
typedef void *(*call_fn)(struct region_pool *from, const struct region_need *need, size_t align,
                         size_t bytes, k_timeout_t timeout);

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

/* Of a request, each from the same heap. */
static uint32_t cost_of(call_fn call, const struct region_need *need)
{
    void *blocks[ROUNDS];
    uint32_t begin = TIMER1_VALUE;
    uint32_t instructions;

    for (unsigned i = 0; i < ROUNDS; i++) {
        blocks[i] = call(&pool, need, 0, 32, K_NO_WAIT);
    }
    instructions = instructions_since(begin);
    for (unsigned i = 0; i < ROUNDS; i++) {
        region_pool_free(&pool, blocks[i]);
    }
    return instructions;
}

static void measure(const char *name, unsigned index)
{
    struct region_need need = {.must = regions[index].attr};
    unsigned key = irq_lock();
    uint32_t plain;
    uint32_t whole;

    chosen = &pool.slots[index].heap;
    chosen_align = regions[index].attr == REGION_CACHEABLE ? CONFIG_DCACHE_LINE_SIZE : 0;
    plain = cost_of(by_sys_heap, &need);
    whole = cost_of(region_pool_alloc, &need);
    irq_unlock(key);
    printk("%s %lu %lu\n", name, (unsigned long)((whole - plain + ROUNDS / 2) / ROUNDS),
           (unsigned long)(plain / ROUNDS));
}

void measure_requests(void)
{
    for (unsigned i = 0; i < REGIONS; i++) {
        (void)region_pool_add(&pool, &regions[i]);
    }
    measure("request-padded", 0);
    measure("request-second", 1);
    measure("request-third", 2);
}
