/* SPDX-License-Identifier: Apache-2.0 */
/* Singly linked list with Zephyr's sys/slist.h names. The last node's next is NULL. */
#pragma once

#include "util.h"

struct sys_snode {
    struct sys_snode *next;
};

typedef struct sys_snode sys_snode_t;

typedef struct {
    sys_snode_t *head;
    sys_snode_t *tail; /* NULL when empty, as head is */
} sys_slist_t;

#define SYS_SLIST_STATIC_INIT(list)                                                                \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

static inline void sys_slist_init(sys_slist_t *list)
{
    list->head = NULL;
    list->tail = NULL;
}

static inline bool sys_slist_is_empty(const sys_slist_t *list)
{
    return list->head == NULL;
}

/* First and last node, NULL when empty; node behind another one, NULL at the end. */
static inline sys_snode_t *sys_slist_peek_head(const sys_slist_t *list)
{
    return list->head;
}

static inline sys_snode_t *sys_slist_peek_tail(const sys_slist_t *list)
{
    return list->tail;
}

static inline sys_snode_t *sys_slist_peek_next(const sys_snode_t *node)
{
    return node == NULL ? NULL : node->next;
}

/* Puts `node` behind `previous`; NULL: before all. */
static inline void sys_slist_insert(sys_slist_t *list, sys_snode_t *previous, sys_snode_t *node)
{
    sys_snode_t **link = previous == NULL ? &list->head : &previous->next;

    node->next = *link;
    *link = node;
    if (node->next == NULL) {
        list->tail = node;
    }
}

static inline void sys_slist_prepend(sys_slist_t *list, sys_snode_t *node)
{
    sys_slist_insert(list, NULL, node);
}

static inline void sys_slist_append(sys_slist_t *list, sys_snode_t *node)
{
    sys_slist_insert(list, list->tail, node);
}

/* Takes out `node`, which is behind `previous`; NULL: the first one. */
static inline void sys_slist_remove(sys_slist_t *list, sys_snode_t *previous, sys_snode_t *node)
{
    *(previous == NULL ? &list->head : &previous->next) = node->next;
    if (list->tail == node) {
        list->tail = previous;
    }
}

/* Takes out and returns the first node, or NULL. */
static inline sys_snode_t *sys_slist_get(sys_slist_t *list)
{
    sys_snode_t *node = list->head;

    if (node != NULL) {
        sys_slist_remove(list, NULL, node);
    }
    return node;
}

/* Takes out `node`; false when it is not in the list. Linear. */
static inline bool sys_slist_find_and_remove(sys_slist_t *list, sys_snode_t *node)
{
    sys_snode_t *previous = NULL;

    for (sys_snode_t *at = list->head; at != NULL; previous = at, at = at->next) {
        if (at == node) {
            sys_slist_remove(list, previous, node);
            return true;
        }
    }
    return false;
}

#define SYS_SLIST_FOR_EACH_NODE(list, node)                                                        \
    for ((node) = (list)->head; (node) != NULL; (node) = (node)->next)

/* `following` is read before the body runs, so that the body may take out `node`. */
#define SYS_SLIST_FOR_EACH_NODE_SAFE(list, node, following)                                        \
    for ((node) = (list)->head, (following) = sys_slist_peek_next(node); (node) != NULL;           \
         (node) = (following), (following) = sys_slist_peek_next(node))
