/* SPDX-License-Identifier: Apache-2.0 */
/* lib/: lists, sections, arithmetic. */
#include "../../lib/atomic.h"
#include "../../lib/dlist.h"
#include "../../lib/section.h"
#include "../ztest/ztest.h"

static sys_dlist_t list;
static sys_dnode_t node[4];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    sys_dlist_init(&list);
    for (unsigned i = 0; i < ARRAY_SIZE(node); i++) {
        sys_dnode_init(&node[i]);
    }
}

ZTEST_SUITE(dlist, NULL, NULL, before, NULL, NULL);

/* The indices of the list's nodes as a number, walked forwards and backwards: 0, 2 is 13. */
static unsigned content(void)
{
    unsigned forwards = 0;
    unsigned backwards = 0;
    unsigned weight = 1;
    sys_dnode_t *each;

    SYS_DLIST_FOR_EACH_NODE (&list, each) {
        forwards = forwards * 10 + (unsigned)(each - node) + 1;
    }
    for (each = list.prev; each != &list; each = each->prev) {
        backwards += ((unsigned)(each - node) + 1) * weight;
        weight *= 10;
    }
    zassert_equal(forwards, backwards, "%u forwards, %u backwards", forwards, backwards);
    return forwards;
}

ZTEST(dlist, empty)
{
    static sys_dlist_t constant = SYS_DLIST_STATIC_INIT(&constant);

    zassert_true(sys_dlist_is_empty(&list));
    zassert_true(sys_dlist_is_empty(&constant));
    zassert_is_null(sys_dlist_peek_head(&list));
    zassert_is_null(sys_dlist_get(&list));
    zassert_equal(content(), 0);
}

ZTEST(dlist, append_prepend_insert)
{
    sys_dlist_append(&list, &node[1]);
    sys_dlist_append(&list, &node[2]);
    zassert_equal(content(), 23);
    sys_dlist_prepend(&list, &node[0]);
    zassert_equal(content(), 123);
    sys_dlist_insert(&node[1], &node[3]);
    zassert_equal(content(), 1423);
    zassert_false(sys_dlist_is_empty(&list));
    zassert_equal_ptr(sys_dlist_peek_head(&list), &node[0]);
    zassert_equal_ptr(sys_dlist_peek_next(&list, &node[0]), &node[3]);
    zassert_is_null(sys_dlist_peek_next(&list, &node[2]));
}

ZTEST(dlist, remove_from_each_place)
{
    for (unsigned i = 0; i < 4; i++) {
        sys_dlist_append(&list, &node[i]);
    }
    zassert_true(sys_dnode_is_linked(&node[1]));
    sys_dlist_remove(&node[1]);
    zassert_false(sys_dnode_is_linked(&node[1]));
    zassert_equal(content(), 134);
    sys_dlist_remove(&node[0]);
    zassert_equal(content(), 34);
    sys_dlist_remove(&node[3]);
    zassert_equal(content(), 3);
    zassert_equal_ptr(sys_dlist_get(&list), &node[2]);
    zassert_true(sys_dlist_is_empty(&list));
}

ZTEST(dlist, safe_walk_may_remove)
{
    sys_dnode_t *each;
    sys_dnode_t *following;

    for (unsigned i = 0; i < 4; i++) {
        sys_dlist_append(&list, &node[i]);
    }
    SYS_DLIST_FOR_EACH_NODE_SAFE (&list, each, following) {
        if (each != &node[2]) {
            sys_dlist_remove(each);
        }
    }
    zassert_equal(content(), 3);
}

struct numbered {
    int number;
    sys_dnode_t link;
};

ZTEST_SUITE(util, NULL, NULL, NULL, NULL, NULL);

ZTEST(util, container_of)
{
    struct numbered object = {.number = 7};

    zassert_equal(CONTAINER_OF(&object.link, struct numbered, link)->number, 7);
}

ZTEST(util, rounding)
{
    zassert_equal(ROUND_UP(0, 8), 0);
    zassert_equal(ROUND_UP(1, 8), 8);
    zassert_equal(ROUND_UP(8, 8), 8);
    zassert_equal(ROUND_DOWN(15, 8), 8);
    zassert_equal(DIV_ROUND_UP(9, 4), 3);
    zassert_equal(DIV_ROUND_UP(8, 4), 2);
    zassert_equal(KB(4), 4096);
    zassert_equal(BIT_MASK(5), 31);
    zassert_equal(CLAMP(5, 6, 9), 6);
    zassert_equal(CLAMP(10, 6, 9), 9);
    zassert_equal(CLAMP(7, 6, 9), 7);
}

