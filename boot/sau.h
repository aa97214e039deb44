/* SPDX-License-Identifier: Apache-2.0 */
/* The core's own view of what is non-secure. */
#pragma once

#include "../lib/util.h"

/* Addresses `first` to `last`, both included; 32-byte granules (Armv8-M ARM D1.2.229, SAU_RBAR). */
struct sau_range {
    uint32_t first;
    uint32_t last;
};

/*
 * Makes the core treat `ranges` as non-secure and everything else as the chip's wiring says.
 * Context: reset, before the first access to any of the ranges. Fails iff: more ranges than the
 * core has (halts with D8). Bound: linear in ranges.
 */
void sau_init(const struct sau_range *ranges, size_t count);
