/* SPDX-License-Identifier: Apache-2.0 */
/* Region pools: looking, nothing changes. */
#include "../lib/errno.h"
#include "irq.h"
#include "region_pool.h"

static bool holds(const struct region *region, const void *mem, size_t bytes)
{
    uintptr_t offset = (uintptr_t)mem - (uintptr_t)region->start;

    return offset < region->size && bytes <= region->size - offset;
}

const struct region *region_pool_find(const struct region_pool *pool, const void *mem, size_t bytes)
{
    /* Regions are only ever added, each before it is counted: no lock. */
    for (unsigned i = 0; i < pool->count; i++) {
        if (holds(pool->slots[i].region, mem, bytes)) {
            return pool->slots[i].region;
        }
    }
    for (unsigned i = 0; i < pool->full_count; i++) {
        if (holds(pool->full[i], mem, bytes)) {
            return pool->full[i];
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
