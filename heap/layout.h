/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first include of every file that knows the layout. With CONFIG_SYS_HEAP_AUTO such a file is
 * compiled twice, by itself for the small layout and as a part of big.c for the big one; here the
 * two copies get different names. The plain ones belong to auto.c, which asks which heap it is.
 */
#pragma once

#ifdef CONFIG_SYS_HEAP_AUTO

#ifdef HEAP_BIG_COPY
#define IN_LAYOUT(name) big_##name
#else
#define IN_LAYOUT(name) small_##name
#endif

/* clang-format off */
#define sys_heap_init                    IN_LAYOUT(sys_heap_init)
#define sys_heap_alloc                   IN_LAYOUT(sys_heap_alloc)
#define sys_heap_aligned_alloc           IN_LAYOUT(sys_heap_aligned_alloc)
#define sys_heap_noalign_alloc           IN_LAYOUT(sys_heap_noalign_alloc)
#define sys_heap_free                    IN_LAYOUT(sys_heap_free)
#define sys_heap_realloc                 IN_LAYOUT(sys_heap_realloc)
#define sys_heap_aligned_realloc         IN_LAYOUT(sys_heap_aligned_realloc)
#define sys_heap_usable_size             IN_LAYOUT(sys_heap_usable_size)
#define sys_heap_resize_in_place         IN_LAYOUT(sys_heap_resize_in_place)
#define sys_heap_could_ever_fit          IN_LAYOUT(sys_heap_could_ever_fit)
#define sys_heap_capacity                IN_LAYOUT(sys_heap_capacity)
#define sys_heap_largest_free_block      IN_LAYOUT(sys_heap_largest_free_block)
#define sys_heap_validate                IN_LAYOUT(sys_heap_validate)
#define sys_heap_get_caller              IN_LAYOUT(sys_heap_get_caller)
#define sys_heap_runtime_stats_get       IN_LAYOUT(sys_heap_runtime_stats_get)
#define sys_heap_runtime_stats_reset_max IN_LAYOUT(sys_heap_runtime_stats_reset_max)
#define heap_walk_start                  IN_LAYOUT(heap_walk_start)
#define heap_walk_next                   IN_LAYOUT(heap_walk_next)
#define heap_walk_overhead_bytes         IN_LAYOUT(heap_walk_overhead_bytes)
#define free_at_once                     IN_LAYOUT(free_at_once)
#define check_failed                     IN_LAYOUT(check_failed)
#define free_index_init                  IN_LAYOUT(free_index_init)
#define large_insert                     IN_LAYOUT(large_insert)
#define large_remove                     IN_LAYOUT(large_remove)
#define large_extend                     IN_LAYOUT(large_extend)
#define free_index_insert                IN_LAYOUT(free_index_insert)
#define free_index_remove                IN_LAYOUT(free_index_remove)
#define free_index_next                  IN_LAYOUT(free_index_next)
#define free_index_largest               IN_LAYOUT(free_index_largest)
#define free_index_valid                 IN_LAYOUT(free_index_valid)
#define space_take                       IN_LAYOUT(space_take)
#define space_take_large                 IN_LAYOUT(space_take_large)
#define space_units_at                   IN_LAYOUT(space_units_at)
#define space_claim                      IN_LAYOUT(space_claim)
#define space_largest                    IN_LAYOUT(space_largest)
#define quarantine_holds                 IN_LAYOUT(quarantine_holds)
#define quarantine_swap                  IN_LAYOUT(quarantine_swap)
#define quarantine_empty                 IN_LAYOUT(quarantine_empty)
/* clang-format on */

#endif

#include "heap_size.h"
