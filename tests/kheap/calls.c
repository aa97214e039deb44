/* SPDX-License-Identifier: Apache-2.0 */
/* k_heap calls that need not wait: results, limits, contexts, and never asleep for the impossible.
 */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "heap.h"

ZTEST_SUITE(kheap_calls, NULL, NULL, heap_before, heap_after, NULL);

K_HEAP_DEFINE(defined, 512);
K_HEAP_DEFINE(smallest, 1);

ZTEST(kheap_calls, defined_heaps_are_ready)
{
    void *block;

    zassert_equal(sys_heap_capacity(&defined.heap), Z_HEAP_CAPACITY(512));
    block = k_heap_alloc(&defined, Z_HEAP_CAPACITY(512), K_NO_WAIT);
    zassert_not_null(block);
    zassert_is_null(k_heap_alloc(&defined, 1, K_NO_WAIT));
    k_heap_free(&defined, block);
    block = k_heap_alloc(&smallest, 1, K_NO_WAIT);
    zassert_not_null(block, "at least Z_HEAP_MIN_SIZE");
    k_heap_free(&smallest, block);
}

ZTEST(kheap_calls, init_too_small)
{
    static struct k_heap tiny;
    static char little[Z_HEAP_MIN_SIZE - 1] __aligned(8);

    ztest_expect_invariant("H1");
    k_heap_init(&tiny, little, sizeof(little));
    zassert_unreachable();
}

ZTEST(kheap_calls, blocks_are_aligned_and_hold_what_was_asked)
{
    for (size_t bytes = 1; bytes < 70; bytes++) {
        void *block = k_heap_alloc(&heap, bytes, K_NO_WAIT);

        zassert_not_null(block);
        zassert_equal((uintptr_t)block % 8, 0);
        zassert_true(sys_heap_usable_size(&heap.heap, block) >= bytes);
        memset(block, 0x5a, bytes);
        k_heap_free(&heap, block);
    }
    zassert_equal(allocated_bytes(), 0);
}

ZTEST(kheap_calls, alignment_is_kept)
{
    for (size_t align = 1; align <= 256; align *= 2) {
        void *block = k_heap_aligned_alloc(&heap, align, 20, K_NO_WAIT);

        zassert_not_null(block);
        zassert_equal((uintptr_t)block % MAX(align, (size_t)8), 0);
        k_heap_free(&heap, block);
    }
    zassert_not_null(k_heap_aligned_alloc(&heap, 0, 20, K_NO_WAIT), "0 is the default");
}

/* Each would sleep for ever if it slept. */
ZTEST(kheap_calls, the_impossible_is_refused_at_once)
{
    void *block = k_heap_alloc(&heap, 64, K_NO_WAIT);
    size_t bytes = allocated_bytes();

    memset(block, 0x11, 64);
    zassert_is_null(k_heap_alloc(&heap, 0, K_FOREVER));
    zassert_is_null(k_heap_alloc(&heap, capacity + 1, K_FOREVER));
    zassert_is_null(k_heap_alloc(&heap, SIZE_MAX, K_FOREVER));
    zassert_is_null(k_heap_alloc(&heap, SIZE_MAX - 8, K_FOREVER));
    zassert_is_null(k_heap_aligned_alloc(&heap, 3, 8, K_FOREVER));
    zassert_is_null(k_heap_aligned_alloc(&heap, 24, 8, K_FOREVER));
    zassert_is_null(k_heap_aligned_alloc(&heap, 8, 0, K_FOREVER));
    zassert_is_null(k_heap_aligned_alloc(&heap, (size_t)1 << 31, 8, K_FOREVER));
    zassert_is_null(k_heap_calloc(&heap, 0, 8, K_FOREVER));
    zassert_is_null(k_heap_calloc(&heap, 8, 0, K_FOREVER));
    zassert_is_null(k_heap_calloc(&heap, SIZE_MAX / 8, 9, K_FOREVER), "the product overflows");
    zassert_is_null(k_heap_calloc(&heap, SIZE_MAX / 8 + 2, 8, K_FOREVER), "it overflows to 8");
    zassert_is_null(k_heap_realloc(&heap, block, capacity + 1, K_FOREVER));
    zassert_is_null(k_heap_realloc(&heap, block, SIZE_MAX, K_FOREVER));
    zassert_is_null(k_heap_realloc(&heap, NULL, capacity + 1, K_FOREVER));
    zassert_is_null(k_heap_realloc(&heap, NULL, 0, K_FOREVER));
    zassert_equal(allocated_bytes(), bytes, "the old block stays");
    for (unsigned i = 0; i < 64; i++) {
        zassert_equal(((char *)block)[i], 0x11);
    }
    zassert_equal(wait_stats().waits, 0);
}

