/* SPDX-License-Identifier: Apache-2.0 */
#include "sys_heap.h"

#if defined(CONFIG_SYS_HEAP_ARRAY_SIZE) && CONFIG_SYS_HEAP_ARRAY_SIZE > 0

#include "../lib/errno.h"

static struct {
    struct sys_heap *heap[CONFIG_SYS_HEAP_ARRAY_SIZE];
    int count;
} all;

int sys_heap_array_save(struct sys_heap *heap)
{
    if (heap == NULL) {
        return -EINVAL;
    }
    for (int i = 0; i < all.count; i++) {
        if (all.heap[i] == heap) {
            return 0;
        }
    }
    if (all.count == CONFIG_SYS_HEAP_ARRAY_SIZE) {
        return -EINVAL;
    }
    all.heap[all.count++] = heap;
    return 0;
}

int sys_heap_array_get(struct sys_heap ***heaps)
{
    if (heaps == NULL) {
        return -EINVAL;
    }
    *heaps = all.heap;
    return all.count;
}

#endif
