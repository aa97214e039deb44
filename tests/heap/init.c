/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

ZTEST_SUITE(heap_init, NULL, NULL, arena_before, arena_after, NULL);

ZTEST(heap_init, before_init_there_is_nothing)
{
    struct sys_heap none = {0};
    struct heap_walk walk;

    zassert_equal(sys_heap_capacity(&none), 0);
    zassert_equal(sys_heap_largest_free_block(&none), 0);
    zassert_false(sys_heap_validate(&none));
    heap_walk_start(&walk, &none);
    zassert_false(heap_walk_next(&walk));
}

ZTEST(heap_init, init_remembers_its_buffer)
{
    zassert_equal_ptr(heap.init_mem, arena());
    zassert_equal(heap.init_bytes, ARENA_BYTES);
    zassert_not_null(heap.heap);
}

ZTEST(heap_init, the_smallest_heap_holds_one_byte)
{
    sys_heap_init(&heap, arena(), Z_HEAP_MIN_SIZE);
    zassert_true(sys_heap_capacity(&heap) >= 1);
    zassert_not_null(sys_heap_alloc(&heap, 1));
    zassert_is_null(sys_heap_alloc(&heap, 1));
}

ZTEST(heap_init, a_smaller_buffer_halts_with_H1)
{
    ztest_expect_invariant("H1");
    sys_heap_init(&heap, arena(), Z_HEAP_MIN_SIZE - 1);
}

ZTEST(heap_init, a_buffer_lost_to_alignment_halts_with_H1)
{
    ztest_expect_invariant("H1");
    sys_heap_init(&heap, arena() + 1, Z_HEAP_MIN_SIZE + 6);
}

ZTEST(heap_init, an_empty_buffer_halts_with_H1)
{
    ztest_expect_invariant("H1");
    sys_heap_init(&heap, arena() + 1, 0);
}

ZTEST(heap_init, any_address_will_do)
{
    for (unsigned offset = 0; offset < 16; offset++) {
        sys_heap_init(&heap, arena() + offset, 1000);
        zassert_equal(sys_heap_capacity(&heap), Z_HEAP_CAPACITY(1000 - (8 - offset % 8) % 8));
        uint8_t *block = take(sys_heap_capacity(&heap));

        zassert_true(block >= arena() + offset);
        zassert_true(block + sys_heap_capacity(&heap) <= arena() + offset + 1000);
    }
}

ZTEST(heap_init, it_writes_nothing_outside_its_buffer)
{
    for (unsigned offset = 0; offset < 8; offset++) {
        memset(arena() - 64, 0x77, ARENA_BYTES);
        sys_heap_init(&heap, arena() + offset, 500 + offset);
        fill_heap(17);
        release_all();
        zassert_true(holds(arena() - 64, 0x77, 64 + offset));
        zassert_true(holds(arena() + 500 + 2 * offset, 0x77, 1000));
    }
}

ZTEST(heap_init, blocks_of_a_former_life_are_forgotten)
{
    fill_heap(40);
    sys_heap_init(&heap, arena(), ARENA_BYTES);
    zassert_not_null(sys_heap_alloc(&heap, capacity));
}

ZTEST(heap_init, min_size_for_is_exact)
{
    for (size_t bytes = 1; bytes < 3000; bytes += 1 + bytes / 100) {
        sys_heap_init(&heap, arena(), Z_HEAP_MIN_SIZE_FOR(bytes));
        zassert_true(sys_heap_capacity(&heap) >= bytes, "%zu", bytes);
        zassert_not_null(sys_heap_alloc(&heap, bytes), "%zu", bytes);
        zassert_true(Z_HEAP_CAPACITY(Z_HEAP_MIN_SIZE_FOR(bytes) - 1) < bytes, "%zu", bytes);
    }
}

ZTEST(heap_init, min_size_for_and_capacity_are_inverse_at_every_size)
{
    for (size_t bytes = 1; bytes < SYS_HEAP_MAX_BYTES - 4096 && bytes < 200000; bytes += 3) {
        zassert_true(Z_HEAP_CAPACITY(Z_HEAP_MIN_SIZE_FOR(bytes)) >= bytes, "%zu", bytes);
        zassert_true(Z_HEAP_CAPACITY(Z_HEAP_MIN_SIZE_FOR(bytes) - 1) < bytes, "%zu", bytes);
    }
}

