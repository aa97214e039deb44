/* SPDX-License-Identifier: Apache-2.0 */
/* Circular doubly linked list with Zephyr's sys/dlist.h names. A node that is in no list has next
 * == NULL. */
#pragma once

#include "util.h"

struct sys_dnode {
    struct sys_dnode *next;
    struct sys_dnode *prev;
};

typedef struct sys_dnode sys_dnode_t;
typedef struct sys_dnode sys_dlist_t;

#define SYS_DLIST_STATIC_INIT(list)                                                                \
    {                                                                                              \
        (list), (list)                                                                             \
    }

static inline void sys_dlist_init(sys_dlist_t *list)
{
    list->next = list;
    list->prev = list;
}

static inline void sys_dnode_init(sys_dnode_t *node)
{
    node->next = NULL;
    node->prev = NULL;
}

static inline bool sys_dnode_is_linked(const sys_dnode_t *node)
{
    return node->next != NULL;
}

static inline bool sys_dlist_is_empty(const sys_dlist_t *list)
{
    return list->next == list;
}

/* First node, or NULL when the list is empty. */
static inline sys_dnode_t *sys_dlist_peek_head(const sys_dlist_t *list)
{
    return list->next == list ? NULL : list->next;
}

/* Node after `node`, or NULL at the end of the list. */
static inline sys_dnode_t *sys_dlist_peek_next(const sys_dlist_t *list, const sys_dnode_t *node)
{
    return node->next == list ? NULL : node->next;
}

/* Puts `node` before `successor`, which may be the list itself (then: at the tail). */
static inline void sys_dlist_insert(sys_dnode_t *successor, sys_dnode_t *node)
{
    node->next = successor;
    node->prev = successor->prev;
    successor->prev->next = node;
    successor->prev = node;
}

static inline void sys_dlist_append(sys_dlist_t *list, sys_dnode_t *node)
{
    sys_dlist_insert(list, node);
}

static inline void sys_dlist_prepend(sys_dlist_t *list, sys_dnode_t *node)
{
    sys_dlist_insert(list->next, node);
}

static inline void sys_dlist_remove(sys_dnode_t *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    sys_dnode_init(node);
}

/* Removes and returns the first node, or NULL. */
static inline sys_dnode_t *sys_dlist_get(sys_dlist_t *list)
{
    sys_dnode_t *node = sys_dlist_peek_head(list);

    if (node != NULL) {
        sys_dlist_remove(node);
    }
    return node;
}

#define SYS_DLIST_FOR_EACH_NODE(list, node)                                                        \
    for ((node) = sys_dlist_peek_head(list); (node) != NULL;                                       \
         (node) = sys_dlist_peek_next(list, node))

/* `next` is read before the body runs, so that the body may remove `node`. */
#define SYS_DLIST_FOR_EACH_NODE_SAFE(list, node, following)                                        \
    for ((node) = sys_dlist_peek_head(list),                                                       \
        (following) = (node) ? sys_dlist_peek_next(list, node) : NULL;                             \
         (node) != NULL;                                                                           \
         (node) = (following), (following) = (node) ? sys_dlist_peek_next(list, node) : NULL)
