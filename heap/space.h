/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Free space as a whole: the index and the top. Invariant H11: no free chunk has a free neighbour,
 * and none touches the top.
 */
#pragma once

#include "control.h"

/* Gives back a chunk in use of `units` units, joined with its free neighbours. */
void space_release(struct z_heap *heap, struct chunk *chunk, uint32_t units);

/* Keeps `keep` of the `units` units of a chunk in use and gives the rest back; keep <= units. */
void space_trim(struct z_heap *heap, struct chunk *chunk, uint32_t units, uint32_t keep);

/* A chunk in use of exactly `units` units, or NULL if no free chunk is that large. */
struct chunk *space_take(struct z_heap *heap, uint32_t units);

/* Units of the free space that begins at `chunk`: 0 if it is in use. */
uint32_t space_units_at(const struct z_heap *heap, const struct chunk *chunk);

/* Makes the free space at `chunk`, of `units` units, a chunk in use. */
void space_claim(struct z_heap *heap, struct chunk *chunk, uint32_t units);

/* Units of the largest free chunk, the top included. */
uint32_t space_largest(const struct z_heap *heap);