/* A request that is not refused at once must be possible, or its thread would sleep for ever. */
ZTEST(kheap_calls, W5_what_is_not_refused_is_possible)
{
    for (size_t align = 0; align <= 2048; align = align == 0 ? 1 : 2 * align) {
        for (size_t bytes = 0; bytes <= capacity + 16; bytes++) {
            bool promised = sys_heap_could_ever_fit(&heap.heap, NULL, align, bytes);
            void *block = k_heap_aligned_alloc(&heap, align, bytes, K_NO_WAIT);

            zassert_equal(promised, block != NULL, "%u bytes aligned to %u", (unsigned)bytes,
                          (unsigned)align);
            k_heap_free(&heap, block);
        }
    }
}

ZTEST(kheap_calls, W5_what_realloc_does_not_refuse_is_possible)
{
    for (size_t before = 0; before <= 400; before += 56) {
        for (size_t bytes = 1; bytes <= capacity + 16; bytes++) {
            void *space = before == 0 ? NULL : k_heap_alloc(&heap, before, K_NO_WAIT);
            void *old = k_heap_alloc(&heap, 40, K_NO_WAIT);
            bool promised = sys_heap_could_ever_fit(&heap.heap, old, 0, bytes);
            void *block;

            k_heap_free(&heap, space);
            block = k_heap_realloc(&heap, old, bytes, K_NO_WAIT);
            zassert_true(block != NULL || !promised, "%u bytes, %u before", (unsigned)bytes,
                         (unsigned)before);
            k_heap_free(&heap, block != NULL ? block : old);
        }
    }
}

ZTEST(kheap_calls, realloc_slides_when_nothing_else_fits)
{
    char *space = k_heap_alloc(&heap, capacity / 2, K_NO_WAIT);
    char *old = k_heap_alloc(&heap, 40, K_NO_WAIT);
    char *block;

    for (int i = 0; i < 40; i++) {
        old[i] = (char)i;
    }
    k_heap_free(&heap, space);
    block = k_heap_realloc(&heap, old, capacity, K_NO_WAIT);
    zassert_equal_ptr(block, space, "the block has moved to the start of the free space");
    for (int i = 0; i < 40; i++) {
        zassert_equal(block[i], i);
    }
    zassert_true(sys_heap_validate(&heap.heap));
    k_heap_free(&heap, block);
    zassert_equal(allocated_bytes(), 0);
}

ZTEST(kheap_calls, the_whole_capacity_can_be_had)
{
    void *block = k_heap_alloc(&heap, capacity, K_FOREVER);

    zassert_not_null(block);
    zassert_is_null(k_heap_alloc(&heap, 1, K_NO_WAIT));
    k_heap_free(&heap, block);
    zassert_equal(allocated_bytes(), 0);
}

ZTEST(kheap_calls, no_wait_returns_at_once)
{
    void *blocks[20];
    int64_t start = k_uptime_ticks();

    fill(64, blocks, ARRAY_SIZE(blocks));
    zassert_is_null(k_heap_alloc(&heap, 64, K_NO_WAIT));
    zassert_is_null(k_heap_aligned_alloc(&heap, 32, 64, K_NO_WAIT));
    zassert_is_null(k_heap_calloc(&heap, 2, 32, K_NO_WAIT));
    zassert_is_null(k_heap_realloc(&heap, blocks[0], 128, K_NO_WAIT));
    zassert_is_null(k_heap_realloc(&heap, NULL, 64, K_NO_WAIT));
    zassert_equal(wait_stats().waits, 0);
    zassert_true(k_uptime_ticks() - start <= 1);
}

ZTEST(kheap_calls, calloc_zeroes)
{
    void *block = k_heap_alloc(&heap, 200, K_NO_WAIT);
    unsigned char *zeroed;

    memset(block, 0xff, 200);
    k_heap_free(&heap, block);
    zeroed = k_heap_calloc(&heap, 5, 40, K_NO_WAIT);
    zassert_not_null(zeroed);
    for (unsigned i = 0; i < 200; i++) {
        zassert_equal(zeroed[i], 0, "at %u", i);
    }
}

ZTEST(kheap_calls, realloc_of_null_allocates)
{
    void *block = k_heap_realloc(&heap, NULL, 40, K_NO_WAIT);

    zassert_not_null(block);
    zassert_true(sys_heap_usable_size(&heap.heap, block) >= 40);
}

