/* SPDX-License-Identifier: Apache-2.0 */
#include "region_heap.h"

#include "../heap/heap_size.h"
#include "../heap/multi_heap.h"
#include "../lib/errno.h"
#include "irq.h"

/* Protected by the interrupt lock. */
static struct {
    struct sys_multi_heap multi;
    struct sys_heap heaps[MAX_MEMORY_REGIONS];
    const struct region *regions[MAX_MEMORY_REGIONS]; /* in order of addition */
    unsigned count;
} pool;

struct region_request {
    uint32_t must;
    uint32_t must_not;
};

static bool region_suits(const struct region *region, const struct region_request *request)
{
    return (region->attr & request->must) == request->must &&
           (region->attr & request->must_not) == 0;
}

static void *choose_region(struct sys_multi_heap *multi, void *cfg, size_t align, size_t bytes)
{
    const struct region_request *request = cfg;
    void *block = NULL;

    ARG_UNUSED(multi);
    for (unsigned i = 0; i < pool.count && block == NULL; i++) {
        if (region_suits(pool.regions[i], request)) {
            block = sys_heap_aligned_alloc(&pool.heaps[i], align, bytes);
        }
    }
    return block;
}

static int add_locked(const struct region *region)
{
    if (pool.count == MAX_MEMORY_REGIONS || region->size < Z_HEAP_MIN_SIZE + 8) {
        return -ENOMEM;
    }
    if (pool.count == 0) {
        sys_multi_heap_init(&pool.multi, choose_region);
    }
    sys_heap_init(&pool.heaps[pool.count], region->start, region->size);
    sys_multi_heap_add_heap(&pool.multi, &pool.heaps[pool.count], (void *)(uintptr_t)region);
    pool.regions[pool.count] = region;
    pool.count++;
    return 0;
}

int region_heap_add(const struct region *region)
{
    unsigned key = irq_lock();
    int result = add_locked(region);

    irq_unlock(key);
    return result;
}

void *region_heap_alloc(uint32_t must, uint32_t must_not, size_t align, size_t bytes)
{
    struct region_request request = {must, must_not};
    unsigned key = irq_lock();
    void *block =
        pool.count == 0 ? NULL : sys_multi_heap_aligned_alloc(&pool.multi, &request, align, bytes);

    irq_unlock(key);
    return block;
}

void region_heap_free(void *mem)
{
    unsigned key = irq_lock();

    sys_multi_heap_free(&pool.multi, mem);
    irq_unlock(key);
}

const struct region *region_heap_find(const void *mem, size_t bytes)
{
    /* Regions are only ever added, each before it is counted: no lock. */
    for (unsigned i = 0; i < pool.count; i++) {
        const struct region *region = pool.regions[i];
        uintptr_t offset = (uintptr_t)mem - (uintptr_t)region->start;

        if (offset < region->size && bytes <= region->size - offset) {
            return region;
        }
    }
    return NULL;
}

void region_heap_foreach(void (*visit)(const struct region *region, size_t capacity_bytes,
                                       void *data),
                         void *data)
{
    for (unsigned i = 0; i < pool.count; i++) {
        visit(pool.regions[i], sys_heap_capacity(&pool.heaps[i]), data);
    }
}

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
int region_heap_stats_get(const struct region *region, struct sys_memory_stats *stats)
{
    int result = -EINVAL;
    unsigned key = irq_lock();

    for (unsigned i = 0; i < pool.count; i++) {
        if (pool.regions[i] == region) {
            result = sys_heap_runtime_stats_get(&pool.heaps[i], stats);
        }
    }
    irq_unlock(key);
    return result;
}
#endif