ZTEST(util, powers_of_two)
{
    zassert_false(is_power_of_two(0));
    zassert_true(is_power_of_two(1));
    zassert_true(is_power_of_two(64));
    zassert_false(is_power_of_two(65));
}

ZTEST(util, overflow_is_told)
{
    size_t result = 0;

    zassert_false(size_mul_overflow(SIZE_MAX / 2, 2, &result));
    zassert_equal(result, SIZE_MAX - 1);
    zassert_true(size_mul_overflow(SIZE_MAX / 2 + 1, 2, &result));
    zassert_false(size_add_overflow(SIZE_MAX - 1, 1, &result));
    zassert_equal(result, SIZE_MAX);
    zassert_true(size_add_overflow(SIZE_MAX, 1, &result));
}

ZTEST(util, leading_zeros)
{
    zassert_equal(u32_count_leading_zeros(0), 32);
    zassert_equal(u32_count_leading_zeros(1), 31);
    zassert_equal(u32_count_leading_zeros(UINT32_MAX), 0);
}

#define MARKED_YES 1

ZTEST(util, is_enabled)
{
    zassert_equal(IS_ENABLED(MARKED_YES), 1);
    zassert_equal(IS_ENABLED(MARKED_NOT), 0);
    zassert_equal(IS_ENABLED(CONFIG_ZTEST), 1);
}

ZTEST_SUITE(section, NULL, NULL, NULL, NULL, NULL);

ZTEST(section, every_member_is_walked_once)
{
    unsigned suites = 0;
    unsigned this_suite = 0;

    STRUCT_SECTION_FOREACH (ztest_suite, suite) {
        suites++;
        this_suite += suite == &ztest_suite_section;
    }
    zassert_equal(suites, 5);
    zassert_equal(this_suite, 1);
}

ZTEST_SUITE(atomic, NULL, NULL, NULL, NULL, NULL);

ZTEST(atomic, changes_return_the_value_before)
{
    atomic_t word = ATOMIC_INIT(5);

    zassert_equal(atomic_add(&word, 3), 5);
    zassert_equal(atomic_sub(&word, 2), 8);
    zassert_equal(atomic_inc(&word), 6);
    zassert_equal(atomic_dec(&word), 7);
    zassert_equal(atomic_or(&word, 0x10), 6);
    zassert_equal(atomic_xor(&word, 0x12), 0x16);
    zassert_equal(atomic_and(&word, 0x6), 4);
    zassert_equal(atomic_nand(&word, 0x4), 4);
    zassert_equal(atomic_set(&word, 9), ~4L);
    zassert_equal(atomic_clear(&word), 9);
    zassert_equal(atomic_get(&word), 0);
}

ZTEST(atomic, cas_stores_only_over_the_expected)
{
    int object;
    atomic_t word = ATOMIC_INIT(1);
    atomic_ptr_t pointer = ATOMIC_PTR_INIT(NULL);

    zassert_false(atomic_cas(&word, 2, 3));
    zassert_equal(atomic_get(&word), 1);
    zassert_true(atomic_cas(&word, 1, 3));
    zassert_equal(atomic_get(&word), 3);
    zassert_false(atomic_ptr_cas(&pointer, &object, NULL));
    zassert_true(atomic_ptr_cas(&pointer, NULL, &object));
    zassert_equal_ptr(atomic_ptr_set(&pointer, NULL), &object);
    zassert_is_null(atomic_ptr_get(&pointer));
}

ZTEST(atomic, bits_of_an_array)
{
    ATOMIC_DEFINE(bits, 100) = {0};

    zassert_false(atomic_test_and_set_bit(bits, 70));
    zassert_true(atomic_test_bit(bits, 70));
    zassert_true(atomic_test_and_set_bit(bits, 70));
    zassert_false(atomic_test_bit(bits, 69));
    zassert_false(atomic_test_bit(bits, 6));
    atomic_set_bit(bits, 0);
    atomic_set_bit_to(bits, 99, true);
    zassert_equal(bits[0], 1);
    zassert_true(atomic_test_and_clear_bit(bits, 70));
    zassert_false(atomic_test_bit(bits, 70));
    atomic_set_bit_to(bits, 99, false);
    atomic_clear_bit(bits, 0);
    zassert_false(atomic_test_bit(bits, 99) || atomic_test_bit(bits, 0));
}
