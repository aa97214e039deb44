/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control block: chunk 0 of a heap, at the start of its buffer. Its address is the origin of
 * all links.
 */
#pragma once

#include "bit_map.h"
#include "chunk.h"
#include "code_shape.h"

/*
 * `top` ends the list of giants. It is not 0, so that a giant has never two empty links, and it is
 * chosen so that a store to the `prev` of the chunk it names falls on head[0], which nobody reads.
 */
struct ANY_TYPE z_heap {
    link_t giants;     /* chunk 0's `next`: first giant */
    link_t sink;       /* chunk 0's `prev`: a store through link 0 ends here and is never read */
    bit_map_t bins;    /* bins that are not empty */
    bit_map_t classes; /* classes that are not empty; the bit after the last: there is a giant */
    uint32_t top;      /* address of the top, its low 32 bits where addresses are longer */
    link_t end;        /* units in all: where the end header lies */
#if HEAP_LINK_BYTES == 4
    link_t unused;
#endif
    link_t head[HEAP_CLASS_SPAN]; /* bins: as many as sizes can occur; head[0] is no bin */
    link_t root[];                /* hosts of the classes */
};

_Static_assert(offsetof(struct z_heap, head) == HEAP_FIXED_BYTES,
               "heap_size.h counts what is before the heads");
_Static_assert(offsetof(struct z_heap, giants) == offsetof(struct chunk, next) &&
                   offsetof(struct z_heap, sink) == offsetof(struct chunk, prev),
               "chunk 0 is linked like a chunk");

static inline struct chunk *chunk_at(const struct z_heap *z, uint32_t link)
{
    return chunk_right_by((const struct chunk *)z, link);
}

static inline uint32_t link_of(const struct z_heap *z, const struct chunk *chunk)
{
    return (uint32_t)(((uintptr_t)chunk - (uintptr_t)z) / HEAP_UNIT_BYTES);
}

/* Chunk 0's own header: its left field is the number of classes, its size 0 and in use. */
static inline uint32_t class_count(const struct z_heap *z)
{
    return chunk_left_units((const struct chunk *)z);
}

/* The space behind the last chunk. Its header has size 0 and is free, also when nothing is left of
 * it, so the end header looks like an empty top. */
static inline struct chunk *top_chunk(const struct z_heap *z)
{
    return (struct chunk *)((uintptr_t)z + (uint32_t)(z->top - (uint32_t)(uintptr_t)z));
}

/* Lets the top begin at `chunk`, whose header knows its left neighbour. */
static inline void set_top(struct z_heap *z, struct chunk *chunk)
{
    z->top = (uint32_t)(uintptr_t)chunk;
    chunk_set_free(chunk, 0);
}

/* Lets the top begin behind a chunk of `left_units` units. */
static inline void set_top_behind(struct z_heap *z, struct chunk *chunk, uint32_t left_units)
{
    z->top = (uint32_t)(uintptr_t)chunk;
    chunk_set_header(chunk, 0, left_units);
}

static inline uint32_t top_units(const struct z_heap *z)
{
    return z->end - link_of(z, top_chunk(z));
}

/* Units of the control block, which is the link of the first chunk. */
static inline uint32_t control_units(const struct z_heap *z)
{
    uint32_t units = z->end;

    return HEAP_CONTROL_UNITS(units);
}
