/* SPDX-License-Identifier: Apache-2.0 */
/* The heap on which a waiter may starve. */
#define k_heap_init                 unfair_k_heap_init
#define k_heap_aligned_alloc        unfair_k_heap_aligned_alloc
#define k_heap_alloc                unfair_k_heap_alloc
#define k_heap_calloc               unfair_k_heap_calloc
#define k_heap_realloc              unfair_k_heap_realloc
#define k_heap_free                 unfair_k_heap_free
#define k_heap_wait_stats_get       unfair_k_heap_wait_stats_get
#define init_static_heaps           unfair_init_static_heaps
#define memory_wait                 unfair_memory_wait
#define memory_serve_waiters_locked unfair_memory_serve_waiters_locked
#define memory_closed_locked        unfair_memory_closed_locked
#define memory_taken_locked         unfair_memory_taken_locked

#undef CONFIG_KHEAP_BYPASS_MAX
#define CONFIG_KHEAP_BYPASS_MAX -1

#include "../../kernel/memory_wait.c"
#include "../../kernel/kheap.c"

#include "seeded.h"

const struct heap_calls heap_calls_unfair = {k_heap_alloc, k_heap_realloc, k_heap_free};
