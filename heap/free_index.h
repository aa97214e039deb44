/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of free chunks by size; the top is not in it. The callers keep headers right, the index
 * keeps links and maps. Chunks too short for links (possible where a header is a unit) are never
 * indexed and cannot hold a block.
 */
#pragma once

#include "control.h"

/* Makes the index of `heap` empty; `classes` is HEAP_CLASSES of its units, `heads` the sizes below
 * HEAP_CLASS_SPAN that can occur, 0 included. Bound: constant. */
void free_index_init(struct z_heap *heap, uint32_t classes, uint32_t heads);

/* Puts in the chunk of `units` units. */
void free_index_insert(struct z_heap *heap, struct chunk *chunk, uint32_t units);

/* Takes out the chunk of `units` units, which is in. */
void free_index_remove(struct z_heap *heap, struct chunk *chunk, uint32_t units);

/* A chunk of at least `units` units, or NULL if none is in. */
struct chunk *free_index_find(const struct z_heap *heap, uint32_t units);

/* Units of the largest chunk; 0 when empty. */
uint32_t free_index_largest(const struct z_heap *heap);
