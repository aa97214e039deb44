/* SPDX-License-Identifier: Apache-2.0 */
/* What linker/<board>.ld says about a memory, as C sees it. */
#pragma once

#include "../heap/region.h"

/* The linker defines __region_<name>_start and, as absolute symbols, __region_<name>_size and
 * __region_<name>_used (REGION and REGION_OF_IMAGE of linker/sections.ld). */
#define LINKER_REGION_DECLARE(region, attributes)                                                  \
    extern char __region_##region##_start[];                                                       \
    extern char __region_##region##_size[];                                                        \
    extern char __region_##region##_used[];

#define LINKER_REGION_VALUE(region, attributes)                                                    \
    {.name = #region,                                                                              \
     .start = __region_##region##_start,                                                           \
     .size = (size_t)(uintptr_t)__region_##region##_size,                                          \
     .attr = (attributes),                                                                         \
     .used = (size_t)(uintptr_t)__region_##region##_used},

/* Defines board_regions of `list`, a macro that calls its argument with name and attributes of each
 * region. */
#define LINKER_REGIONS_DEFINE(list)                                                                \
    list(LINKER_REGION_DECLARE) const struct region board_regions[] = {list(LINKER_REGION_VALUE)}; \
    const size_t board_region_count = ARRAY_SIZE(board_regions)
