/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a block, at hardening level full: the bytes of the chunk that were not asked for are
 * filled, and the last four tell how many they are, mixed with the block's address. So a write of
 * one byte too many is seen.
 */
#pragma once

#include "hardening.h"

#define CANARY_FILL 0xb5u
#define CANARY_KEY  0xc3a51e96u

static inline uint8_t *canary_at(const struct chunk *chunk, uint32_t units)
{
    return (uint8_t *)(uintptr_t)chunk + chunk_payload_bytes(units) - HEAP_TRAILER_BYTES;
}

/* What the last four bytes hold when nothing is left over. */
static inline uint32_t canary_key(const struct chunk *chunk)
{
    return CANARY_KEY ^ (uint32_t)(uintptr_t)chunk;
}

static inline void canary_set(struct chunk *chunk, uint32_t units, size_t bytes)
{
    if (HEAP_CANARY_BYTES != 0) {
        uint8_t *end = canary_at(chunk, units);
        uint32_t left_over = (uint32_t)(end - (uint8_t *)chunk) - (uint32_t)bytes;
        uint32_t word = canary_key(chunk) + left_over;

        for (uint32_t i = 1; i <= left_over; i++) {
            end[-(ptrdiff_t)i] = CANARY_FILL;
        }
        __builtin_memcpy(end, &word, sizeof(word));
    }
}

/* Bytes at the end of the chunk that were not asked for; more than fit if the canary is damaged. */
static inline uint32_t canary_left_over(const struct chunk *chunk, uint32_t units)
{
    const uint8_t *end = canary_at(chunk, units);
    uint32_t word;
    uint32_t left_over;

    if (HEAP_CANARY_BYTES == 0) {
        return 0;
    }
    __builtin_memcpy(&word, end, sizeof(word));
    left_over = word - canary_key(chunk);
    for (uint32_t i = 1; left_over < 2 * HEAP_UNIT_BYTES && i <= left_over; i++) {
        if (end[-(ptrdiff_t)i] != CANARY_FILL) {
            return UINT32_MAX;
        }
    }
    return left_over;
}

static inline bool canary_valid(const struct chunk *chunk, uint32_t units)
{
    return canary_left_over(chunk, units) < 2 * HEAP_UNIT_BYTES;
}
