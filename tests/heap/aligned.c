/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

ZTEST_SUITE(heap_aligned, NULL, NULL, arena_before, arena_after, NULL);

ZTEST(heap_aligned, every_power_of_two_is_met)
{
    for (size_t align = 1; align <= 1024; align *= 2) {
        for (size_t bytes = 1; bytes < 300; bytes += 37) {
            uint8_t *block = sys_heap_aligned_alloc(&heap, align, bytes);

            zassert_not_null(block);
            zassert_equal((uintptr_t)block % align, 0);
            memset(block, 0x11, bytes);
            zassert_true(sys_heap_validate(&heap));
            sys_heap_free(&heap, block);
        }
    }
}

ZTEST(heap_aligned, what_is_no_power_of_two_gives_NULL)
{
    static const size_t wrong[] = {3, 5, 6, 7, 12, 24, 96, 100, SIZE_MAX};

    for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
        zassert_is_null(sys_heap_aligned_alloc(&heap, wrong[i], 8));
    }
}

ZTEST(heap_aligned, zero_stands_for_the_default)
{
    uint8_t *block = sys_heap_aligned_alloc(&heap, 0, 10);

    zassert_equal((uintptr_t)block % SYS_HEAP_DEFAULT_ALIGN, 0);
}

ZTEST(heap_aligned, at_the_default_it_is_exact)
{
    zassert_not_null(sys_heap_aligned_alloc(&heap, SYS_HEAP_DEFAULT_ALIGN, capacity));
}

ZTEST(heap_aligned, a_chunk_for_any_position_is_enough)
{
    for (size_t align = 2 * UNIT; align <= 512; align *= 2) {
        for (unsigned shift = 0; shift < align / UNIT; shift++) {
            arena_before(NULL);
            if (shift != 0) {
                (void)take(MAX(bytes_in(shift), 1));
            }
            uint8_t *gap = take(bytes_in(9) + align - UNIT);

            (void)take(1);
            fill_heap(300);
            sys_heap_free(&heap, gap);
            zassert_not_null(sys_heap_aligned_alloc(&heap, align, bytes_in(9)), "%zu %u", align,
                             shift);
        }
    }
}

ZTEST(heap_aligned, a_smaller_chunk_may_have_room_at_the_right_place)
{
    uint8_t *gap = sys_heap_aligned_alloc(&heap, 64, bytes_in(9));

    (void)take(1);
    fill_heap(100);
    sys_heap_free(&heap, gap);
    zassert_equal_ptr(sys_heap_aligned_alloc(&heap, 64, bytes_in(9)), gap);
}

ZTEST(heap_aligned, room_before_and_behind_the_block_stays_free)
{
    size_t free_bytes = capacity;
    uint8_t *block = sys_heap_aligned_alloc(&heap, 1024, bytes_in(8));
    struct heap_walk walk;
    size_t seen = 0;

    heap_walk_start(&walk, &heap);
    while (heap_walk_next(&walk)) {
        seen += walk.used ? 0 : walk.chunk_bytes;
    }
    zassert_equal(seen, free_bytes + HEADER - 8 * UNIT);
    sys_heap_free(&heap, block);
    zassert_equal(sys_heap_largest_free_block(&heap), capacity);
}

ZTEST(heap_aligned, usable_size_of_an_aligned_block)
{
    uint8_t *block = sys_heap_aligned_alloc(&heap, 128, 100);

    zassert_between_inclusive(sys_heap_usable_size(&heap, block), 100, 100 + UNIT);
}
