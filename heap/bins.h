/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks of 1 to HEAP_CLASS_SPAN - 1 units: a list for each size, last in first out, and a map of
 * the lists that are not empty. A store through an empty link falls into the control block's sink,
 * which saves a test.
 */
#pragma once

#include "hardening.h"

/* Puts in a chunk whose link is known. */
static inline void bin_push_link(struct z_heap *z, struct chunk *chunk, uint32_t units,
                                 uint32_t link)
{
    uint32_t first = z->head[units];

    z->head[units] = (link_t)link;
    chunk_set_links(chunk, first, 0);
    if (first == 0) {
        z->bins |= MAP_BIT(units);
    } else {
        KEEP_IN_REGISTER(link);
        chunk_at(z, first)->prev = (link_t)link;
    }
}

static inline void bin_push(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    bin_push_link(z, chunk, units, link_of(z, chunk));
}

/* Takes the first chunk out of a bin that is not empty. */
static inline struct chunk *bin_pop(struct z_heap *z, uint32_t units)
{
    struct chunk *chunk = chunk_at(z, z->head[units]);
    uint32_t next = chunk->next;

    harden_unlink(z, chunk, z->head[units], 0);
    z->head[units] = (link_t)next;
    if (next == 0) {
        z->bins ^= MAP_BIT(units);
    } else {
        chunk_at(z, next)->prev = 0;
    }
    return chunk;
}

static inline void bin_remove(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t next = chunk->next;
    uint32_t prev = chunk->prev;

    harden_unlink(z, chunk, z->head[units], 0);
    chunk_at(z, next)->prev = (link_t)prev;
    if (prev != 0) {
        chunk_at(z, prev)->next = (link_t)next;
        return;
    }
    z->head[units] = (link_t)next;
    if (next == 0) {
        z->bins ^= MAP_BIT(units);
    }
}
