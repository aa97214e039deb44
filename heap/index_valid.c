/* SPDX-License-Identifier: Apache-2.0 */
/* The validator's view of the index. Bounded by *chunks, so that a ring of links ends. */
#include "layout.h"

#include "free_index.h"
#include "giants.h"
#include "size_class.h"

/* Counts the list at `link` down from *chunks; false when it is no list of free chunks of `lowest`
 * to `highest` units. */
static bool list_valid(const struct z_heap *z, uint32_t link, uint32_t lowest, uint32_t highest,
                       uint32_t *chunks)
{
    uint32_t prev = 0;

    for (; link != 0; link = chunk_at(z, link)->next) {
        const struct chunk *chunk = chunk_at(z, link);

        if (link >= z->end || *chunks == 0 || !chunk_free(chunk) || chunk->prev != prev ||
            chunk_units(chunk) < lowest || chunk_units(chunk) > highest) {
            return false;
        }
        prev = link;
        --*chunks;
    }
    return true;
}

static bool bins_valid(const struct z_heap *z, uint32_t *chunks)
{
    uint32_t heads = MIN(z->end - control_units(z) + 1, HEAP_CLASS_SPAN);

    for (uint32_t units = 1; units < heads; units++) {
        if (((z->bins & MAP_BIT(units)) != 0) != (z->head[units] != 0) ||
            !list_valid(z, z->head[units], units, units, chunks)) {
            return false;
        }
    }
    return true;
}

/* The host is a head of the class, and each size it names begins with a head. */
static bool class_valid(const struct z_heap *z, uint32_t class, uint32_t *chunks)
{
    uint32_t lowest = class * HEAP_CLASS_SPAN;
    const struct chunk *host = class_host(z, class);
    uint32_t own = chunk_units(host) - lowest;

    if (z->root[class - 1] >= z->end || own >= HEAP_CLASS_SPAN ||
        (host->sizes & MAP_BIT(own)) == 0 || host->slot[own] != z->root[class - 1]) {
        return false;
    }
    for (uint32_t step = 0; step < HEAP_CLASS_SPAN; step++) {
        if ((host->sizes & MAP_BIT(step)) != 0 &&
            (host->slot[step] == 0 ||
             !list_valid(z, host->slot[step], lowest + step, lowest + step, chunks))) {
            return false;
        }
    }
    return true;
}

bool free_index_valid(const struct z_heap *z, uint32_t chunks)
{
    uint32_t count = z->end - control_units(z) < HEAP_CLASS_SPAN ? 0 : class_count(z);

    for (uint32_t class = 1; class <= count; class ++) {
        bool mapped = (z->classes & MAP_BIT(class - 1)) != 0;

        if (mapped != (z->root[class - 1] != 0) || (mapped && !class_valid(z, class, &chunks))) {
            return false;
        }
    }
    return bins_valid(z, &chunks) &&
           giants_valid(z, (class_count(z) + 1) * HEAP_CLASS_SPAN, &chunks) && chunks == 0;
}
