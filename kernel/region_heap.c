/* SPDX-License-Identifier: Apache-2.0 */
#include "region_heap.h"

#include "irq.h"

struct region_pool region_heap = REGION_POOL_INIT(region_heap);

void region_heap_wait_stats_get(struct k_heap_wait_stats *stats)
{
    unsigned key = irq_lock();

    *stats = region_heap.wait_stats;
    irq_unlock(key);
}

void region_heap_foreach(void (*visit)(const struct region *region, size_t capacity_bytes,
                                       void *data),
                         void *data)
{
    for (unsigned i = 0; i < region_heap.count; i++) {
        visit(region_heap.slots[i].region, sys_heap_capacity(&region_heap.slots[i].heap), data);
    }
}
