/* SPDX-License-Identifier: Apache-2.0 */
#include "mem_attr_heap.h"

#include "../lib/errno.h"
#include "irq.h"

/* Written once, when the heap is opened; in the order of region_heap's slots. */
static struct mem_attr_region_t described[MAX_MEMORY_REGIONS];
static unsigned described_count;
static bool is_open;

#define CLASS_BITS (REGION_CACHEABLE | REGION_DMA)

static uint32_t class_of(uint32_t region_attr)
{
    uint32_t dma = (region_attr & REGION_DMA) != 0 ? DT_MEM_SW_ALLOC_DMA : 0;

    if ((region_attr & REGION_CACHEABLE) != 0) {
        return DT_MEM_SW_ALLOC_CACHE | dma;
    }
    return dma != 0 ? dma : DT_MEM_SW_ALLOC_NON_CACHE;
}

/* The inverse of class_of; a class that no region can have needs what nothing has. */
static struct region_need need_of(uint32_t class)
{
    for (uint32_t word = 0; word <= CLASS_BITS; word++) {
        if ((word & ~CLASS_BITS) == 0 && class_of(word) == class) {
            return (struct region_need){.must = word, .must_not = CLASS_BITS & ~word};
        }
    }
    return (struct region_need){.must = UINT32_MAX, .must_not = UINT32_MAX};
}

static void describe(const struct region *region, size_t capacity_bytes, void *data)
{
    ARG_UNUSED(capacity_bytes);
    ARG_UNUSED(data);
    described[described_count++] = (struct mem_attr_region_t){
        .dt_name = region->name,
        .dt_addr = (uintptr_t)region->start,
        .dt_size = region->size,
        .dt_attr = class_of(region->attr),
    };
}

int mem_attr_heap_pool_init(void)
{
    unsigned key = irq_lock();
    int result = is_open ? -EALREADY : 0;

    if (!is_open) {
        region_heap_foreach(describe, NULL);
        is_open = true;
    }
    irq_unlock(key);
    return result;
}

void *mem_attr_heap_aligned_alloc(uint32_t attr, size_t align, size_t bytes)
{
    struct region_need need = need_of(attr & DT_MEM_SW_ALLOC_MASK);

    return is_open ? region_heap_request(&need, align, bytes, K_NO_WAIT) : NULL;
}

void *mem_attr_heap_alloc(uint32_t attr, size_t bytes)
{
    return mem_attr_heap_aligned_alloc(attr, 0, bytes);
}

void *mem_attr_heap_realloc(void *addr, size_t bytes)
{
    const struct region *region = region_heap_find(addr, 1);
    struct region_need need = need_of(region == NULL ? 0 : class_of(region->attr));

    return region_pool_realloc(&region_heap, &need, addr, bytes, K_NO_WAIT);
}

void mem_attr_heap_free(void *addr)
{
    region_heap_free(addr);
}

const struct mem_attr_region_t *mem_attr_heap_get_region(void *addr)
{
    for (unsigned i = 0; i < described_count; i++) {
        if ((uintptr_t)addr - described[i].dt_addr < described[i].dt_size) {
            return &described[i];
        }
    }
    return NULL;
}
