/* SPDX-License-Identifier: Apache-2.0 */
/* The heap that serves nobody. */
#define k_heap_init           deaf_k_heap_init
#define k_heap_aligned_alloc  deaf_k_heap_aligned_alloc
#define k_heap_alloc          deaf_k_heap_alloc
#define k_heap_calloc         deaf_k_heap_calloc
#define k_heap_realloc        deaf_k_heap_realloc
#define k_heap_free           deaf_k_heap_free
#define k_heap_wait_stats_get deaf_k_heap_wait_stats_get
#define init_static_heaps     deaf_init_static_heaps

#include "../../kernel/memory_wait.h"

#define memory_serve_locked(wait_q) (ARG_UNUSED(wait_q), KEEP_RUNNING)

#include "../../kernel/kheap.c"

#include "seeded.h"

const struct heap_calls heap_calls_deaf = {k_heap_alloc, k_heap_realloc, k_heap_free};
