/* SPDX-License-Identifier: Apache-2.0 */
/* The system heap: CONFIG_HEAP_MEM_POOL_SIZE bytes that the linker script carves out of RAM. Never
 * waits. */
#pragma once

#include "kheap.h"

/* The sum that the build computed; without a pool each call below is a build error that names the
 * option. */
#if K_HEAP_MEM_POOL_SIZE == 0
#define SYSTEM_HEAP_CALL(name)                                                                     \
    __asm__("no_system_heap_set_CONFIG_HEAP_MEM_POOL_SIZE_in_prj_conf")                            \
        __attribute__((error(#name " needs a system heap: set CONFIG_HEAP_MEM_POOL_SIZE to its "   \
                                   "size in bytes in prj.conf")))
#else
#define SYSTEM_HEAP_CALL(name)
/* The heap itself, for statistics and inspection. */
extern struct k_heap _system_heap;
#endif

/*
 * Returns a block of at least `bytes` bytes, 8-aligned, from the system heap.
 * Context: any. Fails iff: bytes is 0, no free chunk holds it, or the kernel has not initialised
 * its objects yet. Bound: sys_heap_alloc's.
 */
void *k_malloc(size_t bytes) SYSTEM_HEAP_CALL(k_malloc) __must_check;

/* As k_malloc for count * size_bytes zeroed bytes; NULL if the product overflows. */
void *k_calloc(size_t count, size_t size_bytes) SYSTEM_HEAP_CALL(k_calloc) __must_check;

/* As k_malloc at a multiple of `align` bytes: a power of two or 0; NULL for another value. */
void *k_aligned_alloc(size_t align, size_t bytes) SYSTEM_HEAP_CALL(k_aligned_alloc) __must_check;

/* As k_heap_realloc with K_NO_WAIT: NULL mem allocates, 0 bytes frees, failure keeps the old block.
 */
void *k_realloc(void *mem, size_t bytes) SYSTEM_HEAP_CALL(k_realloc) __must_check;

/* Gives a block of the system heap back, NULL does nothing; also serves threads that wait on
 * _system_heap. */
void k_free(void *mem) SYSTEM_HEAP_CALL(k_free);
