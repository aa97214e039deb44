/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several heaps behind one choice function. No lock, as sys_heap: the caller lets one call end
 * before the next begins.
 */
#pragma once

#include "sys_heap.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MAX_MULTI_HEAPS 8

struct sys_multi_heap;

/* Allocates from a heap of its choice with sys_heap functions, for a request described by `cfg`;
 * may return NULL. */
typedef void *(*sys_multi_heap_fn_t)(struct sys_multi_heap *multi, void *cfg, size_t align,
                                     size_t size);

struct sys_multi_heap_rec {
    struct sys_heap *heap;
    void *user_data;
};

struct sys_multi_heap {
    unsigned nheaps;
    sys_multi_heap_fn_t choice;
    struct sys_multi_heap_rec heaps[MAX_MULTI_HEAPS]; /* by address */
};

/* Makes `multi` a multi-heap without heaps. Context: any. Bound: constant. */
void sys_multi_heap_init(struct sys_multi_heap *multi, sys_multi_heap_fn_t choice_fn);

/* Adds an initialised heap; `user_data` is kept beside it. Context: any. Fails iff: there are
 * MAX_MULTI_HEAPS already (halts with H9). Bound: linear in heaps. */
void sys_multi_heap_add_heap(struct sys_multi_heap *multi, struct sys_heap *heap, void *user_data);

/* What the choice function gives for the request. Context and bound: the choice function's. */
void *sys_multi_heap_alloc(struct sys_multi_heap *multi, void *cfg, size_t bytes) __must_check;
void *sys_multi_heap_aligned_alloc(struct sys_multi_heap *multi, void *cfg, size_t align,
                                   size_t bytes) __must_check;

/* The record of the heap whose buffer holds `addr`, NULL if none does. Context: any. Bound: linear
 * in heaps. */
const struct sys_multi_heap_rec *sys_multi_heap_get_heap(const struct sys_multi_heap *multi,
                                                         void *addr);

/* Gives a block back to its heap; NULL does nothing. Context: any. Fails iff: in no heap (halts
 * with H8), or as sys_heap_free. Bound: linear in heaps, and sys_heap_free's. */
void sys_multi_heap_free(struct sys_multi_heap *multi, void *block);

/*
 * As sys_heap_aligned_realloc in the block's own heap; if that cannot, the choice function is asked
 * for a new block and the content moves there. NULL `mem` allocates, 0 `bytes` frees and returns
 * NULL. Fails iff: NULL when both fail, the block is then unchanged; halts as sys_multi_heap_free.
 */
void *sys_multi_heap_aligned_realloc(struct sys_multi_heap *multi, void *cfg, void *mem,
                                     size_t align, size_t bytes) __must_check;

#define sys_multi_heap_realloc(multi, cfg, mem, bytes)                                             \
    sys_multi_heap_aligned_realloc(multi, cfg, mem, 0, bytes)

#ifdef __cplusplus
}
#endif
