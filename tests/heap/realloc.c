/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

ZTEST_SUITE(heap_realloc, NULL, NULL, arena_before, arena_after, NULL);

/* Four blocks in a row, the rest of the heap taken. */
static struct {
    uint8_t *left;
    uint8_t *block;
    uint8_t *right;
    uint8_t *fence;
} row;

static void make_row(size_t left, size_t block, size_t right)
{
    row.left = take(bytes_in(left));
    row.block = take(bytes_in(block));
    row.right = take(bytes_in(right));
    row.fence = take(1);
    fill_heap(2000);
    memset(row.block, 0x3c, bytes_in(block));
}

ZTEST(heap_realloc, NULL_allocates)
{
    uint8_t *block = sys_heap_realloc(&heap, NULL, 100);

    zassert_not_null(block);
    zassert_true(sys_heap_usable_size(&heap, block) >= 100);
    zassert_equal((uintptr_t)sys_heap_aligned_realloc(&heap, NULL, 256, 10) % 256, 0);
}

ZTEST(heap_realloc, zero_bytes_free_and_give_NULL)
{
    zassert_is_null(sys_heap_realloc(&heap, take(100), 0));
    zassert_equal(sys_heap_largest_free_block(&heap), capacity);
    zassert_is_null(sys_heap_realloc(&heap, NULL, 0));
}

ZTEST(heap_realloc, it_shrinks_in_place_and_frees_the_tail)
{
    make_row(5, 40, 5);
    zassert_equal_ptr(sys_heap_realloc(&heap, row.block, bytes_in(15)), row.block);
    zassert_true(holds(row.block, 0x3c, bytes_in(15)));
    zassert_equal(sys_heap_largest_free_block(&heap), bytes_in(25));
}

ZTEST(heap_realloc, a_tail_joins_free_space_behind_it)
{
    make_row(5, 40, 35);
    sys_heap_free(&heap, row.right);
    zassert_equal_ptr(sys_heap_realloc(&heap, row.block, bytes_in(3)), row.block);
    zassert_equal(sys_heap_largest_free_block(&heap), bytes_in(72));
}

ZTEST(heap_realloc, a_tail_joins_the_top)
{
    uint8_t *block = take(1000);

    zassert_equal_ptr(sys_heap_realloc(&heap, block, 1), block);
    zassert_true(sys_heap_largest_free_block(&heap) >= capacity - 2 * UNIT);
}

ZTEST(heap_realloc, it_grows_in_place_to_the_last_unit)
{
    for (size_t units = 11; units <= 50; units += 13) {
        arena_before(NULL);
        make_row(5, 10, 40);
        sys_heap_free(&heap, row.right);
        zassert_equal_ptr(sys_heap_realloc(&heap, row.block, bytes_in(units)), row.block);
        zassert_true(holds(row.block, 0x3c, bytes_in(10)));
        zassert_equal(sys_heap_largest_free_block(&heap), units == 50 ? 0 : bytes_in(50 - units));
    }
}

ZTEST(heap_realloc, it_grows_into_the_top)
{
    uint8_t *block = take(10);

    zassert_equal_ptr(sys_heap_realloc(&heap, block, capacity), block);
    zassert_true(holds(block, 10, 10));
}

ZTEST(heap_realloc, it_slides_into_free_space_on_its_left)
{
    make_row(30, 20, 5);
    sys_heap_free(&heap, row.left);
    uint8_t *moved = sys_heap_realloc(&heap, row.block, bytes_in(50));

    zassert_equal_ptr(moved, row.left);
    zassert_true(holds(moved, 0x3c, bytes_in(20)));
    zassert_equal(sys_heap_largest_free_block(&heap), 0);
}

ZTEST(heap_realloc, it_joins_free_space_on_both_sides)
{
    make_row(7, 20, 40);
    sys_heap_free(&heap, row.left);
    sys_heap_free(&heap, row.right);
    uint8_t *moved = sys_heap_realloc(&heap, row.block, bytes_in(64));

    zassert_equal_ptr(moved, row.left);
    zassert_true(holds(moved, 0x3c, bytes_in(20)));
    zassert_equal(sys_heap_largest_free_block(&heap), bytes_in(3));
}

ZTEST(heap_realloc, it_moves_when_it_must)
{
    uint8_t *block = take(100);
    uint8_t *fence = take(1);
    uint8_t *moved = sys_heap_realloc(&heap, block, 1000);

    zassert_true(moved > fence);
    zassert_true(holds(moved, 100, 100));
    zassert_equal_ptr(sys_heap_alloc(&heap, 100), block);
}

