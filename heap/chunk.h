/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of a heap's memory; nobody else knows where a field lies.
 *
 * Memory is cut into chunks without gaps, measured in units. A chunk is its header and the payload;
 * it is named by the address of its payload, which is what the user holds. The header says how long
 * the chunk is and how long its left neighbour is, so that both neighbours are one addition away.
 * While a chunk is free its payload holds two links, and in some of the larger ones a table of the
 * index (size_class.h). A link is a distance from chunk 0 in units; 0 is no chunk, because chunk 0
 * is the control block.
 */
#pragma once

#include "../lib/util.h"
#include "code_shape.h"
#include "heap_size.h"

/* The same bytes hold user data, links and tables at different times: no aliasing rules. */
#define ANY_TYPE __attribute__((may_alias))

#if HEAP_LINK_BYTES == 4
typedef uint32_t link_t;
typedef int32_t signed_link_t;
#else
typedef uint16_t link_t;
typedef int16_t signed_link_t;
#endif

/* The flag is above the size, not below: the size of a free chunk is then its field as it is, the
 * sign of the field tells which it is, and a zeroed header is no block's. */
#define CHUNK_USED (1u << (8 * HEAP_LINK_BYTES - 1))

/* `left` comes first, so that whoever writes beyond its chunk hits what the check of that very
 * chunk looks at. */
struct ANY_TYPE chunk_header {
    link_t left; /* units of the left neighbour */
    link_t size; /* units, + CHUNK_USED */
};

/* The table of a size class moves from chunk to chunk, in pieces that compilers copy without a
 * call: of 64 bytes, on Armv6-M of less than 49. */
#if defined(__ARM_ARCH) && !defined(__ARM_FEATURE_CLZ)
#define PIECE_BYTES 32
#else
#define PIECE_BYTES 64
#endif
struct ANY_TYPE table_piece {
    uint32_t words[PIECE_BYTES / 4];
};
#define TABLE_PIECES (HEAP_CLASS_SPAN * HEAP_LINK_BYTES / PIECE_BYTES)

struct ANY_TYPE chunk {
    link_t next;
    link_t prev; /* 0: first of its list */
    uint32_t sizes;
    union {
        link_t slot[HEAP_CLASS_SPAN];
        struct table_piece piece[TABLE_PIECES];
    };
};

_Static_assert(sizeof(struct chunk_header) == HEAP_HEADER_BYTES, "the header is two links");
_Static_assert(HEAP_MAX_UNITS < CHUNK_USED, "a size leaves room for the flag");
_Static_assert(offsetof(struct chunk, sizes) <=
                   HEAP_MIN_CHUNK_UNITS * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES,
               "the smallest chunk holds the links");
_Static_assert(sizeof(struct chunk) <= HEAP_CLASS_SPAN * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES,
               "the smallest chunk of a class holds the table");

static inline struct chunk_header *chunk_header(const struct chunk *chunk)
{
    return (struct chunk_header *)(uintptr_t)chunk - 1;
}

/* Units of a free chunk, 0 at the top; negative if the chunk is in use. */
static inline int32_t chunk_free_or_negative(const struct chunk *chunk)
{
    int32_t units = (signed_link_t)chunk_header(chunk)->size;

    KEEP_IN_REGISTER(units);
    return units;
}

static inline bool chunk_free(const struct chunk *chunk)
{
    return chunk_free_or_negative(chunk) >= 0;
}

/* Units of a chunk that is known to be in use, free, or either. */
static inline uint32_t chunk_used_units(const struct chunk *chunk)
{
    uint32_t units = chunk_header(chunk)->size - CHUNK_USED;

    KEEP_IN_REGISTER(units);
    return units;
}

static inline uint32_t chunk_free_units(const struct chunk *chunk)
{
    return chunk_header(chunk)->size;
}

static inline uint32_t chunk_units(const struct chunk *chunk)
{
    return chunk_header(chunk)->size & ~CHUNK_USED;
}

static inline uint32_t chunk_left_units(const struct chunk *chunk)
{
    return chunk_header(chunk)->left;
}

/* The chunk `units` units to the right, or to the left. */
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
    chunk_header(chunk)->size = (link_t)units;
}

static inline void chunk_set_used(struct chunk *chunk, uint32_t units)
{
    uint32_t size = units + CHUNK_USED;

    KEEP_IN_REGISTER(size);
    chunk_header(chunk)->size = (link_t)size;
}

static inline void chunk_set_left_units(struct chunk *chunk, uint32_t units)
{
    chunk_header(chunk)->left = (link_t)units;
}

#if HEAP_LINK_BYTES == 4

static inline void chunk_set_header(struct chunk *chunk, uint32_t size, uint32_t left)
{
    *chunk_header(chunk) = (struct chunk_header){.left = left, .size = size};
}

static inline void chunk_set_links(struct chunk *chunk, uint32_t next, uint32_t prev)
{
    chunk->next = next;
    chunk->prev = prev;
}

static inline bool chunk_unlinked(const struct chunk *chunk)
{
    return (chunk->next | chunk->prev) == 0;
}

#else

/* Both fields of a header, or both links, in one access; the low half lies first. */
typedef uint32_t ANY_TYPE field_pair_t;
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "field pairs are little-endian words");

static inline void chunk_set_header(struct chunk *chunk, uint32_t size, uint32_t left)
{
    ((field_pair_t *)(void *)chunk)[-1] = left | size << 16;
}

static inline void chunk_set_links(struct chunk *chunk, uint32_t next, uint32_t prev)
{
    *(field_pair_t *)(void *)chunk = next | prev << 16;
}

static inline bool chunk_unlinked(const struct chunk *chunk)
{
    return *(const field_pair_t *)(const void *)chunk == 0;
}

#endif

/* Bytes of payload in a chunk of `units` units. */
static inline size_t chunk_payload_bytes(uint32_t units)
{
    return (size_t)units * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES;
}
