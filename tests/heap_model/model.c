/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <stdbool.h>
#include <string.h>
#include <zephyr/sys/heap_walk.h>
#include <zephyr/sys/sys_heap.h>

/* With 16 KiB of RAM the largest heap is 4 KiB. */
#ifdef CONFIG_SMALL_RAM
#define BLOCKS_MAX 512
#else
#define BLOCKS_MAX 2048
#endif

/* A quarantine gives its blocks back inside a call, after the oracle has looked. */
#if defined(CONFIG_SYS_HEAP_QUARANTINE) && CONFIG_SYS_HEAP_QUARANTINE > 0
#define DELAYED true
#else
#define DELAYED false
#endif

struct block {
    uint8_t *mem;
    size_t bytes;
    uint8_t fill;
};

static struct {
    struct sys_heap heap;
    const struct model_run *run;
    struct model_result *result;
    uint32_t random;
    struct block block[BLOCKS_MAX];
    unsigned count;
    size_t live_bytes;
} m;

#define EXPECT(condition, text)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return (text);                                                                         \
        }                                                                                          \
    } while (0)

/* xorshift32 */
static uint32_t next_random(void)
{
    m.random ^= m.random << 13;
    m.random ^= m.random >> 17;
    m.random ^= m.random << 5;
    return m.random;
}

static size_t next_size(void)
{
    size_t capacity = sys_heap_capacity(&m.heap);

    switch (m.run->law) {
    case 0: /* a power law: small ones are frequent */
        return 1 +
               (next_random() & ((1u << (4 + (unsigned)__builtin_ctz(next_random() | 128))) - 1));
    case 1:
        return 1 + next_random() % 64;
    case 2:
        return 8 + next_random() % 505;
    case 3: /* giants */
        return 1 + next_random() % (capacity / 6 + 1);
    case 4: /* around the border between bins and classes */
        return 200 + next_random() % 120;
    default:
        return 1 + next_random() % (1u << next_random() % 16);
    }
}

static size_t chunk_bytes(size_t bytes)
{
    return (size_t)HEAP_IN_BUFFER(m.run->heap_bytes, HEAP_UNITS_FOR_IN, bytes) * HEAP_UNIT_BYTES;
}

/* What a chunk's length has beyond its block's. */
static size_t overhead_bytes(void)
{
#define OVERHEAD(layout, more) (HEAP_HEADER_IN(layout) + (more))
    return HEAP_IN_BUFFER(m.run->heap_bytes, OVERHEAD, HEAP_TRAILER_BYTES);
}

/* The oracle: the largest free chunk, and whether some free chunk has room at a multiple of
 * `align`. */
static size_t oracle(size_t align, size_t bytes, bool *fits)
{
    size_t largest = 0;
    struct heap_walk walk;

    *fits = false;
    heap_walk_start(&walk, &m.heap);
    while (heap_walk_next(&walk)) {
        size_t gap = align == 0 ? 0 : (0 - (uintptr_t)walk.mem) & (align - 1);

        if (!walk.used) {
            largest = MAX(largest, walk.chunk_bytes);
            *fits |= gap + chunk_bytes(bytes) <= walk.chunk_bytes;
        }
    }
    return largest;
}

/* The block at `mem` with the free space on both its sides. */
static size_t span_of(const uint8_t *mem)
{
    size_t span = 0;
    bool found = false;
    struct heap_walk walk;

    heap_walk_start(&walk, &m.heap);
    while (heap_walk_next(&walk)) {
        bool own = walk.mem == mem;

        if (walk.used && !own) {
            if (found) {
                break;
            }
            span = 0;
        } else {
            found |= own;
            span += walk.chunk_bytes;
        }
    }
    return found ? span : 0;
}

static bool content_kept(const struct block *block, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (block->mem[i] != block->fill) {
            return false;
        }
    }
    return true;
}

static void fill(struct block *block, uint8_t *mem, size_t bytes)
{
    m.live_bytes += bytes - block->bytes;
    *block = (struct block){mem, bytes, (uint8_t)next_random()};
    memset(mem, block->fill, bytes);
}

static bool inside(const uint8_t *mem, size_t bytes)
{
    size_t offset = (size_t)(mem - (const uint8_t *)m.run->memory);

    return offset < m.run->heap_bytes && bytes <= m.run->heap_bytes - offset;
}

