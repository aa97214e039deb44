/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much a heap looks for damage, by Kconfig's levels. What is off costs nothing.
 *   basic     a pointer handed back is a block that its neighbours agree with (H2 to H5)
 *   moderate  + links of a chunk that leaves a list point back (H6)
 *   full      + a canary behind each block, from the first byte that was not asked for (H7)
 *   extreme   + the whole heap before each operation (H14)
 */
#pragma once

#include "../lib/assert.h"
#include "control.h"
#include "sys_heap.h"

#if defined(CONFIG_SYS_HEAP_HARDENING_EXTREME)
#define HARDENING 4
#elif defined(CONFIG_SYS_HEAP_HARDENING_FULL)
#define HARDENING 3
#elif defined(CONFIG_SYS_HEAP_HARDENING_MODERATE)
#define HARDENING 2
#else
#define HARDENING 1
#endif

static inline void harden_operation(const struct sys_heap *heap)
{
    if (HARDENING >= 4) {
        ASSERT(sys_heap_validate(heap), "H14 heap is damaged", heap, NULL);
    }
}

static inline bool link_points_back(const struct z_heap *z, uint32_t link, bool next,
                                    uint32_t expected)
{
    return link < z->end && (next ? chunk_at(z, link)->next : chunk_at(z, link)->prev) == expected;
}

/* Before `chunk` leaves a list whose first chunk is `head` and which ends with link `last`. */
static inline void harden_unlink(const struct z_heap *z, const struct chunk *chunk, uint32_t head,
                                 uint32_t last)
{
    if (HARDENING >= 2) {
        uint32_t link = link_of(z, chunk);

        ASSERT((chunk->prev == 0 ? head == link : link_points_back(z, chunk->prev, true, link)) &&
                   (chunk->next == last || link_points_back(z, chunk->next, false, link)),
               "H6 links of a free chunk are damaged, written after free?", z, chunk);
    }
}
