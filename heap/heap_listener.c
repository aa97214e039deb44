/* SPDX-License-Identifier: Apache-2.0 */
#include "heap_listener.h"

/* Protected by the caller's lock around the heaps. */
static struct heap_listener *listeners;

void heap_listener_register(struct heap_listener *listener)
{
    listener->next = listeners;
    listeners = listener;
}

void heap_listener_unregister(struct heap_listener *listener)
{
    struct heap_listener **link = &listeners;

    while (*link != NULL && *link != listener) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = listener->next;
    }
}

/* The next listener of this heap and event from `listener` on, or NULL. */
static struct heap_listener *concerned(struct heap_listener *listener, uintptr_t heap_id,
                                       enum heap_event_types event)
{
    while (listener != NULL && (listener->heap_id != heap_id || listener->event != event)) {
        listener = listener->next;
    }
    return listener;
}

#define FOR_EACH_CONCERNED(listener, heap_id, event)                                               \
    for (struct heap_listener *listener = concerned(listeners, heap_id, event); listener != NULL;  \
         listener = concerned(listener->next, heap_id, event))

void heap_listener_notify_alloc(uintptr_t heap_id, void *mem, size_t bytes)
{
    FOR_EACH_CONCERNED(listener, heap_id, HEAP_ALLOC)
    {
        listener->alloc_cb(heap_id, mem, bytes);
    }
}

void heap_listener_notify_free(uintptr_t heap_id, void *mem, size_t bytes)
{
    FOR_EACH_CONCERNED(listener, heap_id, HEAP_FREE)
    {
        listener->free_cb(heap_id, mem, bytes);
    }
}

void heap_listener_notify_resize(uintptr_t heap_id, void *old_heap_end, void *new_heap_end)
{
    FOR_EACH_CONCERNED(listener, heap_id, HEAP_RESIZE)
    {
        listener->resize_cb(heap_id, old_heap_end, new_heap_end);
    }
}
