/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer's entry: the input is a heap size and a list of operations on the public interface.
 * After each, what the heap promises is checked against a walk over its chunks.
 */
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/heap_walk.h>
#include <zephyr/sys/sys_heap.h>

#define BLOCKS 64
#define ARENA  66000

struct block {
    uint8_t *mem;
    size_t bytes;
    uint8_t fill;
};

static struct sys_heap heap;
static struct block block[BLOCKS];
static uint8_t *arena;

/* The input, read to its end and zeros behind. */
static const uint8_t *input;
static size_t input_left;

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    (void)invariant;
    (void)object;
    (void)item;
    abort();
}

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static unsigned next_byte(void)
{
    if (input_left == 0) {
        return 0;
    }
    input_left--;
    return *input++;
}

/* 1 byte for small sizes, 3 for others. */
static size_t next_size(void)
{
    unsigned first = next_byte();

    return first < 0xc0 ? first
                        : (size_t)(first & 0x3f) << 12 | next_byte() << 4 | (next_byte() & 15);
}

static size_t need(size_t bytes)
{
    return bytes == 0 || bytes > ARENA
               ? SIZE_MAX
               : (size_t)HEAP_IN_BUFFER(heap.init_bytes, HEAP_UNITS_FOR_IN, bytes) *
                     HEAP_UNIT_BYTES;
}

static size_t largest_free(void)
{
    size_t largest = 0;
    struct heap_walk walk;

    heap_walk_start(&walk, &heap);
    while (heap_walk_next(&walk)) {
        largest = !walk.used && walk.chunk_bytes > largest ? walk.chunk_bytes : largest;
    }
    return largest;
}

/* The block's chunk with the free space beside it; *right_span is without that on its left. */
static size_t span_of(const uint8_t *mem, size_t *right_span)
{
    size_t span = 0;
    size_t before = 0;
    bool found = false;
    struct heap_walk walk;

    heap_walk_start(&walk, &heap);
    while (heap_walk_next(&walk)) {
        bool own = walk.mem == mem;

        if (walk.used && !own) {
            if (found) {
                break;
            }
            span = 0;
            continue;
        }
        before = own ? span : before;
        found |= own;
        span += walk.chunk_bytes;
    }
    must(found);
    *right_span = span - before;
    return span;
}

static void check_content(const struct block *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        must(b->mem[i] == b->fill);
    }
}

static void fill(struct block *b, uint8_t *mem, size_t bytes)
{
    b->mem = mem;
    b->bytes = bytes;
    b->fill++;
    memset(mem, b->fill, bytes);
}

static void do_alloc(struct block *b, size_t align)
{
    size_t bytes = next_size();
    size_t largest = largest_free();
    bool valid = (align & (align - 1)) == 0;
    uint8_t *mem = sys_heap_aligned_alloc(&heap, align, bytes);

    if (mem == NULL) {
        size_t extra = align > HEAP_UNIT_BYTES ? align - HEAP_UNIT_BYTES : 0;

        must(!valid || need(bytes) > largest || need(bytes) + extra > largest);
        return;
    }
    must(valid && need(bytes) <= largest);
    must(align == 0 || (uintptr_t)mem % align == 0);
    must(sys_heap_usable_size(&heap, mem) >= bytes);
    fill(b, mem, bytes);
}

static void do_free(struct block *b)
{
    check_content(b, b->bytes);
    sys_heap_free(&heap, b->mem);
    b->mem = NULL;
    b->bytes = 0;
}

static void do_realloc(struct block *b, size_t align)
{
    size_t bytes = next_size();
    size_t largest = largest_free();
    size_t right_span;
    size_t span = span_of(b->mem, &right_span);
    uint8_t *mem = sys_heap_aligned_realloc(&heap, b->mem, align, bytes);
    struct block moved = {mem, b->bytes, b->fill};

    if (bytes == 0) {
        must(mem == NULL);
        b->mem = NULL;
        b->bytes = 0;
        return;
    }
    if (mem == NULL) {
        must(align > HEAP_UNIT_BYTES || (need(bytes) > span && need(bytes) > largest));
        check_content(b, b->bytes);
        return;
    }
    check_content(&moved, bytes < b->bytes ? bytes : b->bytes);
    fill(b, mem, bytes);
}

static void do_resize(struct block *b)
{
    size_t bytes = next_size();
    size_t right_span;

    (void)span_of(b->mem, &right_span);
    if (sys_heap_resize_in_place(&heap, b->mem, 0, bytes)) {
        must(need(bytes) <= right_span);
        check_content(b, bytes < b->bytes ? bytes : b->bytes);
        fill(b, b->mem, bytes);
    } else {
        must(need(bytes) > right_span);
    }
}

static void do_any(void)
{
    unsigned code = next_byte();
    struct block *b = &block[next_byte() % BLOCKS];
    size_t align = code & 8 ? (size_t)1 << (code >> 4) : code & 4 ? code >> 4 : 0;

    if (b->mem == NULL) {
        do_alloc(b, align);
    } else if ((code & 3) == 0) {
        do_realloc(b, code & 8 ? align : 0);
    } else if ((code & 3) == 1) {
        do_resize(b);
    } else {
        do_free(b);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t heap_bytes;

    input = data;
    input_left = size;
    heap_bytes = Z_HEAP_MIN_SIZE + (next_byte() << 8 | next_byte());
    arena = malloc(heap_bytes);
    memset(arena, 0xa5, heap_bytes);
    memset(block, 0, sizeof(block));
    sys_heap_init(&heap, arena, heap_bytes);
    must(sys_heap_capacity(&heap) == Z_HEAP_CAPACITY(heap_bytes));
    while (input_left > 0) {
        do_any();
        must(sys_heap_validate(&heap));
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        if (block[i].mem != NULL) {
            do_free(&block[i]);
        }
    }
    must(sys_heap_validate(&heap));
    must(sys_heap_largest_free_block(&heap) == sys_heap_capacity(&heap));
    free(arena);
    return 0;
}
