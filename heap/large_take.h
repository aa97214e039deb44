/* SPDX-License-Identifier: Apache-2.0 */
/* The search among chunks of HEAP_CLASS_SPAN units and more, in the place of a call. */
#pragma once

#include "giants.h"
#include "size_class.h"

/* Takes out and returns `giant`; NULL if it is none, or larger than `limit`. */
static inline struct chunk *giant_take(struct z_heap *z, struct chunk *giant, uint32_t limit)
{
    KEEP_IN_REGISTER(giant);
    if (giant == NULL || chunk_free_units(giant) > limit) {
        return NULL;
    }
    if (SHORT_CUTS) {
        giant_remove(z, giant);
    } else {
        large_remove(z, giant, chunk_free_units(giant));
    }
    return giant;
}

/*
 * Takes out and returns the smallest chunk of at least `units` units, a size that a class spans; a
 * giant if the classes have none. NULL if there is none, or if it is larger than `limit` and not of
 * the class of `units`.
 */
static inline struct chunk *class_take_from(struct z_heap *z, uint32_t units, uint32_t limit)
{
    uint32_t class = class_of(units);
    bit_map_t map = z->classes << (class - 1);
    uint32_t step;

    if ((map & MAP_BIT(0)) != 0) {
        bit_map_t sizes = class_host(z, class)->sizes << step_of(units);

        if (sizes != 0) {
            return class_take(z, class, step_of(units) + map_first(sizes));
        }
        map ^= MAP_BIT(0);
    }
    if (map == 0) {
        return NULL;
    }
    class += map_first(map);
    if (class > class_count(z)) {
        return giant_take(z, giant_small(z), limit);
    }
    step = map_first(class_host(z, class)->sizes);
    return class * HEAP_CLASS_SPAN + step > limit ? NULL : class_take(z, class, step);
}

/* The same for any size of at least HEAP_CLASS_SPAN. */
static inline struct chunk *large_take(struct z_heap *z, uint32_t units, uint32_t limit)
{
    if (class_of(units) > class_count(z)) {
        return giant_take(z, giant_find(z, units), limit);
    }
    return class_take_from(z, units, limit);
}
