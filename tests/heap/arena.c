/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#define MARGIN 65536

static uint8_t memory[MARGIN + ARENA_BYTES + MARGIN] __aligned(64);
static void *filling[ARENA_BYTES / UNIT];
static unsigned filling_count;

struct sys_heap heap;
size_t capacity;

uint8_t *arena(void)
{
    return memory + MARGIN;
}

void arena_before(void *fixture)
{
    ARG_UNUSED(fixture);
    filling_count = 0;
    memset(memory, 0xee, sizeof(memory));
    sys_heap_init(&heap, arena(), ARENA_BYTES);
    capacity = sys_heap_capacity(&heap);
}

void arena_after(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_true(sys_heap_validate(&heap));
}

uint8_t *take(size_t bytes)
{
    uint8_t *block = sys_heap_alloc(&heap, bytes);

    zassert_not_null(block, "%zu bytes", bytes);
    memset(block, (int)(bytes & 0xff), bytes);
    return block;
}

size_t bytes_in(size_t units)
{
    return units * UNIT - HEADER;
}

void fill_heap(size_t bytes)
{
    void *block;
    size_t left;

    while ((block = sys_heap_alloc(&heap, bytes)) != NULL) {
        filling[filling_count++] = block;
    }
    while ((left = sys_heap_largest_free_block(&heap)) != 0) {
        filling[filling_count++] = take(left);
    }
}

void release_all(void)
{
    while (filling_count > 0) {
        sys_heap_free(&heap, filling[--filling_count]);
    }
}

void write_field(uint8_t *field, uint32_t value)
{
    memcpy(field, &value, HEAP_LINK_BYTES); /* little-endian */
}

bool holds(const uint8_t *mem, uint8_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (mem[i] != value) {
            return false;
        }
    }
    return true;
}
