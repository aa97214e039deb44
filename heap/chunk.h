/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of a heap's memory; nobody else knows where a field lies.
 *
 * Memory is cut into chunks without gaps, measured in units. A chunk is its header and the payload;
 * it is named by the address of its payload, which is what the user holds. The header says how long
 * the left neighbour is and how long the chunk is, so that both neighbours are one addition away.
 * While a chunk is free its payload holds two links, and in some of the larger ones a table of the
 * index (size_class.h). A link is a distance from chunk 0 in units; 0 is no chunk, because chunk 0
 * is the control block.
 */
#pragma once

#include "../lib/util.h"
#include "heap_size.h"

#ifdef CONFIG_SYS_HEAP_BIG_ONLY
typedef uint32_t link_t;
#else
typedef uint16_t link_t;
#endif

/* The same bytes hold user data, links and tables at different times: no aliasing rules. */
#define ANY_TYPE __attribute__((may_alias))

struct ANY_TYPE chunk_header {
    link_t left;      /* units of the left neighbour */
    link_t size_used; /* own units * 2, + 1 while in use */
};

struct ANY_TYPE chunk {
    link_t next;
    link_t prev; /* 0: first of its list */
    uint32_t sizes;
    link_t slot[HEAP_CLASS_SPAN];
};

_Static_assert(sizeof(struct chunk_header) == HEAP_HEADER_BYTES, "the header is two links");
_Static_assert(offsetof(struct chunk, sizes) <=
                   HEAP_MIN_CHUNK_UNITS * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES,
               "the smallest chunk holds the links");
_Static_assert(sizeof(struct chunk) <= HEAP_CLASS_SPAN * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES,
               "the smallest chunk of a class holds the table");

#define CHUNK_USED 1u

static inline struct chunk_header *chunk_header(const struct chunk *chunk)
{
    return (struct chunk_header *)(uintptr_t)chunk - 1;
}

static inline uint32_t chunk_units(const struct chunk *chunk)
{
    return chunk_header(chunk)->size_used >> 1;
}

static inline bool chunk_used(const struct chunk *chunk)
{
    return (chunk_header(chunk)->size_used & CHUNK_USED) != 0;
}

static inline uint32_t chunk_left_units(const struct chunk *chunk)
{
    return chunk_header(chunk)->left;
}

/* The chunk `units` to the right of, or to the left of, the payload at `chunk`. */
static inline struct chunk *chunk_right_by(const struct chunk *chunk, uint32_t units)
{
    return (struct chunk *)((uintptr_t)chunk + (uintptr_t)units * HEAP_UNIT_BYTES);
}

static inline struct chunk *chunk_left_by(const struct chunk *chunk, uint32_t units)
{
    return (struct chunk *)((uintptr_t)chunk - (uintptr_t)units * HEAP_UNIT_BYTES);
}

static inline void chunk_set_free(struct chunk *chunk, uint32_t units)
{
    chunk_header(chunk)->size_used = (link_t)(units << 1);
}

static inline void chunk_set_used(struct chunk *chunk, uint32_t units)
{
    chunk_header(chunk)->size_used = (link_t)(units << 1 | CHUNK_USED);
}

static inline void chunk_set_left_units(struct chunk *chunk, uint32_t units)
{
    chunk_header(chunk)->left = (link_t)units;
}

/* Bytes of payload in a chunk of `units` units. */
static inline size_t chunk_payload_bytes(uint32_t units)
{
    return (size_t)units * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES;
}
