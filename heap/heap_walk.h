/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A look at every chunk of a heap, left to right, for whoever wants to show one. Writes nothing.
 * Context: any; the heap must not be used between first and last step. Bound: constant per step.
 */
#pragma once

#include "sys_heap.h"

#ifdef __cplusplus
extern "C" {
#endif

struct heap_walk {
    const struct sys_heap *heap;
    uint32_t next_unit;
    /* The chunk the last step arrived at. */
    void *mem;
    size_t chunk_bytes; /* its header included */
    size_t left_bytes;  /* length of its left neighbour */
    bool used;
    bool top; /* the space that was never cut, or was given back */
};

/* Begins before the first chunk. */
void heap_walk_start(struct heap_walk *walk, const struct sys_heap *heap);

/* Goes to the next chunk; false behind the last one or where the headers make no sense. */
bool heap_walk_next(struct heap_walk *walk);

/* Bytes of the heap that are no chunk: the control block, the end header, the rounding. */
size_t heap_walk_overhead_bytes(const struct sys_heap *heap);

#ifdef __cplusplus
}
#endif