ZTEST(heap_init, capacity_is_the_largest_block)
{
    for (size_t bytes = Z_HEAP_MIN_SIZE; bytes <= ARENA_BYTES; bytes += 1 + bytes / 50) {
        sys_heap_init(&heap, arena(), bytes);
        zassert_equal(sys_heap_capacity(&heap), Z_HEAP_CAPACITY(bytes), "%zu", bytes);
        zassert_is_null(sys_heap_alloc(&heap, sys_heap_capacity(&heap) + 1), "%zu", bytes);
        zassert_not_null(sys_heap_alloc(&heap, sys_heap_capacity(&heap)), "%zu", bytes);
    }
}

ZTEST(heap_init, capacity_of_too_little_is_0)
{
    zassert_equal(Z_HEAP_CAPACITY(Z_HEAP_MIN_SIZE - 1), 0);
    zassert_equal(Z_HEAP_CAPACITY(0), 0);
}

static uint8_t large[300000] __aligned(8);

#if HEAP_REACH_UNITS == HEAP_SMALL_MAX_UNITS

ZTEST(heap_init, what_a_buffer_has_beyond_the_reach_is_not_used)
{
    memset(large + SYS_HEAP_MAX_BYTES + 8, 0x44, sizeof(large) - SYS_HEAP_MAX_BYTES - 8);
    sys_heap_init(&heap, large, sizeof(large));
    zassert_not_null(sys_heap_alloc(&heap, sys_heap_capacity(&heap)));
    zassert_true(sys_heap_capacity(&heap) < SYS_HEAP_MAX_BYTES);
    zassert_true(
        holds(large + SYS_HEAP_MAX_BYTES + 8, 0x44, sizeof(large) - SYS_HEAP_MAX_BYTES - 8));
}

#else

ZTEST(heap_init, a_large_buffer_is_used_to_its_end)
{
    sys_heap_init(&heap, large, sizeof(large));
    zassert_equal(sys_heap_capacity(&heap), Z_HEAP_CAPACITY(sizeof(large)));
    zassert_true(sys_heap_capacity(&heap) > sizeof(large) - 400);
    void *block = sys_heap_alloc(&heap, sys_heap_capacity(&heap));

    zassert_not_null(block);
    memset(block, 0x44, sys_heap_capacity(&heap));
    zassert_true(sys_heap_validate(&heap));
    sys_heap_free(&heap, block);
}

#endif

#ifdef CONFIG_SYS_HEAP_AUTO

/* From the start of a one-byte block to that of the next. */
static size_t least_distance(size_t heap_bytes)
{
    sys_heap_init(&heap, large, heap_bytes);
    zassert_equal(sys_heap_capacity(&heap), Z_HEAP_CAPACITY(heap_bytes));
    uint8_t *first = sys_heap_alloc(&heap, 1);
    uint8_t *second = sys_heap_alloc(&heap, 1);

    zassert_true(sys_heap_validate(&heap));
    sys_heap_free(&heap, first);
    sys_heap_free(&heap, second);
    zassert_equal(sys_heap_largest_free_block(&heap), sys_heap_capacity(&heap));
    return (size_t)(second - first);
}

ZTEST(heap_init, the_layout_follows_the_size)
{
    zassert_equal(least_distance(1000), 8);
    zassert_equal(least_distance(HEAP_SMALL_REACH), 8);
    zassert_equal(least_distance(HEAP_SMALL_REACH + 1), 16);
    zassert_equal(least_distance(sizeof(large)), 16);
}

ZTEST(heap_init, min_size_for_passes_from_layout_to_layout)
{
    size_t most = Z_HEAP_CAPACITY(HEAP_SMALL_REACH);

    zassert_equal(Z_HEAP_MIN_SIZE_FOR(most), HEAP_SMALL_REACH);
    zassert_true(Z_HEAP_MIN_SIZE_FOR(most + 1) > HEAP_SMALL_REACH);
    sys_heap_init(&heap, large, Z_HEAP_MIN_SIZE_FOR(most + 1));
    zassert_true(sys_heap_capacity(&heap) >= most + 1);
}

#endif
