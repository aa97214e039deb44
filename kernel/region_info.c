/* SPDX-License-Identifier: Apache-2.0 */
/* Region pools: looking, nothing changes. */
#include "../lib/errno.h"
#include "irq.h"
#include "region_pool.h"

const struct region *region_pool_find(const struct region_pool *pool, const void *mem, size_t bytes)
{
    /* Regions are only ever added, each before it is counted: no lock. */
    for (unsigned i = 0; i < pool->count; i++) {
        const struct region *region = pool->slots[i].region;
        uintptr_t offset = (uintptr_t)mem - (uintptr_t)region->start;

        if (offset < region->size && bytes <= region->size - offset) {
            return region;
        }
    }
    return NULL;
}

bool region_pool_validate(struct region_pool *pool)
{
    bool valid = true;

    for (unsigned i = 0; i < pool->count; i++) {
        unsigned key = irq_lock();

        valid = sys_heap_validate(&pool->slots[i].heap) && valid;
        irq_unlock(key);
    }
    return valid;
}

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
int region_pool_stats_get(struct region_pool *pool, const struct region *region,
                          struct sys_memory_stats *stats)
{
    int result = region == NULL ? 0 : -EINVAL;
    unsigned key = irq_lock();

    *stats = (struct sys_memory_stats){0};
    for (unsigned i = 0; i < pool->count; i++) {
        struct sys_memory_stats part;

        if (region == NULL || pool->slots[i].region == region) {
            result = sys_heap_runtime_stats_get(&pool->slots[i].heap, &part);
            stats->free_bytes += part.free_bytes;
            stats->allocated_bytes += part.allocated_bytes;
            stats->max_allocated_bytes += part.max_allocated_bytes;
        }
    }
    irq_unlock(key);
    return result;
}
#endif
