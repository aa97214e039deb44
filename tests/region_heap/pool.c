/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

struct region_pool pool;
struct region regions[MAX_MEMORY_REGIONS];

static char storage[MAX_MEMORY_REGIONS][REGION_BYTES] __aligned(CONFIG_DCACHE_LINE_SIZE);

void pool_make(const uint32_t *attrs, unsigned count)
{
    pool = (struct region_pool)REGION_POOL_INIT(pool);
    for (unsigned i = 0; i < count; i++) {
        regions[i] = (struct region){
            .name = "test", .start = storage[i], .size = REGION_BYTES, .attr = attrs[i]};
        zassert_ok(region_pool_add(&pool, &regions[i]));
    }
}

int region_index(const void *block)
{
    const struct region *region = region_pool_find(&pool, block, 1);

    return region == NULL ? -1 : (int)(region - regions);
}

void *fill_region(unsigned index)
{
    struct sys_heap *heap = &pool.slots[index].heap;
    void *block = sys_heap_alloc(heap, sys_heap_largest_free_block(heap));

    zassert_not_null(block);
    zassert_equal(sys_heap_largest_free_block(heap), 0);
    return block;
}
