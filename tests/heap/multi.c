/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#define PART 1024

static struct sys_multi_heap multi;
static struct sys_heap part[MAX_MULTI_HEAPS + 1];
static int tags[2] = {11, 22};

/* Heap `*cfg`, or the first that can if there is no cfg. */
static void *choose(struct sys_multi_heap *mheap, void *cfg, size_t align, size_t size)
{
    if (cfg != NULL) {
        return sys_heap_aligned_alloc(&part[*(int *)cfg], align, size);
    }
    for (unsigned i = 0; i < mheap->nheaps; i++) {
        void *block = sys_heap_aligned_alloc(mheap->heaps[i].heap, align, size);

        if (block != NULL) {
            return block;
        }
    }
    return NULL;
}

/* Two heaps, added in the wrong order, with a hole between them. */
static void multi_before(void *fixture)
{
    arena_before(fixture);
    sys_heap_init(&part[0], arena(), PART);
    sys_heap_init(&part[1], arena() + 2 * PART, PART);
    sys_multi_heap_init(&multi, choose);
    sys_multi_heap_add_heap(&multi, &part[1], &tags[1]);
    sys_multi_heap_add_heap(&multi, &part[0], &tags[0]);
}

static void multi_after(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_true(sys_heap_validate(&part[0]));
    zassert_true(sys_heap_validate(&part[1]));
}

ZTEST_SUITE(heap_multi, NULL, NULL, multi_before, multi_after, NULL);

ZTEST(heap_multi, init_makes_it_empty)
{
    sys_multi_heap_init(&multi, choose);
    zassert_equal(multi.nheaps, 0);
    zassert_is_null(sys_multi_heap_alloc(&multi, NULL, 1));
    zassert_is_null(sys_multi_heap_get_heap(&multi, arena()));
}

ZTEST(heap_multi, heaps_are_kept_by_address)
{
    zassert_equal(multi.nheaps, 2);
    zassert_equal_ptr(multi.heaps[0].heap, &part[0]);
    zassert_equal_ptr(multi.heaps[1].heap, &part[1]);
}

ZTEST(heap_multi, the_ninth_heap_halts_with_H9)
{
    for (unsigned i = 2; i < MAX_MULTI_HEAPS; i++) {
        sys_heap_init(&part[i], arena() + 3 * PART, PART);
        sys_multi_heap_add_heap(&multi, &part[i], NULL);
    }
    sys_heap_init(&part[MAX_MULTI_HEAPS], arena() + 3 * PART, PART);
    ztest_expect_invariant("H9");
    sys_multi_heap_add_heap(&multi, &part[MAX_MULTI_HEAPS], NULL);
}

ZTEST(heap_multi, the_choice_function_decides)
{
    int second = 1;
    uint8_t *block = sys_multi_heap_alloc(&multi, &second, 10);

    zassert_true(block >= arena() + 2 * PART);
    block = sys_multi_heap_alloc(&multi, NULL, 10);
    zassert_true(block < arena() + PART);
    block = sys_multi_heap_aligned_alloc(&multi, &second, 128, 10);
    zassert_equal((uintptr_t)block % 128, 0);
}

ZTEST(heap_multi, get_heap_finds_the_heap_and_its_data)
{
    int second = 1;
    void *block = sys_multi_heap_alloc(&multi, &second, 10);
    const struct sys_multi_heap_rec *rec = sys_multi_heap_get_heap(&multi, block);

    zassert_equal_ptr(rec->heap, &part[1]);
    zassert_equal_ptr(rec->user_data, &tags[1]);
    zassert_equal_ptr(sys_multi_heap_get_heap(&multi, arena())->heap, &part[0]);
    zassert_equal_ptr(sys_multi_heap_get_heap(&multi, arena() + PART - 1)->heap, &part[0]);
}

ZTEST(heap_multi, get_heap_gives_NULL_for_an_address_in_no_heap)
{
    zassert_is_null(sys_multi_heap_get_heap(&multi, arena() - 1));
    zassert_is_null(sys_multi_heap_get_heap(&multi, arena() + PART));
    zassert_is_null(sys_multi_heap_get_heap(&multi, arena() + 2 * PART - 1));
    zassert_is_null(sys_multi_heap_get_heap(&multi, arena() + 3 * PART));
    zassert_is_null(sys_multi_heap_get_heap(&multi, NULL));
}

ZTEST(heap_multi, free_gives_the_block_to_its_heap)
{
    int second = 1;
    size_t before = sys_heap_largest_free_block(&part[1]);

    sys_multi_heap_free(&multi, sys_multi_heap_alloc(&multi, &second, 100));
    zassert_equal(sys_heap_largest_free_block(&part[1]), before);
    sys_multi_heap_free(&multi, NULL);
}

ZTEST(heap_multi, freeing_what_is_in_no_heap_halts_with_H8)
{
    ztest_expect_invariant("H8");
    sys_multi_heap_free(&multi, arena() + PART + 64);
}

ZTEST(heap_multi, realloc_of_what_is_in_no_heap_halts_with_H8)
{
    ztest_expect_invariant("H8");
    zassert_is_null(sys_multi_heap_realloc(&multi, NULL, arena() + PART + 64, 10), "not reached");
}

ZTEST(heap_multi, realloc_of_NULL_allocates_and_to_0_frees)
{
    size_t before = sys_heap_largest_free_block(&part[0]);
    uint8_t *block = sys_multi_heap_realloc(&multi, NULL, NULL, 100);

    zassert_not_null(block);
    zassert_is_null(sys_multi_heap_realloc(&multi, NULL, block, 0));
    zassert_equal(sys_heap_largest_free_block(&part[0]), before);
}

ZTEST(heap_multi, realloc_prefers_the_blocks_own_heap)
{
    int second = 1;
    uint8_t *block = sys_multi_heap_alloc(&multi, &second, 100);

    block = sys_multi_heap_realloc(&multi, NULL, block, 300);
    zassert_true(block >= arena() + 2 * PART);
}

ZTEST(heap_multi, realloc_moves_to_another_heap_when_its_own_is_full)
{
    uint8_t *block = sys_multi_heap_alloc(&multi, NULL, 100);

    zassert_not_null(sys_heap_alloc(&part[0], sys_heap_largest_free_block(&part[0])));
    memset(block, 0x66, 100);
    block = sys_multi_heap_aligned_realloc(&multi, NULL, block, 64, 400);
    zassert_true(block >= arena() + 2 * PART);
    zassert_equal((uintptr_t)block % 64, 0);
    zassert_true(holds(block, 0x66, 100));
    zassert_not_null(sys_heap_alloc(&part[0], 100), "the old block is free");
}

ZTEST(heap_multi, realloc_that_fails_leaves_the_block)
{
    uint8_t *block = sys_multi_heap_alloc(&multi, NULL, 100);

    memset(block, 0x66, 100);
    zassert_is_null(sys_multi_heap_realloc(&multi, NULL, block, 4 * PART));
    zassert_true(holds(block, 0x66, 100));
    sys_multi_heap_free(&multi, block);
}
