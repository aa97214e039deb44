/* SPDX-License-Identifier: Apache-2.0 */
/* The heap once more, for buffers beyond the reach of the small layout. */
#ifdef CONFIG_SYS_HEAP_AUTO

#define HEAP_BIG_COPY

#include "aligned.c"
#include "check.c"
#include "free.c"
#include "free_index.c"
#include "giant_tree.c"
#include "heap_stats.c"
#include "heap_walk.c"
#include "index_valid.c"
#include "quarantine.c"
#include "realloc.c"
#include "space.c"
#include "sys_heap.c"
#include "validate.c"

#endif
