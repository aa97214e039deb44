/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heaps of both layouts in one program. Each call looks once which layout its heap has, by the size
 * of its buffer; what runs then asks no more.
 */
#include "sys_heap.h"

#ifdef CONFIG_SYS_HEAP_AUTO

#include "heap_walk.h"

/* The caller's return address is the heap's, too: it may be noted as who asked for a block. */
#if defined(__GNUC__) && !defined(__clang__)
#define PASSED_ON __attribute__((optimize("optimize-sibling-calls", "omit-frame-pointer")))
#else
#define PASSED_ON
#endif

static inline bool big(const struct sys_heap *heap)
{
    return heap->init_bytes > HEAP_SMALL_REACH;
}

/* Defines a function that passes its arguments on to the copy for the layout of `heap`. */
#define EITHER(type, name, heap, parameters, ...)                                                  \
    type small_##name parameters;                                                                  \
    type big_##name parameters;                                                                    \
    PASSED_ON type name parameters                                                                 \
    {                                                                                              \
        return big(heap) ? big_##name(__VA_ARGS__) : small_##name(__VA_ARGS__);                    \
    }

void small_sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes);
void big_sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes);

void sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes)
{
    if (bytes > HEAP_SMALL_REACH) {
        big_sys_heap_init(heap, mem, bytes);
    } else {
        small_sys_heap_init(heap, mem, bytes);
    }
}

void small_sys_heap_free(struct sys_heap *heap, void *mem);
void big_sys_heap_free(struct sys_heap *heap, void *mem);

void sys_heap_free(struct sys_heap *heap, void *mem)
{
    if (big(heap)) {
        big_sys_heap_free(heap, mem);
    } else {
        small_sys_heap_free(heap, mem);
    }
}

void small_heap_walk_start(struct heap_walk *walk, const struct sys_heap *heap);
void big_heap_walk_start(struct heap_walk *walk, const struct sys_heap *heap);

void heap_walk_start(struct heap_walk *walk, const struct sys_heap *heap)
{
    if (big(heap)) {
        big_heap_walk_start(walk, heap);
    } else {
        small_heap_walk_start(walk, heap);
    }
}

EITHER(void *, sys_heap_alloc, heap, (struct sys_heap * heap, size_t bytes), heap, bytes)
EITHER(void *, sys_heap_aligned_alloc, heap, (struct sys_heap * heap, size_t align, size_t bytes),
       heap, align, bytes)
EITHER(void *, sys_heap_noalign_alloc, heap, (struct sys_heap * heap, size_t align, size_t bytes),
       heap, align, bytes)
EITHER(void *, sys_heap_realloc, heap, (struct sys_heap * heap, void *mem, size_t bytes), heap, mem,
       bytes)
EITHER(void *, sys_heap_aligned_realloc, heap,
       (struct sys_heap * heap, void *mem, size_t align, size_t bytes), heap, mem, align, bytes)
EITHER(size_t, sys_heap_usable_size, heap, (struct sys_heap * heap, void *mem), heap, mem)
EITHER(bool, sys_heap_resize_in_place, heap,
       (struct sys_heap * heap, void *mem, size_t align, size_t bytes), heap, mem, align, bytes)
EITHER(bool, sys_heap_could_ever_fit, heap,
       (struct sys_heap * heap, void *old, size_t align, size_t bytes), heap, old, align, bytes)
EITHER(size_t, sys_heap_capacity, heap, (const struct sys_heap *heap), heap)
EITHER(size_t, sys_heap_largest_free_block, heap, (const struct sys_heap *heap), heap)
EITHER(bool, sys_heap_validate, heap, (const struct sys_heap *heap), heap)
EITHER(bool, heap_walk_next, walk->heap, (struct heap_walk * walk), walk)
EITHER(size_t, heap_walk_overhead_bytes, heap, (const struct sys_heap *heap), heap)

#ifdef CONFIG_SYS_HEAP_CALLER_POINTER
EITHER(void *, sys_heap_get_caller, heap, (struct sys_heap * heap, void *mem), heap, mem)
#endif

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS

/* A missing heap is refused by either copy. */
static inline bool none_or_small(const struct sys_heap *heap)
{
    return heap == NULL || !big(heap);
}

int small_sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats);
int big_sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats);

int sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats)
{
    return none_or_small(heap) ? small_sys_heap_runtime_stats_get(heap, stats)
                               : big_sys_heap_runtime_stats_get(heap, stats);
}

int small_sys_heap_runtime_stats_reset_max(struct sys_heap *heap);
int big_sys_heap_runtime_stats_reset_max(struct sys_heap *heap);

int sys_heap_runtime_stats_reset_max(struct sys_heap *heap)
{
    return none_or_small(heap) ? small_sys_heap_runtime_stats_reset_max(heap)
                               : big_sys_heap_runtime_stats_reset_max(heap);
}

#endif
#endif
