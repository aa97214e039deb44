/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to a block between its release and its reuse. CONFIG_SYS_HEAP_POISON overwrites it,
 * so that whoever still reads it notices. CONFIG_SYS_HEAP_QUARANTINE=n keeps the last n blocks from
 * being used again, and looks whether one was written meanwhile (H15) when it leaves. A request
 * that would be refused empties the quarantine first: the heap stays exact.
 */
#pragma once

#include "canary.h"

#if defined(CONFIG_SYS_HEAP_QUARANTINE) && CONFIG_SYS_HEAP_QUARANTINE > 0
#define QUARANTINE CONFIG_SYS_HEAP_QUARANTINE
#else
#define QUARANTINE 0
#endif

#if defined(CONFIG_SYS_HEAP_POISON) || QUARANTINE > 0
#define POISON 1
#else
#define POISON 0
#endif

#define POISON_BYTE 0xdb

/* Bytes of a block that its user may write. */
static inline size_t poison_bytes(const struct chunk *chunk, uint32_t units)
{
    return chunk_payload_bytes(units) - HEAP_TRAILER_BYTES - canary_left_over(chunk, units);
}

static inline void poison(struct chunk *chunk, uint32_t units)
{
    if (POISON) {
        __builtin_memset(chunk, POISON_BYTE, poison_bytes(chunk, units));
    }
}

#if QUARANTINE > 0

/* Whether the block is in quarantine: in use for the heap, but not for the program. */
bool quarantine_holds(const struct sys_heap *heap, const void *mem);

/* Takes in a block that was checked; returns the one that must leave for it, or NULL. */
void *quarantine_swap(struct sys_heap *heap, void *mem);

/* Frees all blocks in quarantine; false if there were none. */
bool quarantine_empty(struct sys_heap *heap);

#else

static inline bool quarantine_holds(const struct sys_heap *heap, const void *mem)
{
    ARG_UNUSED(heap);
    ARG_UNUSED(mem);
    return false;
}

static inline bool quarantine_empty(struct sys_heap *heap)
{
    ARG_UNUSED(heap);
    return false;
}

#endif
