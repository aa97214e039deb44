/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "free_index.h"

#include "giants.h"
#include "size_class.h"

void free_index_init(struct z_heap *z, uint32_t units, uint32_t largest)
{
    uint32_t heads = MIN(largest + 1, HEAP_CLASS_SPAN);

    giants_init(z);
    z->sink = 0;
    z->bins = 0;
    z->classes = 0;
    for (uint32_t i = 0; i < heads; i++) {
        z->head[i] = 0;
    }
    for (uint32_t i = 0; largest >= HEAP_CLASS_SPAN && i < HEAP_CLASSES(units); i++) {
        z->root[i] = 0;
    }
}

void large_insert(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t class = class_of(units);

    if (class <= class_count(z)) {
        class_insert(z, chunk, class, step_of(units));
    } else {
        giant_insert(z, chunk, units);
    }
}

void large_remove(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t class = class_of(units);

    if (chunk_unlinked(chunk)) {
        class_remove_only(z, chunk, class, step_of(units));
    } else if (class <= class_count(z)) {
        class_remove_equal(z, chunk, class, step_of(units));
    } else {
        giant_remove(z, chunk);
    }
}

void free_index_insert(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    if (units >= HEAP_CLASS_SPAN) {
        large_insert(z, chunk, units);
    } else if (indexed(units)) {
        bin_push(z, chunk, units);
    }
}

void free_index_remove(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    if (units >= HEAP_CLASS_SPAN) {
        large_remove(z, chunk, units);
    } else if (indexed(units)) {
        bin_remove(z, chunk, units);
    }
}

void large_extend(struct z_heap *z, struct chunk *chunk, uint32_t units, uint32_t new_units)
{
    uint32_t class = class_of(units);

    if (class > class_count(z)) {
        giant_extend(z, chunk, new_units);
        return;
    }
    if (class == class_of(new_units) && chunk_unlinked(chunk) &&
        class_move_step(z, chunk, class, step_of(units), step_of(new_units))) {
        return;
    }
    large_remove(z, chunk, units);
    large_insert(z, chunk, new_units);
}

/* The smallest chunk of a class from `units` on, or NULL. */
static struct chunk *class_next(const struct z_heap *z, uint32_t units)
{
    uint32_t class = class_of(units);
    uint32_t count = class_count(z);
    bit_map_t map;
    bit_map_t sizes;

    if (class > count) {
        return NULL;
    }
    map = z->classes << (class - 1);
    if ((map & MAP_BIT(0)) != 0) {
        sizes = class_host(z, class)->sizes << step_of(units);
        if (sizes != 0) {
            return chunk_at(z, class_host(z, class)->slot[step_of(units) + map_first(sizes)]);
        }
        map ^= MAP_BIT(0);
    }
    class += map == 0 ? HEAP_MAX_CLASSES : map_first(map);
    if (class > count) {
        return NULL;
    }
    return chunk_at(z, class_host(z, class)->slot[map_first(class_host(z, class)->sizes)]);
}

struct chunk *free_index_next(const struct z_heap *z, uint32_t units)
{
    if (units < HEAP_CLASS_SPAN) {
        bit_map_t fitting = z->bins << units;

        if (fitting != 0) {
            return chunk_at(z, z->head[units + map_first(fitting)]);
        }
        units = HEAP_CLASS_SPAN;
    }
    return z->classes == 0 ? NULL : class_next(z, units);
}

static uint32_t class_largest(const struct z_heap *z, uint32_t class)
{
    return class * HEAP_CLASS_SPAN + map_last(class_host(z, class)->sizes);
}

uint32_t free_index_largest(const struct z_heap *z)
{
    uint32_t class;

    if (z->classes == 0) {
        return z->bins == 0 ? 0 : map_last(z->bins);
    }
    class = map_last(z->classes) + 1;
    return class > class_count(z) ? giant_largest(z) : class_largest(z, class);
}
