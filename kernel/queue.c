/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

/* An element from the heap. Items are aligned to words, so bit 0 of an address is free. */
struct allocated_node {
    struct queue_node node; /* first: marked */
    void *data;
};

#define MARK ((uintptr_t)1)

/* On the stack of a waiter. */
struct queue_request {
    struct grant grant; /* first: undo gets it back */
    struct k_queue *queue;
    struct queue_node *node; /* what it was handed */
};

static struct queue_node *next_of(const struct queue_node *node)
{
    return (struct queue_node *)(node->next_and_mark & ~MARK);
}

static void set_next(struct queue_node *node, const struct queue_node *next)
{
    node->next_and_mark = (uintptr_t)next | (node->next_and_mark & MARK);
}

static bool is_allocated(const struct queue_node *node)
{
    return (node->next_and_mark & MARK) != 0;
}

static void *item_of(struct queue_node *node)
{
    if (node == NULL || !is_allocated(node)) {
        return node;
    }
    return ((struct allocated_node *)(void *)node)->data;
}

/* The item is the caller's now; its element is not needed any more. */
static void *unwrap(struct queue_node *node)
{
    void *data = item_of(node);

    if (K_HEAP_MEM_POOL_SIZE != 0 && data != node) {
        k_free(node);
    }
    return data;
}

static void link_behind(struct k_queue *queue, struct queue_node *previous, struct queue_node *node)
{
    if (previous == NULL) {
        set_next(node, queue->head);
        queue->head = node;
    } else {
        set_next(node, next_of(previous));
        set_next(previous, node);
    }
    if (next_of(node) == NULL) {
        queue->tail = node;
    }
}

static struct queue_node *last_of(const struct k_queue *queue)
{
    return queue->head == NULL ? NULL : queue->tail;
}

/* Hands the first item to the first waiter; false when one of them is missing. */
static bool serve_locked(struct k_queue *queue)
{
    struct k_thread *waiter = wait_queue_head_locked(&queue->wait_q);
    struct queue_node *node = queue->head;

    if (waiter == NULL || node == NULL) {
        return false;
    }
    queue->head = next_of(node);
    ((struct queue_request *)(void *)waiter->request)->node = node;
    superseded(unpend_locked(waiter, 0));
    return true;
}

/* Serves one waiter with the first item, or else tells a poll that there is one. True: a thread
 * became ready. */
static bool serve_or_notify_locked(struct k_queue *queue)
{
    return serve_locked(queue) ||
           (queue->head != NULL && poll_notify_locked(&queue->pollers, POLL_QUEUE));
}

static void pass_item_on(struct grant *grant)
{
    struct queue_request *request = (struct queue_request *)(void *)grant;

    if (request->node != NULL) {
        link_behind(request->queue, NULL, request->node);
        (void)serve_or_notify_locked(request->queue);
    }
}

static void insert_and_unlock(unsigned key, struct k_queue *queue, struct queue_node *previous,
                              struct queue_node *node)
{
    link_behind(queue, previous, node);
    reschedule(serve_or_notify_locked(queue) ? choose_next_locked() : KEEP_RUNNING, key);
}

/* Cleared before it is linked: what the user left in the word may look like a mark. */
static struct queue_node *node_of(void *data)
{
    struct queue_node *node = data;

    node->next_and_mark = 0;
    return node;
}

void k_queue_append(struct k_queue *queue, void *data)
{
    unsigned key = irq_lock();

    insert_and_unlock(key, queue, last_of(queue), node_of(data));
}

void k_queue_prepend(struct k_queue *queue, void *data)
{
    k_queue_insert(queue, NULL, data);
}

void k_queue_insert(struct k_queue *queue, void *previous, void *data)
{
    unsigned key = irq_lock();

    insert_and_unlock(key, queue, previous, node_of(data));
}

