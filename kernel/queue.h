/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k_queue, k_fifo, k_lifo: lists of the user's own items, whose first word belongs to the kernel
 * while they are in a queue. The alloc_ variants take a list element from the system heap instead,
 * so the item may be anything; it is freed when the item is taken.
 *
 * An item goes straight to the first waiter; one handed to a thread that died before it saw it goes
 * to the next waiter or back to the front.
 */
#pragma once

#include "../lib/slist.h"
#include "malloc.h"
#include "poll_list.h"
#include "thread.h"

/* First word of an item, or an allocated element; bit 0 of `next_and_mark` says which. */
struct queue_node {
    uintptr_t next_and_mark;
};

/* All members are protected by the interrupt lock. */
struct k_queue {
    _wait_q_t wait_q;
    struct queue_node *head; /* NULL: empty */
    struct queue_node *tail; /* undefined when empty */
    struct poll_list pollers;
};

#define Z_QUEUE_INITIALIZER(queue)                                                                 \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(queue).wait_q)                                                   \
    }

/* Defines an empty queue. */
#define K_QUEUE_DEFINE(name) struct k_queue name = Z_QUEUE_INITIALIZER(name)

/* Makes `queue` empty. Context: any; nobody may use it. Bound: constant. */
void k_queue_init(struct k_queue *queue);

/* Puts `data` behind all, before all, behind `previous` (NULL: before all). Context: any. Bound:
 * constant. */
void k_queue_append(struct k_queue *queue, void *data);
void k_queue_prepend(struct k_queue *queue, void *data);
void k_queue_insert(struct k_queue *queue, void *previous, void *data);

/* As k_queue_append and k_queue_prepend with an element from the system heap. 0, or -ENOMEM.
 * Context: any. */
int32_t k_queue_alloc_append(struct k_queue *queue, void *data)
    SYSTEM_HEAP_CALL(k_queue_alloc_append);
int32_t k_queue_alloc_prepend(struct k_queue *queue, void *data)
    SYSTEM_HEAP_CALL(k_queue_alloc_prepend);

/*
 * Appends the items from `head` to `tail`, each linked to the next by its first word, the last one
 * to NULL. Returns 0. Context: any. Fails iff: -EINVAL head or tail is NULL. Bound: linear in
 * waiters that are served, interrupts are opened between two.
 */
int k_queue_append_list(struct k_queue *queue, void *head, void *tail);

/* As k_queue_append_list for the nodes of `list`, which is empty afterwards. */
int k_queue_merge_slist(struct k_queue *queue, sys_slist_t *list);

/*
 * Takes the first item, waiting for one.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: NULL none and K_NO_WAIT,
 * none until the deadline, or k_queue_cancel_wait. Bound: constant without waiting; k_free's for an
 * allocated element.
 */
void *k_queue_get(struct k_queue *queue, k_timeout_t timeout);

/* The first waiter's k_queue_get returns NULL; without waiters a k_poll for it returns -EINTR.
 * Context: any. Bound: constant. */
void k_queue_cancel_wait(struct k_queue *queue);

/* Takes `data` out of the queue; false when it is not in it. Not for allocated elements. Context:
 * any. Bound: linear in items, interrupts locked. */
bool k_queue_remove(struct k_queue *queue, void *data);

/* As k_queue_append unless `data` is in the queue already: then false. Bound: as k_queue_remove. */
bool k_queue_unique_append(struct k_queue *queue, void *data);

/* First and last item without taking it, NULL when empty. Context: any. Bound: constant. */
void *k_queue_peek_head(struct k_queue *queue);
void *k_queue_peek_tail(struct k_queue *queue);

static inline int k_queue_is_empty(struct k_queue *queue)
{
    return queue->head == NULL;
}

/* First in, first out. */
struct k_fifo {
    struct k_queue _queue;
};

#define K_FIFO_DEFINE(name) struct k_fifo name = {Z_QUEUE_INITIALIZER((name)._queue)}

#define k_fifo_init(fifo)                 k_queue_init(&(fifo)->_queue)
#define k_fifo_cancel_wait(fifo)          k_queue_cancel_wait(&(fifo)->_queue)
#define k_fifo_put(fifo, data)            k_queue_append(&(fifo)->_queue, data)
#define k_fifo_alloc_put(fifo, data)      k_queue_alloc_append(&(fifo)->_queue, data)
#define k_fifo_put_list(fifo, head, tail) k_queue_append_list(&(fifo)->_queue, head, tail)
#define k_fifo_put_slist(fifo, list)      k_queue_merge_slist(&(fifo)->_queue, list)
#define k_fifo_get(fifo, timeout)         k_queue_get(&(fifo)->_queue, timeout)
#define k_fifo_is_empty(fifo)             k_queue_is_empty(&(fifo)->_queue)
#define k_fifo_peek_head(fifo)            k_queue_peek_head(&(fifo)->_queue)
#define k_fifo_peek_tail(fifo)            k_queue_peek_tail(&(fifo)->_queue)

/* Last in, first out. */
struct k_lifo {
    struct k_queue _queue;
};

#define K_LIFO_DEFINE(name) struct k_lifo name = {Z_QUEUE_INITIALIZER((name)._queue)}

#define k_lifo_init(lifo)            k_queue_init(&(lifo)->_queue)
#define k_lifo_put(lifo, data)       k_queue_prepend(&(lifo)->_queue, data)
#define k_lifo_alloc_put(lifo, data) k_queue_alloc_prepend(&(lifo)->_queue, data)
#define k_lifo_get(lifo, timeout)    k_queue_get(&(lifo)->_queue, timeout)
