/* SPDX-License-Identifier: Apache-2.0 */
/* A heap in words. Here and not in heap/, because it prints. */
#pragma once

#include "../heap/sys_heap.h"

#ifdef CONFIG_SYS_HEAP_INFO
/*
 * Prints free chunks by size class and totals, and with `dump_chunks` every chunk. Context: the
 * caller serialises. Bound: linear in chunks.
 */
void sys_heap_print_info(struct sys_heap *heap, bool dump_chunks);
#endif
