/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giants of a heap with 32-bit fields, which may be many: a digital search tree over the bits of
 * the size, highest first. A node lies somewhere on the path that the bits of its own size
 * describe, so no path is longer than a size has bits, whatever is inserted in whatever order.
 * Chunks of equal size are a ring through the node. A ring of one points to itself, so that a giant
 * always has links.
 */
#pragma once

#include "hardening.h"

#define TREE_KEY_SHIFT 4 /* a size has at most 28 bits: the highest at the top of a word */
_Static_assert(HEAP_MAX_UNITS < 1u << (32 - TREE_KEY_SHIFT), "a size is a key");

/* No path has more nodes than a size has bits, and one that all bits lead to. */
#define TREE_DEPTH (32 - TREE_KEY_SHIFT + 1)

/* What `slot` of a giant holds: two children and the parent, 0 for none. `sizes` tells a node of
 * the tree from its equals in the ring. */
enum { TREE_LOW, TREE_HIGH, TREE_PARENT };

void giants_init(struct z_heap *z);
void giant_insert(struct z_heap *z, struct chunk *chunk, uint32_t units);
void giant_remove(struct z_heap *z, struct chunk *chunk);

/* Lets one that is in grow to `units` units. */
void giant_extend(struct z_heap *z, struct chunk *chunk, uint32_t units);

/* One for a request that any giant holds; there is one. */
struct chunk *giant_small(const struct z_heap *z);

/* The smallest that holds `units` units, or NULL. */
struct chunk *giant_find(const struct z_heap *z, uint32_t units);

uint32_t giant_largest(const struct z_heap *z);
bool giants_valid(const struct z_heap *z, uint32_t lowest, uint32_t *chunks);
