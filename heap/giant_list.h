/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giants of a heap with 16-bit fields. Up to 64 KiB each is at least about an eighth of the heap,
 * and at most 7 exist; the whole reach holds at most 31. So a list is bounded.
 */
#pragma once

#include "../lib/trips.h"
#include "hardening.h"

/* Ends the list: see struct z_heap. Its `prev` is head[0]. */
#define GIANTS_END (offsetof(struct z_heap, head) / HEAP_UNIT_BYTES)
_Static_assert(GIANTS_END *HEAP_UNIT_BYTES + offsetof(struct chunk, prev) ==
                   offsetof(struct z_heap, head),
               "a store to the prev of GIANTS_END falls on head[0]");

/* The shortest giant of the largest heap is one unit more than what the last class ends with. */
#define GIANTS_MAX (HEAP_MAX_UNITS / (HEAP_CLASS_SPAN * (HEAP_MAX_CLASSES + 1)))

static inline void giants_init(struct z_heap *z)
{
    z->giants = GIANTS_END;
}

static inline void giant_insert(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    uint32_t link = link_of(z, chunk);
    uint32_t first = z->giants;

    ARG_UNUSED(units);
    z->classes |= MAP_BIT(class_count(z));
    z->giants = (link_t)link;
    chunk_at(z, first)->prev = (link_t)link;
    chunk_set_links(chunk, first, 0);
}

/* Chunk 0 is before the first: its `next` is the head of the list. */
static inline void giant_remove(struct z_heap *z, struct chunk *chunk)
{
    uint32_t next = chunk->next;
    uint32_t prev = chunk->prev;

    harden_unlink(z, chunk, z->giants, GIANTS_END);
    chunk_at(z, next)->prev = (link_t)prev;
    chunk_at(z, prev)->next = (link_t)next;
    if (z->giants == GIANTS_END) {
        z->classes ^= MAP_BIT(class_count(z));
    }
}

/* Lets one that is in grow to `units` units; the order does not depend on it. */
static inline void giant_extend(struct z_heap *z, struct chunk *chunk, uint32_t units)
{
    ARG_UNUSED(z);
    ARG_UNUSED(chunk);
    ARG_UNUSED(units);
}

/* One for a request that any giant holds; there is one. */
static inline struct chunk *giant_small(const struct z_heap *z)
{
    return chunk_at(z, z->giants);
}

/* The first that holds `units` units, or NULL. */
static inline struct chunk *giant_find(const struct z_heap *z, uint32_t units)
{
    uint32_t link = z->giants;

    while (link != GIANTS_END) {
        TRIPS_AT_MOST(giants, GIANTS_MAX);
        struct chunk *chunk = chunk_at(z, link);

        if (chunk_free_units(chunk) >= units) {
            return chunk;
        }
        link = chunk->next;
    }
    return NULL;
}

static inline uint32_t giant_largest(const struct z_heap *z)
{
    uint32_t largest = 0;

    for (uint32_t link = z->giants; link != GIANTS_END; link = chunk_at(z, link)->next) {
        TRIPS_AT_MOST(giants, GIANTS_MAX);
        largest = MAX(largest, chunk_free_units(chunk_at(z, link)));
    }
    return largest;
}

/* Whether the list holds free chunks of at least `lowest` units; counts them down from *chunks. */
static inline bool giants_valid(const struct z_heap *z, uint32_t lowest, uint32_t *chunks)
{
    uint32_t prev = 0;

    for (uint32_t link = z->giants; link != GIANTS_END; link = chunk_at(z, link)->next) {
        const struct chunk *chunk = chunk_at(z, link);

        if (link >= z->end || *chunks == 0 || chunk->prev != prev || !chunk_free(chunk) ||
            chunk_free_units(chunk) < lowest) {
            return false;
        }
        prev = link;
        --*chunks;
    }
    return ((z->classes & MAP_BIT(class_count(z))) != 0) == (z->giants != GIANTS_END);
}
