/* SPDX-License-Identifier: Apache-2.0 */
/* The heap that looks, then waits. */
#define k_heap_init                 late_k_heap_init
#define k_heap_aligned_alloc        late_k_heap_aligned_alloc
#define k_heap_alloc                late_k_heap_alloc
#define k_heap_calloc               late_k_heap_calloc
#define k_heap_realloc              late_k_heap_realloc
#define k_heap_free                 late_k_heap_free
#define k_heap_wait_stats_get       late_k_heap_wait_stats_get
#define init_static_heaps           late_init_static_heaps
#define memory_wait                 late_memory_wait
#define memory_serve_waiters_locked late_memory_serve_waiters_locked
#define memory_closed_locked        late_memory_closed_locked
#define memory_taken_locked         late_memory_taken_locked

#include "late.h"

#include "../../kernel/memory_wait.c"
#include "../../kernel/kheap.c"

#include "seeded.h"

const struct heap_calls heap_calls_late = {k_heap_alloc, k_heap_realloc, k_heap_free};
