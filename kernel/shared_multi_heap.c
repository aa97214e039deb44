/* SPDX-License-Identifier: Apache-2.0 */
#include "shared_multi_heap.h"

#include "../lib/errno.h"
#include "irq.h"

/* Protected by the interrupt lock; a region by being written before it is added. */
static struct region_pool pool = REGION_POOL_INIT(pool);
static struct region regions[MAX_MEMORY_REGIONS];
static bool is_open;

/* Of each attribute, so that no two are equal: exact match is a need for one and none other. */
static const uint32_t words[SMH_REG_ATTR_NUM] = {
    [SMH_REG_ATTR_CACHEABLE] = REGION_CACHEABLE,
    [SMH_REG_ATTR_NON_CACHEABLE] = 0,
    [SMH_REG_ATTR_EXTERNAL] = REGION_EXTERNAL,
};

/* Needs what nothing has for an attribute that does not exist. */
static struct region_need need_of(unsigned attr)
{
    if (attr >= SMH_REG_ATTR_NUM) {
        return (struct region_need){.must = UINT32_MAX, .must_not = UINT32_MAX};
    }
    return (struct region_need){.must = words[attr], .must_not = ~words[attr]};
}

int shared_multi_heap_pool_init(void)
{
    unsigned key = irq_lock();
    int result = is_open ? -EALREADY : 0;

    is_open = true;
    irq_unlock(key);
    return result;
}

static int add_locked(const struct shared_multi_heap_region *from)
{
    struct region *region = &regions[pool.count];

    if (from->attr >= SMH_REG_ATTR_NUM) {
        return -EINVAL;
    }
    /* One without bytes is to region_pool_add a region that the image has altogether. */
    if (pool.count == MAX_MEMORY_REGIONS || from->size == 0) {
        return -ENOMEM;
    }
    *region =
        (struct region){.start = (void *)from->addr, .size = from->size, .attr = words[from->attr]};
    return region_pool_add(&pool, region);
}

int shared_multi_heap_add(struct shared_multi_heap_region *region, void *user_data)
{
    unsigned key = irq_lock();
    int result = add_locked(region);

    ARG_UNUSED(user_data);
    irq_unlock(key);
    return result;
}

void *shared_multi_heap_aligned_alloc(enum shared_multi_heap_attr attr, size_t align, size_t bytes)
{
    struct region_need need = need_of(attr);

    return region_pool_alloc(&pool, &need, align, bytes, K_NO_WAIT);
}

void *shared_multi_heap_alloc(enum shared_multi_heap_attr attr, size_t bytes)
{
    return shared_multi_heap_aligned_alloc(attr, 0, bytes);
}

void *shared_multi_heap_realloc(enum shared_multi_heap_attr attr, void *mem, size_t bytes)
{
    struct region_need need = need_of(attr);

    return region_pool_realloc(&pool, &need, mem, bytes, K_NO_WAIT);
}

void shared_multi_heap_free(void *mem)
{
    region_pool_free(&pool, mem);
}