ZTEST(kheap_calls, realloc_to_nothing_frees)
{
    void *block = k_heap_alloc(&heap, 40, K_NO_WAIT);

    zassert_is_null(k_heap_realloc(&heap, block, 0, K_FOREVER));
    zassert_equal(allocated_bytes(), 0);
    zassert_equal(wait_stats().waits, 0, "a successful release is no failure to wait for");
}

static void write_pattern(void *block, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        ((unsigned char *)block)[i] = (unsigned char)(i * 7 + 3);
    }
}

static bool has_pattern(const void *block, size_t bytes)
{
    size_t i = 0;

    while (i < bytes && ((const unsigned char *)block)[i] == (unsigned char)(i * 7 + 3)) {
        i++;
    }
    return i == bytes;
}

ZTEST(kheap_calls, realloc_shrinks_in_place)
{
    void *block = k_heap_alloc(&heap, 200, K_NO_WAIT);
    size_t bytes = allocated_bytes();

    write_pattern(block, 200);
    zassert_equal_ptr(k_heap_realloc(&heap, block, 40, K_NO_WAIT), block);
    zassert_true(has_pattern(block, 40));
    zassert_true(allocated_bytes() <= bytes - 152, "the tail goes back");
}

ZTEST(kheap_calls, realloc_grows_in_place_or_moves)
{
    void *block = k_heap_alloc(&heap, 40, K_NO_WAIT);
    void *wall;
    void *moved;

    write_pattern(block, 40);
    zassert_equal_ptr(k_heap_realloc(&heap, block, 80, K_NO_WAIT), block);
    wall = k_heap_alloc(&heap, 8, K_NO_WAIT);
    zassert_not_null(wall);
    moved = k_heap_realloc(&heap, block, 160, K_NO_WAIT);
    zassert_not_null(moved);
    zassert_not_equal(moved, block);
    zassert_true(has_pattern(moved, 40));
    k_heap_free(&heap, moved);
    k_heap_free(&heap, wall);
    zassert_equal(allocated_bytes(), 0, "the old place was not given back");
}

ZTEST(kheap_calls, failed_realloc_leaves_the_block)
{
    void *blocks[20];

    fill(64, blocks, ARRAY_SIZE(blocks));
    write_pattern(blocks[0], 64);
    zassert_is_null(k_heap_realloc(&heap, blocks[0], 200, K_NO_WAIT));
    zassert_is_null(k_heap_realloc(&heap, blocks[0], 200, K_TICKS(3)));
    zassert_true(has_pattern(blocks[0], 64));
    k_heap_free(&heap, blocks[0]);
}

ZTEST(kheap_calls, free_of_null_does_nothing)
{
    k_heap_free(&heap, NULL);
    zassert_equal(allocated_bytes(), 0);
}

ZTEST(kheap_calls, double_free_halts)
{
    void *block = k_heap_alloc(&heap, 40, K_NO_WAIT);

    k_heap_free(&heap, block);
    ztest_set_assert_valid(true);
    k_heap_free(&heap, block);
    zassert_unreachable();
}

ZTEST(kheap_calls, foreign_pointer_halts)
{
    static char foreign[64] __aligned(8);

    ztest_set_assert_valid(true);
    k_heap_free(&heap, foreign + 8);
    zassert_unreachable();
}

static void *isr_block;

static void allocate_in_isr(const void *bytes)
{
    isr_block = k_heap_alloc(&heap, (uintptr_t)bytes, K_NO_WAIT);
}

static void realloc_in_isr(const void *bytes)
{
    isr_block = k_heap_realloc(&heap, isr_block, (uintptr_t)bytes, K_NO_WAIT);
}

static void free_in_isr(const void *block)
{
    k_heap_free(&heap, (void *)(uintptr_t)block);
}

ZTEST(kheap_calls, isr_allocates_and_frees_without_waiting)
{
    irq_offload(allocate_in_isr, (void *)40);
    zassert_not_null(isr_block);
    irq_offload(realloc_in_isr, (void *)400);
    zassert_not_null(isr_block);
    irq_offload(free_in_isr, isr_block);
    zassert_equal(allocated_bytes(), 0);
    irq_offload(allocate_in_isr, (const void *)(uintptr_t)capacity);
    zassert_not_null(isr_block);
    irq_offload(realloc_in_isr, NULL);
    zassert_is_null(isr_block);
    zassert_equal(allocated_bytes(), 0);
}

ZTEST(kheap_calls, statistics_need_their_arguments)
{
    struct k_heap_wait_stats stats;

    zassert_equal(k_heap_wait_stats_get(NULL, &stats), -EINVAL);
    zassert_equal(k_heap_wait_stats_get(&heap, NULL), -EINVAL);
    zassert_ok(k_heap_wait_stats_get(&heap, &stats));
}
