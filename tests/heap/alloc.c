/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

ZTEST_SUITE(heap_alloc, NULL, NULL, arena_before, arena_after, NULL);

ZTEST(heap_alloc, zero_bytes_give_NULL)
{
    zassert_is_null(sys_heap_alloc(&heap, 0));
    zassert_is_null(sys_heap_noalign_alloc(&heap, 64, 0));
    zassert_is_null(sys_heap_aligned_alloc(&heap, 64, 0));
}

ZTEST(heap_alloc, huge_requests_give_NULL)
{
    for (size_t less = 0; less < 40; less++) {
        zassert_is_null(sys_heap_alloc(&heap, SIZE_MAX - less));
        zassert_is_null(sys_heap_alloc(&heap, SYS_HEAP_MAX_BYTES - less));
        zassert_is_null(sys_heap_alloc(&heap, SYS_HEAP_MAX_BYTES + less));
        zassert_is_null(sys_heap_aligned_alloc(&heap, 64, SIZE_MAX - less));
    }
    zassert_is_null(sys_heap_aligned_alloc(&heap, SIZE_MAX / 2 + 1, 1));
}

ZTEST(heap_alloc, blocks_have_the_default_alignment)
{
    for (size_t bytes = 1; bytes < 100; bytes++) {
        zassert_equal((uintptr_t)sys_heap_alloc(&heap, bytes) % SYS_HEAP_DEFAULT_ALIGN, 0);
    }
}

ZTEST(heap_alloc, blocks_do_not_overlap)
{
    uint8_t *block[60];

    for (unsigned i = 0; i < ARRAY_SIZE(block); i++) {
        block[i] = take(i + 1);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(block); i++) {
        zassert_true(holds(block[i], (uint8_t)(i + 1), i + 1));
    }
}

ZTEST(heap_alloc, usable_size_may_be_used)
{
    uint8_t *block[40];

    for (unsigned i = 0; i < ARRAY_SIZE(block); i++) {
        block[i] = take(3 * i + 1);
        zassert_true(sys_heap_usable_size(&heap, block[i]) >= 3 * i + 1);
        memset(block[i], (int)i, sys_heap_usable_size(&heap, block[i]));
    }
    for (unsigned i = 0; i < ARRAY_SIZE(block); i++) {
        zassert_true(holds(block[i], (uint8_t)i, sys_heap_usable_size(&heap, block[i])));
        sys_heap_free(&heap, block[i]);
    }
}

ZTEST(heap_alloc, a_block_costs_a_header_and_rounding)
{
    uint8_t *first = take(bytes_in(3));
    uint8_t *second = take(1);

    zassert_equal(second - first, 3 * UNIT);
}

ZTEST(heap_alloc, noalign_ignores_the_alignment)
{
    zassert_not_null(sys_heap_noalign_alloc(&heap, 3, 10));
}

ZTEST(heap_alloc, it_fails_only_when_no_free_chunk_is_large_enough)
{
    uint8_t *gap[8];

    for (unsigned i = 0; i < ARRAY_SIZE(gap); i++) {
        gap[i] = take(bytes_in(4 + 7 * i));
        (void)take(1);
    }
    fill_heap(bytes_in(4));
    for (unsigned i = 0; i < ARRAY_SIZE(gap); i++) {
        sys_heap_free(&heap, gap[i]);
        zassert_equal(sys_heap_largest_free_block(&heap), bytes_in(4 + 7 * i));
        zassert_is_null(sys_heap_alloc(&heap, bytes_in(4 + 7 * i) + 1));
    }
    for (unsigned i = ARRAY_SIZE(gap); i-- > 0;) {
        zassert_equal_ptr(sys_heap_alloc(&heap, bytes_in(4 + 7 * i)), gap[i]);
    }
    zassert_is_null(sys_heap_alloc(&heap, 1));
    zassert_equal(sys_heap_largest_free_block(&heap), 0);
}

ZTEST(heap_alloc, the_smallest_fit_is_taken)
{
    uint8_t *large = take(400);
    uint8_t *keep = take(1);
    uint8_t *small = take(100);

    (void)take(1);
    sys_heap_free(&heap, large);
    sys_heap_free(&heap, small);
    zassert_equal_ptr(take(100), small);
    zassert_equal_ptr(take(90), large);
    sys_heap_free(&heap, keep);
}

ZTEST(heap_alloc, the_top_is_taken_when_it_is_the_tighter_fit)
{
    uint8_t *large = take(1500);
    uint8_t *fence = take(1);

    (void)take(sys_heap_largest_free_block(&heap) - 700);
    sys_heap_free(&heap, large);
    zassert_true(take(500) > fence);
    zassert_equal_ptr(take(500), large, "the top is too small now");
}

ZTEST(heap_alloc, what_a_block_leaves_over_is_free)
{
    fill_heap(bytes_in(40));
    release_all();
    uint8_t *whole = take(capacity);

    sys_heap_free(&heap, whole);
    (void)take(bytes_in(10));
    zassert_equal(sys_heap_largest_free_block(&heap), capacity - 10 * UNIT);
}

ZTEST(heap_alloc, the_largest_free_block_is_the_largest)
{
    size_t largest;

    for (unsigned i = 0; (largest = sys_heap_largest_free_block(&heap)) >= 20 * i; i++) {
        zassert_is_null(sys_heap_alloc(&heap, largest + 1));
        uint8_t *block = take(largest);

        sys_heap_free(&heap, block);
        (void)take(i % 3 == 0 ? 1 : 20 * i);
    }
}
