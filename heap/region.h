/* SPDX-License-Identifier: Apache-2.0 */
/* A range of memory and what it is good for. Pure data: the values are facts of a board. */
#pragma once

#include "../lib/util.h"

#define REGION_DMA        BIT(0) /* every DMA controller of the board reaches it */
#define REGION_CACHEABLE  BIT(1) /* a data cache may hold copies */
#define REGION_EXTERNAL   BIT(2) /* outside the chip: large and slow */
#define REGION_EXECUTABLE BIT(3) /* code may run from it */
#define REGION_RETAINED   BIT(4) /* keeps its content in the deepest sleep */
#define REGION_FAST       BIT(5) /* no wait states */

struct region {
    const char *name;
    void *start;
    size_t size; /* bytes */
    uint32_t attr;
};
