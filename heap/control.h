/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control block: chunk 0 of a heap, at the start of its buffer. Its address is the origin of
 * all links.
 */
#pragma once

#include "chunk.h"

struct ANY_TYPE z_heap {
    link_t giants;    /* chunk 0's `next`: first giant */
    link_t sink;      /* chunk 0's `prev`: a store through a 0 link ends here and is never read */
    uint32_t bins;    /* bit 31-u: the bin of u units is not empty */
    uint32_t classes; /* bit 31-i: class i is not empty; bit 31-class count: a giant exists */
    uint32_t top;     /* first unit of the space that was never cut, or was given back */
    link_t end;       /* units in all: where the end header lies */
#ifdef CONFIG_SYS_HEAP_BIG_ONLY
    link_t unused;
#endif
    link_t head[HEAP_CLASS_SPAN]; /* bins; as many as sizes can occur, head[0] is never used */
    link_t root[];                /* hosts of the classes */
};

_Static_assert(offsetof(struct z_heap, head) == HEAP_FIXED_BYTES,
               "heap_size.h counts what is before the heads");
_Static_assert(offsetof(struct z_heap, giants) == offsetof(struct chunk, next) &&
                   offsetof(struct z_heap, sink) == offsetof(struct chunk, prev),
               "chunk 0 is linked like a chunk");

static inline struct chunk *chunk_at(const struct z_heap *heap, uint32_t link)
{
    return chunk_right_by((const struct chunk *)heap, link);
}

static inline uint32_t link_of(const struct z_heap *heap, const struct chunk *chunk)
{
    return (uint32_t)(((uintptr_t)chunk - (uintptr_t)heap) / HEAP_UNIT_BYTES);
}

/* Chunk 0's own header. Its size is 0 and "in use", and its left field the count of classes, which
 * is not 0: so no check takes it for a block. */
static inline uint32_t class_count(const struct z_heap *heap)
{
    return chunk_left_units((const struct chunk *)heap);
}

/* First chunk behind the control block; the units before it are its left field. */
static inline struct chunk *top_chunk(const struct z_heap *heap)
{
    return chunk_at(heap, heap->top);
}

static inline uint32_t top_units(const struct z_heap *heap)
{
    return heap->end - heap->top;
}
