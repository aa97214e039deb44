/* SPDX-License-Identifier: Apache-2.0 */
#include "malloc.h"

#if K_HEAP_MEM_POOL_SIZE != 0

#include "arch.h"
#include "init.h"

/* The bytes between these symbols are carved by linker/sections.ld, or by the PC's stand-in for it.
 */
extern char __system_heap_start[];
extern char __system_heap_end[];

struct k_heap _system_heap;

static int init_system_heap(void)
{
    k_heap_init(&_system_heap, __system_heap_start,
                (size_t)(__system_heap_end - __system_heap_start));
    return 0;
}
SYS_INIT(init_system_heap, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);

void *k_malloc(size_t bytes)
{
    return k_heap_alloc(&_system_heap, bytes, K_NO_WAIT);
}

void *k_aligned_alloc(size_t align, size_t bytes)
{
    return k_heap_aligned_alloc(&_system_heap, align, bytes, K_NO_WAIT);
}

void *k_calloc(size_t count, size_t size_bytes)
{
    return k_heap_calloc(&_system_heap, count, size_bytes, K_NO_WAIT);
}

void *k_realloc(void *mem, size_t bytes)
{
    return k_heap_realloc(&_system_heap, mem, bytes, K_NO_WAIT);
}

void k_free(void *mem)
{
    k_heap_free(&_system_heap, mem);
}

#endif
