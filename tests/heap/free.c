/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

static uint8_t before[ARENA_BYTES];
static bool halt_expected;

static void free_before(void *fixture)
{
    halt_expected = false;
    arena_before(fixture);
}

/* Nothing was written before the halt. */
static void free_after(void *fixture)
{
    ARG_UNUSED(fixture);
    if (halt_expected) {
        zassert_mem_equal(before, arena(), sizeof(before));
    } else {
        zassert_true(sys_heap_validate(&heap));
    }
}

ZTEST_SUITE(heap_free, NULL, NULL, free_before, free_after, NULL);

ZTEST(heap_free, NULL_does_nothing)
{
    sys_heap_free(&heap, NULL);
    zassert_equal(sys_heap_largest_free_block(&heap), capacity);
}

ZTEST(heap_free, neighbours_are_joined_in_any_order)
{
    static const uint8_t order[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (unsigned i = 0; i < 6; i++) {
        for (size_t bytes = 20; bytes < 1000; bytes += 120) {
            uint8_t *block[3] = {take(bytes), take(bytes), take(bytes)};
            uint8_t *last = take(1);

            for (unsigned j = 0; j < 3; j++) {
                sys_heap_free(&heap, block[order[i][j]]);
                zassert_true(sys_heap_validate(&heap));
            }
            fill_heap(2000);
            zassert_equal_ptr(sys_heap_alloc(&heap, 1), NULL);
            release_all();
            sys_heap_free(&heap, last);
            zassert_equal(sys_heap_largest_free_block(&heap), capacity);
        }
    }
}

ZTEST(heap_free, everything_freed_is_one_chunk)
{
    fill_heap(33);
    release_all();
    zassert_equal(sys_heap_largest_free_block(&heap), capacity);
}

static void expect_halt(const char *invariant)
{
    memcpy(before, arena(), sizeof(before));
    halt_expected = true;
    ztest_expect_invariant(invariant);
}

static void free_expecting(void *mem, const char *invariant)
{
    expect_halt(invariant);
    sys_heap_free(&heap, mem);
}

ZTEST(heap_free, freed_twice_halts_with_H2)
{
    uint8_t *block = take(40);

    (void)take(40);
    sys_heap_free(&heap, block);
    free_expecting(block, "H2");
}

ZTEST(heap_free, freed_twice_into_the_top_halts_with_H2)
{
    uint8_t *block = take(40);

    sys_heap_free(&heap, block);
    free_expecting(block, "H2");
}

ZTEST(heap_free, freed_twice_after_a_merge_to_the_left_halts_with_H2)
{
    uint8_t *left = take(40);
    uint8_t *block = take(40);

    (void)take(40);
    sys_heap_free(&heap, left);
    sys_heap_free(&heap, block);
    free_expecting(block, "H2");
}

ZTEST(heap_free, freed_twice_after_a_merge_to_a_large_left_halts_with_H2)
{
    uint8_t *left = take(700);
    uint8_t *block = take(40);

    (void)take(40);
    sys_heap_free(&heap, left);
    sys_heap_free(&heap, block);
    free_expecting(block, "H2");
}

ZTEST(heap_free, freed_twice_after_a_merge_to_the_right_halts_with_H2)
{
    uint8_t *block = take(40);
    uint8_t *right = take(40);

    (void)take(40);
    sys_heap_free(&heap, right);
    sys_heap_free(&heap, block);
    free_expecting(right, "H2");
}

ZTEST(heap_free, freed_twice_after_a_merge_on_both_sides_halts_with_H2)
{
    uint8_t *left = take(400);
    uint8_t *block = take(40);
    uint8_t *right = take(400);

    (void)take(40);
    sys_heap_free(&heap, left);
    sys_heap_free(&heap, right);
    sys_heap_free(&heap, block);
    free_expecting(block, "H2");
}

ZTEST(heap_free, freed_twice_when_large_halts_with_H2)
{
    uint8_t *block = take(700);

    (void)take(40);
    sys_heap_free(&heap, block);
    free_expecting(block, "H2");
}

ZTEST(heap_free, an_address_before_the_heap_halts_with_H4)
{
    (void)take(40);
    free_expecting(arena() - 256, "H4");
}

ZTEST(heap_free, an_address_behind_the_heap_halts_with_H4)
{
    (void)take(40);
    free_expecting(arena() + ARENA_BYTES + 256, "H4");
}

ZTEST(heap_free, a_block_of_another_heap_halts_with_H4)
{
    static uint8_t other_memory[1024] __aligned(8);
    struct sys_heap other;
    void *block;

    sys_heap_init(&other, other_memory, sizeof(other_memory));
    block = sys_heap_alloc(&other, 40);
    zassert_not_null(sys_heap_alloc(&other, 40));
    free_expecting(block, "H4");
}

ZTEST(heap_free, the_control_block_halts_with_H4)
{
    (void)take(40);
    free_expecting(heap.heap, "H4");
}

ZTEST(heap_free, an_address_in_the_control_block_halts)
{
    (void)take(40);
    free_expecting((uint8_t *)heap.heap + 2 * UNIT, "H4");
}

ZTEST(heap_free, a_misaligned_address_halts_with_H4)
{
    free_expecting(take(40) + UNIT / 2, "H4");
}

ZTEST(heap_free, an_address_inside_a_block_halts)
{
    uint8_t *block = take(80);

    memset(block, 0, 80);
    (void)take(40);
    free_expecting(block + 2 * UNIT, "H3");
}

ZTEST(heap_free, a_header_overrun_halts_with_H3)
{
    uint8_t *block = take(bytes_in(6));

    (void)take(40);
    block[bytes_in(6)] ^= 0xff;
    free_expecting(block, "H3");
}

ZTEST(heap_free, a_zeroed_header_halts_with_H3)
{
    (void)take(bytes_in(6));
    uint8_t *victim = take(40);

    (void)take(40);
    memset(victim - HEAP_HEADER_BYTES, 0, HEAP_HEADER_BYTES);
    free_expecting(victim, "H3");
}

static void free_with_a_left_neighbour_that_disagrees(size_t bytes)
{
    uint8_t *first = take(bytes_in(3));
    uint8_t *left = take(bytes_in(6));
    uint8_t *block = take(bytes);

    (void)take(40);
    sys_heap_free(&heap, left);
    /* The block's header says that its left neighbour begins where `first` begins; that is marked
     * free, with another length. */
    write_field(block - HEAP_HEADER_BYTES, 6 + 3);
    write_field(first - HEAP_HEADER_BYTES + HEAP_LINK_BYTES, 4);
    free_expecting(block, "H5");
}

ZTEST(heap_free, a_left_neighbour_that_disagrees_halts_with_H5)
{
    free_with_a_left_neighbour_that_disagrees(40);
}

ZTEST(heap_free, a_left_neighbour_of_a_large_block_that_disagrees_halts_with_H5)
{
    free_with_a_left_neighbour_that_disagrees(700);
}

ZTEST(heap_free, an_overrun_of_a_large_block_halts_with_H3)
{
    uint8_t *block = take(bytes_in(80));

    (void)take(40);
    block[bytes_in(80)] ^= 0xff;
    free_expecting(block, "H3");
}

ZTEST(heap_free, a_heap_that_never_was_halts_with_H1)
{
    static struct sys_heap none;

    void *block = take(40);

    sys_heap_free(&none, NULL);
    expect_halt("H1");
    sys_heap_free(&none, block);
}

ZTEST(heap_free, usable_size_of_a_heap_that_never_was_halts_with_H1)
{
    static struct sys_heap none;

    void *block = take(40);

    expect_halt("H1");
    zassert_equal(sys_heap_usable_size(&none, block), 0, "not reached");
}

ZTEST(heap_free, usable_size_and_realloc_check_too)
{
    uint8_t *block = take(40);

    (void)take(40);
    sys_heap_free(&heap, block);
    expect_halt("H2");
    zassert_equal(sys_heap_usable_size(&heap, block), 0, "not reached");
}

ZTEST(heap_free, realloc_of_a_freed_block_halts_with_H2)
{
    uint8_t *block = take(40);

    (void)take(40);
    sys_heap_free(&heap, block);
    expect_halt("H2");
    zassert_is_null(sys_heap_realloc(&heap, block, 80), "not reached");
}