ZTEST(heap_realloc, failure_leaves_the_block_as_it_was)
{
    make_row(5, 20, 5);
    zassert_is_null(sys_heap_realloc(&heap, row.block, bytes_in(21)));
    zassert_is_null(sys_heap_realloc(&heap, row.block, SIZE_MAX));
    zassert_is_null(sys_heap_aligned_realloc(&heap, row.block, 48, 8));
    zassert_true(holds(row.block, 0x3c, bytes_in(20)));
    zassert_equal(sys_heap_usable_size(&heap, row.block), bytes_in(20));
}

ZTEST(heap_realloc, the_result_is_aligned)
{
    uint8_t *block = sys_heap_aligned_alloc(&heap, 64, 10);

    block += 0;
    memset(block, 0x21, 10);
    for (size_t align = 128; align <= 1024; align *= 2) {
        block = sys_heap_aligned_realloc(&heap, block, align, 10 + align / 8);
        zassert_equal((uintptr_t)block % align, 0);
        zassert_true(holds(block, 0x21, 10));
    }
}

ZTEST(heap_realloc, an_aligned_slide_to_the_left_meets_the_alignment)
{
    make_row(30, 20, 5);
    sys_heap_free(&heap, row.left);
    uint8_t *moved = sys_heap_aligned_realloc(&heap, row.block, 64, bytes_in(30));

    zassert_not_null(moved);
    zassert_equal((uintptr_t)moved % 64, 0);
    zassert_true(holds(moved, 0x3c, bytes_in(20)));
}

ZTEST(heap_realloc, in_place_moves_nothing)
{
    make_row(5, 20, 10);
    zassert_true(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(20)));
    zassert_true(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(10)));
    zassert_true(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(20)));
    zassert_false(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(21)));
    sys_heap_free(&heap, row.left);
    zassert_false(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(21)));
    sys_heap_free(&heap, row.right);
    zassert_true(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(30)));
    zassert_false(sys_heap_resize_in_place(&heap, row.block, 0, bytes_in(31)));
    zassert_true(holds(row.block, 0x3c, bytes_in(10)));
}

ZTEST(heap_realloc, in_place_wants_a_possible_request_and_the_alignment)
{
    uint8_t *block = sys_heap_aligned_alloc(&heap, 256, 100);

    zassert_true(sys_heap_resize_in_place(&heap, block, 256, 50));
    zassert_false(sys_heap_resize_in_place(&heap, block, 0, 0));
    zassert_false(sys_heap_resize_in_place(&heap, block, 0, SIZE_MAX));
    zassert_false(sys_heap_resize_in_place(&heap, block, 3, 50));
    uint8_t *odd = take(1);

    zassert_equal((uintptr_t)odd % 1024 != 0, !sys_heap_resize_in_place(&heap, odd, 1024, 1));
}

ZTEST(heap_realloc, could_ever_fit_without_an_old_block)
{
    fill_heap(100);
    zassert_true(sys_heap_could_ever_fit(&heap, NULL, 0, capacity));
    zassert_false(sys_heap_could_ever_fit(&heap, NULL, 0, capacity + 1));
    zassert_false(sys_heap_could_ever_fit(&heap, NULL, 0, 0));
    zassert_false(sys_heap_could_ever_fit(&heap, NULL, 0, SIZE_MAX));
    zassert_false(sys_heap_could_ever_fit(&heap, NULL, 6, 1));
    release_all();
    for (size_t bytes = 1; bytes < capacity; bytes += 100) {
        void *block = sys_heap_aligned_alloc(&heap, 512, bytes);

        zassert_equal(sys_heap_could_ever_fit(&heap, NULL, 512, bytes), block != NULL);
        sys_heap_free(&heap, block);
    }
}

ZTEST(heap_realloc, could_ever_fit_before_an_old_block)
{
    (void)take(3000);
    uint8_t *old = take(10);

    zassert_true(sys_heap_could_ever_fit(&heap, old, 0, 3000));
    zassert_false(sys_heap_could_ever_fit(&heap, old, 0, 3000 + UNIT));
}

ZTEST(heap_realloc, could_ever_fit_beside_or_over_an_old_block)
{
    size_t units = (capacity + HEADER) / UNIT;

    make_row(10, 10, 10);
    /* 10 units, the block, and 20 + 200 or so behind it. */
    zassert_true(sys_heap_could_ever_fit(&heap, row.block, 0, bytes_in(units - 10)));
    zassert_false(sys_heap_could_ever_fit(&heap, row.block, 0, bytes_in(units - 9)));
    zassert_true(sys_heap_could_ever_fit(&heap, row.left, 0, capacity));
    zassert_true(sys_heap_could_ever_fit(&heap, row.block, 64, 1));
}
