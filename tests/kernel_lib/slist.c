/* SPDX-License-Identifier: Apache-2.0 */
/* lib/slist.h. */
#include <zephyr/sys/slist.h>

#include "../ztest/ztest.h"

static sys_slist_t list;
static sys_snode_t node[4];

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    sys_slist_init(&list);
}

ZTEST_SUITE(slist, NULL, NULL, before, NULL, NULL);

/* The indices of the nodes as a number: 0, 2 is 13; and the tail is the last of them. */
static unsigned content(void)
{
    unsigned number = 0;
    const sys_snode_t *last = NULL;
    const sys_snode_t *each;

    SYS_SLIST_FOR_EACH_NODE (&list, each) {
        number = number * 10 + (unsigned)(each - node) + 1;
        last = each;
    }
    zassert_equal_ptr(sys_slist_peek_tail(&list), last);
    return number;
}

ZTEST(slist, insert_at_both_ends_and_between)
{
    zassert_true(sys_slist_is_empty(&list));
    zassert_is_null(sys_slist_peek_head(&list));
    sys_slist_append(&list, &node[1]);
    sys_slist_append(&list, &node[3]);
    sys_slist_prepend(&list, &node[0]);
    sys_slist_insert(&list, &node[1], &node[2]);
    zassert_equal(content(), 1234);
    zassert_false(sys_slist_is_empty(&list));
    zassert_equal_ptr(sys_slist_peek_head(&list), &node[0]);
    zassert_equal_ptr(sys_slist_peek_next(&node[2]), &node[3]);
    zassert_is_null(sys_slist_peek_next(&node[3]));
    zassert_is_null(sys_slist_peek_next(NULL));
}

ZTEST(slist, get_empties)
{
    sys_slist_append(&list, &node[0]);
    sys_slist_append(&list, &node[1]);
    zassert_equal_ptr(sys_slist_get(&list), &node[0]);
    zassert_equal(content(), 2);
    zassert_equal_ptr(sys_slist_get(&list), &node[1]);
    zassert_is_null(sys_slist_get(&list));
    zassert_equal(content(), 0);
}

ZTEST(slist, find_and_remove)
{
    for (unsigned i = 0; i < ARRAY_SIZE(node); i++) {
        sys_slist_append(&list, &node[i]);
    }
    zassert_true(sys_slist_find_and_remove(&list, &node[3]));
    zassert_equal(content(), 123);
    zassert_true(sys_slist_find_and_remove(&list, &node[0]));
    zassert_equal(content(), 23);
    zassert_false(sys_slist_find_and_remove(&list, &node[0]));
    sys_slist_append(&list, &node[0]);
    zassert_equal(content(), 231);
}

ZTEST(slist, node_may_leave_while_the_list_is_walked)
{
    sys_snode_t *each;
    sys_snode_t *following;

    for (unsigned i = 0; i < ARRAY_SIZE(node); i++) {
        sys_slist_append(&list, &node[i]);
    }
    SYS_SLIST_FOR_EACH_NODE_SAFE (&list, each, following) {
        if (each != &node[2]) {
            zassert_true(sys_slist_find_and_remove(&list, each));
            each->next = NULL;
        }
    }
    zassert_equal(content(), 3);
}