static const char *do_alloc(size_t align)
{
    size_t bytes = next_size();
    bool fits;
    size_t largest = oracle(align, bytes, &fits);
    size_t any_position =
        chunk_bytes(bytes) + (align > HEAP_UNIT_BYTES ? align - HEAP_UNIT_BYTES : 0);
    size_t offered = sys_heap_largest_free_block(&m.heap);
    uint8_t *mem =
        align == 0 ? sys_heap_alloc(&m.heap, bytes) : sys_heap_aligned_alloc(&m.heap, align, bytes);

    EXPECT(offered == (largest < chunk_bytes(1) ? 0 : largest - overhead_bytes()),
           "the largest free block is another one");
    m.result->aligned += align > HEAP_UNIT_BYTES;
    if (mem == NULL) {
        m.result->refused++;
        largest = oracle(align, bytes, &fits);
        EXPECT(any_position > largest, "refused although a free chunk holds it");
        m.result->missed += fits;
        return NULL;
    }
    EXPECT(fits || DELAYED, "a block where no chunk was free");
    EXPECT(inside(mem, bytes), "a block outside the buffer");
    EXPECT((uintptr_t)mem % MAX(align, HEAP_UNIT_BYTES) == 0, "a misaligned block");
    EXPECT(sys_heap_usable_size(&m.heap, mem) >= bytes, "a block that is too short");
    m.result->allocs++;
    m.block[m.count] = (struct block){0};
    fill(&m.block[m.count++], mem, bytes);
    return NULL;
}

static const char *do_free(void)
{
    unsigned victim = next_random() % m.count;
    struct block block = m.block[victim];

    EXPECT(content_kept(&block, block.bytes), "content changed");
    sys_heap_free(&m.heap, block.mem);
    m.live_bytes -= block.bytes;
    m.block[victim] = m.block[--m.count];
    return NULL;
}

static const char *do_realloc(size_t align)
{
    struct block *block = &m.block[next_random() % m.count];
    size_t bytes = next_size();
    bool fits;
    size_t largest = oracle(align, bytes, &fits);
    size_t span = span_of(block->mem);
    uint8_t *mem = sys_heap_aligned_realloc(&m.heap, block->mem, align, bytes);
    struct block moved = {mem, block->bytes, block->fill};

    m.result->reallocs++;
    EXPECT(span != 0, "a block that the walk does not see");
    if (mem == NULL) {
        m.result->refused++;
        largest = oracle(align, bytes, &fits);
        span = span_of(block->mem);
        EXPECT(align > HEAP_UNIT_BYTES ||
                   (chunk_bytes(bytes) > largest && chunk_bytes(bytes) > span),
               "realloc refused although there is room");
        EXPECT(content_kept(block, block->bytes), "content changed by a refused realloc");
        return NULL;
    }
    EXPECT(DELAYED || chunk_bytes(bytes) <= MAX(largest, span), "a block where no chunk was free");
    EXPECT(inside(mem, bytes), "a block outside the buffer");
    EXPECT((uintptr_t)mem % MAX(align, HEAP_UNIT_BYTES) == 0, "a misaligned block");
    EXPECT(content_kept(&moved, MIN(bytes, block->bytes)), "realloc changed the content");
    fill(block, mem, bytes);
    return NULL;
}

static const char *do_any(void)
{
    size_t target = m.run->heap_bytes / 100 * m.run->target_percent;
    uint32_t choice = next_random() % 100;
    size_t align = next_random() % 5 == 0 ? (size_t)1 << next_random() % 10 : 0;

    if (m.count > 0 && (m.count == BLOCKS_MAX || m.live_bytes >= target || choice < 30)) {
        return do_free();
    }
    if (m.count > 0 && choice < 45) {
        return do_realloc(align);
    }
    return do_alloc(align);
}

static const char *drain(void)
{
    while (m.count > 0) {
        const char *wrong = do_free();

        if (wrong != NULL) {
            return wrong;
        }
    }
    EXPECT(sys_heap_validate(&m.heap), "the drained heap is damaged");
    EXPECT(sys_heap_alloc(&m.heap, sys_heap_capacity(&m.heap)) != NULL,
           "the drained heap is not whole");
    return NULL;
}

const char *model_execute(const struct model_run *run, struct model_result *result)
{
    m.run = run;
    m.result = result;
    m.random = run->seed;
    m.count = 0;
    m.live_bytes = 0;
    sys_heap_init(&m.heap, run->memory, run->heap_bytes);
    for (uint32_t i = 0; i < run->operations; i++) {
        const char *wrong = do_any();

        if (wrong != NULL) {
            return wrong;
        }
        EXPECT(i % run->validate_every != 0 || sys_heap_validate(&m.heap), "the heap is damaged");
    }
    return drain();
}
