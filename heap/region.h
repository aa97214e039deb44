/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A range of memory, what it is good for, and what a caller needs. Pure data and its rules: the
 * values are facts of a board.
 */
#pragma once

#include "../lib/util.h"

#define REGION_DMA        BIT(0) /* every DMA controller of the board reaches it */
#define REGION_CACHEABLE  BIT(1) /* a data cache may hold copies: blocks are whole cache lines */
#define REGION_EXTERNAL   BIT(2) /* outside the chip: large and slow */
#define REGION_EXECUTABLE BIT(3) /* code may run from it */
#define REGION_RETAINED   BIT(4) /* keeps its content in the deepest sleep */
#define REGION_FAST       BIT(5) /* no wait states */

/* Controller `n` of the board, 0 to 7, reaches it: for boards whose controllers differ. */
#define REGION_DMA_BY(n) BIT(16 + (n))

struct region {
    const char *name;
    void *start;
    size_t size; /* bytes */
    uint32_t attr;
    size_t used; /* at its beginning, the image's own; the rest is a heap, all of it: no heap */
};

/* Puts a variable that the program does not initialise, and that is not zero at boot, into the
 * memory `name` of linker/<board>.ld. */
#define IN_REGION(name) __attribute__((section(".bss.region_" #name)))

/*
 * The rule R1: a region suits that has all attributes of `must` and none of `must_not`, whatever
 * else it has. Suitable regions are tried in order of how many attributes of `prefer` they lack,
 * fewest first; among equals, the one added first. An attribute that must be and must not be suits
 * nothing.
 */
struct region_need {
    uint32_t must;
    uint32_t prefer;
    uint32_t must_not;
};

/* Whether memory with the attributes `attr` suits. Bound: constant. */
static inline bool region_suits(uint32_t attr, const struct region_need *need)
{
    return (attr & need->must) == need->must && (attr & need->must_not) == 0;
}

/* How many preferred attributes `attr` lacks. Bound: linear in them. */
static inline unsigned region_lacks(uint32_t attr, const struct region_need *need)
{
    unsigned count = 0;

    for (uint32_t lacking = need->prefer & ~attr; lacking != 0; lacking &= lacking - 1) {
        count++;
    }
    return count;
}
