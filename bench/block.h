/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks under watch: each lies inside the heap, is filled when it is handed out and verified when
 * it goes back. The image ends with a message when one is not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block {
    uint8_t *mem;
    uint32_t bytes;
    uint32_t pattern;
};

/* The heap: a fresh one of `bytes` bytes, pre-filled with 0xA5, at a multiple of 4096. */
#define HEAP_BYTES_MAX 65536u
void heap_fresh(uint32_t bytes);
extern uint32_t heap_bytes;

/* Allocates; false and nothing changed when the allocator refuses. align 0: plain alloc. */
bool block_alloc(struct block *block, uint32_t align, uint32_t bytes);
void block_free(struct block *block);

/* The live blocks of a churn; the last takes the place of one that is freed. */
#define LIVE_MAX 4096u
extern struct block live[LIVE_MAX];
extern uint32_t live_count, live_bytes;
bool live_alloc(uint32_t align, uint32_t bytes);
void live_free(uint32_t index);