#if K_HEAP_MEM_POOL_SIZE != 0
static int32_t alloc_insert(struct k_queue *queue, void *data, bool at_end)
{
    struct allocated_node *element = k_malloc(sizeof(*element));
    unsigned key;

    if (element == NULL) {
        return -ENOMEM;
    }
    element->node.next_and_mark = MARK;
    element->data = data;
    key = irq_lock();
    insert_and_unlock(key, queue, at_end ? last_of(queue) : NULL, &element->node);
    return 0;
}

int32_t k_queue_alloc_append(struct k_queue *queue, void *data)
{
    return alloc_insert(queue, data, true);
}

int32_t k_queue_alloc_prepend(struct k_queue *queue, void *data)
{
    return alloc_insert(queue, data, false);
}
#endif

struct serve_task {
    struct object_task task; /* first: step gets it back */
    struct k_queue *queue;
};

static bool serve_step(struct object_task *task)
{
    return serve_or_notify_locked(((struct serve_task *)(void *)task)->queue);
}

int k_queue_append_list(struct k_queue *queue, void *head, void *tail)
{
    struct serve_task serve = {{.step = serve_step}, queue};
    unsigned key;

    if (head == NULL || tail == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    if (queue->head == NULL) {
        queue->head = head;
    } else {
        set_next(queue->tail, head);
    }
    queue->tail = tail;
    object_do(key, &serve.task);
    return 0;
}

int k_queue_merge_slist(struct k_queue *queue, sys_slist_t *list)
{
    sys_snode_t *head = list->head;
    sys_snode_t *tail = list->tail;

    sys_slist_init(list);
    return k_queue_append_list(queue, head, tail);
}

void *k_queue_get(struct k_queue *queue, k_timeout_t timeout)
{
    struct queue_request request = {{pass_item_on}, queue, NULL};
    unsigned key = irq_lock();
    struct queue_node *node = queue->head;

    if (node == NULL && !K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        (void)object_wait(key, &queue->wait_q, &request.grant, timeout);
        return unwrap(request.node);
    }
    if (node != NULL) {
        queue->head = next_of(node);
    }
    irq_unlock(key);
    return unwrap(node);
}

void k_queue_cancel_wait(struct k_queue *queue)
{
    unsigned key = irq_lock();
    struct k_thread *waiter = wait_queue_head_locked(&queue->wait_q);

    if (waiter != NULL) {
        superseded(unpend_locked(waiter, -ECANCELED));
    } else {
        (void)poll_notify_locked(&queue->pollers, POLL_CANCELLED);
    }
    reschedule(choose_next_locked(), key);
}

/* Looks for the item `data`; stores the node before it. */
static bool find_locked(const struct k_queue *queue, const void *data, struct queue_node **previous)
{
    struct queue_node *node = queue->head;

    *previous = NULL;
    while (node != NULL && node != data) {
        *previous = node;
        node = next_of(node);
    }
    return node != NULL;
}

bool k_queue_remove(struct k_queue *queue, void *data)
{
    unsigned key = irq_lock();
    struct queue_node *previous;
    bool found = find_locked(queue, data, &previous);

    if (found && previous == NULL) {
        queue->head = next_of(data);
    } else if (found) {
        set_next(previous, next_of(data));
        queue->tail = queue->tail == data ? previous : queue->tail;
    }
    irq_unlock(key);
    return found;
}

bool k_queue_unique_append(struct k_queue *queue, void *data)
{
    unsigned key = irq_lock();
    struct queue_node *previous;

    if (find_locked(queue, data, &previous)) {
        irq_unlock(key);
        return false;
    }
    insert_and_unlock(key, queue, previous, node_of(data));
    return true;
}

void *k_queue_peek_head(struct k_queue *queue)
{
    unsigned key = irq_lock();
    void *data = item_of(queue->head);

    irq_unlock(key);
    return data;
}

void *k_queue_peek_tail(struct k_queue *queue)
{
    unsigned key = irq_lock();
    void *data = item_of(last_of(queue));

    irq_unlock(key);
    return data;
}

void k_queue_init(struct k_queue *queue)
{
    *queue = (struct k_queue)Z_QUEUE_INITIALIZER(*queue);
}
