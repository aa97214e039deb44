/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listeners: called at each allocation and release of the heap they name. A callback runs inside
 * the heap operation, under whatever lock its caller holds: it must not use a heap or block.
 */
#pragma once

#include "../lib/util.h"

#ifdef __cplusplus
extern "C" {
#endif

enum heap_event_types {
    HEAP_EVT_UNKNOWN = 0,
    HEAP_RESIZE,
    HEAP_ALLOC,
    HEAP_FREE,
    HEAP_REALLOC,
    HEAP_MAX_EVENTS,
};

#define HEAP_ID_FROM_POINTER(heap) ((uintptr_t)(heap))
#define HEAP_ID_LIBC               ((uintptr_t)0)

/* `bytes` is the size of the chunk, header included. */
typedef void (*heap_listener_alloc_cb_t)(uintptr_t heap_id, void *mem, size_t bytes);
typedef void (*heap_listener_free_cb_t)(uintptr_t heap_id, void *mem, size_t bytes);
typedef void (*heap_listener_resize_cb_t)(uintptr_t heap_id, void *old_heap_end,
                                          void *new_heap_end);

struct heap_listener {
    struct heap_listener *next; /* of the registered ones */
    uintptr_t heap_id;
    enum heap_event_types event;
    union {
        heap_listener_alloc_cb_t alloc_cb;
        heap_listener_free_cb_t free_cb;
        heap_listener_resize_cb_t resize_cb;
    };
};

#define HEAP_LISTENER_ALLOC_DEFINE(name, heap, callback)                                           \
    struct heap_listener name = {.heap_id = (heap), .event = HEAP_ALLOC, {.alloc_cb = (callback)}}
#define HEAP_LISTENER_FREE_DEFINE(name, heap, callback)                                            \
    struct heap_listener name = {.heap_id = (heap), .event = HEAP_FREE, {.free_cb = (callback)}}
#define HEAP_LISTENER_RESIZE_DEFINE(name, heap, callback)                                          \
    struct heap_listener name = {.heap_id = (heap), .event = HEAP_RESIZE, {.resize_cb = (callback)}}

/* Adds or removes a listener; one that is not registered is removed without effect. Context: any,
 * the caller serialises with every use of the heap. Bound: linear in listeners. */
void heap_listener_register(struct heap_listener *listener);
void heap_listener_unregister(struct heap_listener *listener);

/* Tells the listeners of heap_id. sys_heap reports alloc and free; resize is for heaps that grow.
 * Bound: linear in listeners. */
void heap_listener_notify_alloc(uintptr_t heap_id, void *mem, size_t bytes);
void heap_listener_notify_free(uintptr_t heap_id, void *mem, size_t bytes);
void heap_listener_notify_resize(uintptr_t heap_id, void *old_heap_end, void *new_heap_end);

#ifdef __cplusplus
}
#endif
