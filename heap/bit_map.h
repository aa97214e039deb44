/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map of 32 bits, read from the left: bit 0 is the highest, so that a shift by n leaves what
 * comes at or after n, and the first one is a count of leading zeros.
 */
#pragma once

#include "../lib/trips.h"
#include "../lib/util.h"

typedef uint32_t bit_map_t;

#define MAP_BIT(n) (0x80000000u >> (n))

#if defined(__ARM_ARCH) && !defined(__ARM_FEATURE_CLZ)

/* Armv6-M counts no zeros: five halvings, because the compiler's helper would be a dependency. */
static inline uint32_t map_first(bit_map_t map)
{
    uint32_t first = 0;

    if ((map & MAP_BIT(0)) != 0) {
        return 0;
    }
    for (uint32_t width = 16; width != 0; width >>= 1) {
        TRIPS_AT_MOST(halvings, 5);
        if (map >> (32 - width) == 0) {
            map <<= width;
            first += width;
        }
    }
    return first;
}

static inline uint32_t map_last(bit_map_t map)
{
    return map_first(map & (0 - map));
}

#else

/* Number of the first or the last bit that is set; the map is not empty. */
static inline uint32_t map_first(bit_map_t map)
{
    return (uint32_t)__builtin_clz(map);
}

static inline uint32_t map_last(bit_map_t map)
{
    return 31 - (uint32_t)__builtin_ctz(map);
}

#endif
