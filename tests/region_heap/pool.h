/* SPDX-License-Identifier: Apache-2.0 */
/* The pool under test: regions of small static arrays. */
#pragma once

#include "../../kernel/region_pool.h"
#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 5
#define REGION_BYTES  512

extern struct region_pool pool;
extern struct region regions[MAX_MEMORY_REGIONS];

/* A pool of `count` regions of REGION_BYTES bytes with these attributes, in this order. */
void pool_make(const uint32_t *attrs, unsigned count);

/* The number of the region that holds `block`; -1: none does. */
int region_index(const void *block);

/* Fills region `index` with one block and returns it. */
void *fill_region(unsigned index);
