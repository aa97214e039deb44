/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A heap in a buffer: exact, bounded, without a lock.
 *
 * Exact: an allocation fails only if no free chunk can hold it (aligned_alloc has its own rule).
 * Bounded: each call costs at most a constant number of steps, however many chunks there are, and
 * moving data where realloc moves a block.
 *
 * Context of every function: any, also interrupts; nothing blocks, nothing locks. The caller lets
 * one call end before the next begins on the same heap. A block handed to free, realloc or
 * usable_size is checked before anything is written: docs/invariants.md, H1 (the heap was never
 * initialised) to H7, halts through invariant_failed(). Allocating needs an initialised heap.
 *
 * Blocks are aligned to SYS_HEAP_DEFAULT_ALIGN: 8 bytes, 4 with CONFIG_SYS_HEAP_UNIT_4.
 */
#pragma once

#include "../lib/util.h"
#include "heap_size.h"
#include "mem_stats.h"

#define SYS_HEAP_DEFAULT_ALIGN HEAP_UNIT_BYTES

/* The largest heap of this build's layouts; what a buffer has beyond that is not used. */
#define SYS_HEAP_MAX_BYTES ((size_t)HEAP_REACH_UNITS * HEAP_UNIT_BYTES)

#ifdef __cplusplus
extern "C" {
#endif

struct z_heap;

struct sys_heap {
    struct z_heap *heap; /* in the buffer; NULL before sys_heap_init */
    uint32_t bin_end;    /* private: what begins below and is short ends inside the heap */
    void *init_mem;
    size_t init_bytes;
#if defined(CONFIG_SYS_HEAP_QUARANTINE) && CONFIG_SYS_HEAP_QUARANTINE > 0
    void *quarantine[CONFIG_SYS_HEAP_QUARANTINE]; /* private: freed, and not reused yet */
    unsigned quarantine_next;
#endif
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
    size_t allocated_bytes;
    size_t max_allocated_bytes;
#endif
};

/*
 * Makes `heap` an empty heap on `bytes` bytes at `mem`, any address. Blocks of a former life are
 * forgotten. Fails iff: the buffer holds less than one block (halts with H1). Bound: constant.
 */
void sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes);

/* Returns a block of at least `bytes` bytes, content undefined. Fails iff: NULL when bytes is 0 or
 * no free chunk holds them. */
void *sys_heap_alloc(struct sys_heap *heap, size_t bytes) __must_check;

/*
 * As sys_heap_alloc at a multiple of `align` bytes: a power of two, 0 for the default; NULL for any
 * other value. Fails iff: every free chunk is shorter than bytes + align - SYS_HEAP_DEFAULT_ALIGN,
 * and those tried among the shorter ones hold no aligned block. At the default alignment it is as
 * exact as sys_heap_alloc.
 */
void *sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes) __must_check;

/* As sys_heap_alloc; `align` is ignored. Has the type of sys_heap_aligned_alloc. */
void *sys_heap_noalign_alloc(struct sys_heap *heap, size_t align, size_t bytes) __must_check;

/* Gives a block back; free neighbours are joined at once. NULL does nothing. Fails iff: `mem` is
 * not a live block of this heap (halts with the H invariant that betrays it). */
void sys_heap_free(struct sys_heap *heap, void *mem);

/*
 * Makes the block at `mem` `bytes` long and returns it: in place when it shrinks or the free space
 * to its right suffices, into free space on both its sides when that suffices, else in a new block;
 * the content up to the shorter length is kept. NULL `mem` allocates, 0 `bytes` frees and returns
 * NULL. Fails iff: NULL when none of these is possible; the block is then unchanged. Bound: one
 * alloc, one free and the move.
 */
void *sys_heap_realloc(struct sys_heap *heap, void *mem, size_t bytes) __must_check;

/* As sys_heap_realloc; the result is a multiple of `align` as in sys_heap_aligned_alloc. */
void *sys_heap_aligned_realloc(struct sys_heap *heap, void *mem, size_t align,
                               size_t bytes) __must_check;

/* Bytes that may be used at `mem`: at least those asked for, with canaries just those. */
size_t sys_heap_usable_size(struct sys_heap *heap, void *mem);

/*
 * Makes the block at `mem` `bytes` long without moving it and returns true, if it lies at a
 * multiple of `align` and, when it grows, the space to its right is free and suffices; else false
 * and nothing changes.
 */
bool sys_heap_resize_in_place(struct sys_heap *heap, void *mem, size_t align,
                              size_t bytes) __must_check;

/*
 * Whether the request could succeed if everything were free except `old`, which may be NULL: as a
 * new block, or by growing `old` in place.
 */
bool sys_heap_could_ever_fit(struct sys_heap *heap, void *old, size_t align, size_t bytes);

/* Bytes of the largest block that the empty heap gives; 0 before sys_heap_init. Bound: constant. */
size_t sys_heap_capacity(const struct sys_heap *heap);

/* Bytes of the largest block that sys_heap_alloc would give now, or more with a quarantine; 0 for
 * none. Bound: constant. */
size_t sys_heap_largest_free_block(const struct sys_heap *heap);

/*
 * Whether every header, link and map of the heap is consistent (H10 to H13), and so are the
 * statistics. Writes nothing. Bound: linear in chunks.
 */
bool sys_heap_validate(const struct sys_heap *heap);

#ifdef CONFIG_SYS_HEAP_CALLER_POINTER
/* Where the block at `mem` was asked for or last made longer or shorter: a return address. NULL if
 * it is no live block of this heap. */
void *sys_heap_get_caller(struct sys_heap *heap, void *mem);
#endif

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
/* Bytes in chunks, headers included: free, in use, and the largest ever in use. 0, or -EINVAL for
 * NULL or an uninitialised heap. Bound: constant. */
int sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats);

/* Lets the peak start again at what is in use now. Result as above. */
int sys_heap_runtime_stats_reset_max(struct sys_heap *heap);
#endif

#if defined(CONFIG_SYS_HEAP_ARRAY_SIZE) && CONFIG_SYS_HEAP_ARRAY_SIZE > 0
/* Puts `heap` into the list of all heaps, as sys_heap_init does; once is enough. 0, or -EINVAL for
 * NULL or a full list. */
int sys_heap_array_save(struct sys_heap *heap);

/* Points *heaps to the list and returns how many there are, or -EINVAL for NULL. */
int sys_heap_array_get(struct sys_heap ***heaps);
#endif

#ifdef CONFIG_SYS_HEAP_STRESS
struct z_heap_stress_result {
    uint32_t total_allocs;
    uint32_t successful_allocs;
    uint32_t total_frees;
    uint64_t accumulated_in_use_bytes;
};

/*
 * Runs `op_count` allocations and releases through the two functions, always the same sequence, and
 * reports what happened. Sizes follow a power law; the bytes in use hover around `target_percent`
 * of `total_bytes`. The `scratch_bytes` bytes at `scratch` hold the list of live blocks.
 */
void sys_heap_stress(void *(*alloc_fn)(void *arg, size_t bytes),
                     void (*free_fn)(void *arg, void *mem), void *arg, size_t total_bytes,
                     uint32_t op_count, void *scratch, size_t scratch_bytes, int target_percent,
                     struct z_heap_stress_result *result);
#endif

#ifdef __cplusplus
}
#endif
