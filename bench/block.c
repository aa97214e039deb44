/* SPDX-License-Identifier: Apache-2.0 */
#include "block.h"

#include "board.h"
#include "subject.h"

#include <string.h>

#define GOLDEN 0x9E3779B9u

uint32_t heap_bytes;
struct block live[LIVE_MAX];
uint32_t live_count, live_bytes;

static uint8_t memory[HEAP_BYTES_MAX] __attribute__((aligned(4096)));
static uint32_t next_pattern;

void heap_fresh(uint32_t bytes)
{
    memset(memory, 0xA5, sizeof(memory));
    heap_bytes = bytes;
    live_count = 0;
    live_bytes = 0;
    subject_init(memory, bytes);
}

/* A word after the other, each its own value; blocks are aligned to at least 4 bytes. */
static void fill(const struct block *block)
{
    uint32_t x = block->pattern;
    uint32_t at = 0;

    for (; at + 4 <= block->bytes; at += 4, x += GOLDEN) {
        *(uint32_t *)(void *)(block->mem + at) = x;
    }
    for (; at < block->bytes; at++, x >>= 8) {
        block->mem[at] = (uint8_t)x;
    }
}

static bool verify(const struct block *block)
{
    uint32_t x = block->pattern;
    uint32_t at = 0;

    for (; at + 4 <= block->bytes; at += 4, x += GOLDEN) {
        if (*(uint32_t *)(void *)(block->mem + at) != x) {
            return false;
        }
    }
    for (; at < block->bytes; at++, x >>= 8) {
        if (block->mem[at] != (uint8_t)x) {
            return false;
        }
    }
    return true;
}

bool block_alloc(struct block *block, uint32_t align, uint32_t bytes)
{
    uint8_t *mem = align == 0 ? subject_alloc(bytes) : subject_aligned_alloc(align, bytes);

    if (mem == NULL) {
        return false;
    }
    if (mem < memory || mem > memory + heap_bytes - bytes) {
        board_fail("a block outside the heap");
    }
    if ((uintptr_t)mem % (align == 0 ? 4 : align) != 0) {
        board_fail("a block not aligned");
    }
    block->mem = mem;
    block->bytes = bytes;
    block->pattern = next_pattern += GOLDEN * 5;
    fill(block);
    return true;
}

void block_free(struct block *block)
{
    if (!verify(block)) {
        board_fail("a block whose content changed");
    }
    subject_free(block->mem);
}

bool live_alloc(uint32_t align, uint32_t bytes)
{
    if (live_count == LIVE_MAX) {
        board_fail("too many blocks");
    }
    if (!block_alloc(&live[live_count], align, bytes)) {
        return false;
    }
    live_count++;
    live_bytes += bytes;
    return true;
}

void live_free(uint32_t index)
{
    live_bytes -= live[index].bytes;
    block_free(&live[index]);
    live[index] = live[--live_count];
}
