/* SPDX-License-Identifier: Apache-2.0 */
#include "multi_heap.h"

#include <string.h>

#include "../lib/assert.h"

void sys_multi_heap_init(struct sys_multi_heap *multi, sys_multi_heap_fn_t choice_fn)
{
    multi->nheaps = 0;
    multi->choice = choice_fn;
}

void sys_multi_heap_add_heap(struct sys_multi_heap *multi, struct sys_heap *heap, void *user_data)
{
    unsigned at = multi->nheaps;

    ASSERT(at < MAX_MULTI_HEAPS, "H9 multi-heap is full", multi, heap);
    while (at > 0 && (uintptr_t)multi->heaps[at - 1].heap->init_mem > (uintptr_t)heap->init_mem) {
        multi->heaps[at] = multi->heaps[at - 1];
        at--;
    }
    multi->heaps[at] = (struct sys_multi_heap_rec){heap, user_data};
    multi->nheaps++;
}

void *sys_multi_heap_aligned_alloc(struct sys_multi_heap *multi, void *cfg, size_t align,
                                   size_t bytes)
{
    return multi->choice(multi, cfg, align, bytes);
}

void *sys_multi_heap_alloc(struct sys_multi_heap *multi, void *cfg, size_t bytes)
{
    return multi->choice(multi, cfg, 0, bytes);
}

const struct sys_multi_heap_rec *sys_multi_heap_get_heap(const struct sys_multi_heap *multi,
                                                         void *addr)
{
    for (unsigned i = 0; i < multi->nheaps; i++) {
        const struct sys_heap *heap = multi->heaps[i].heap;

        if ((uintptr_t)addr - (uintptr_t)heap->init_mem < heap->init_bytes) {
            return &multi->heaps[i];
        }
    }
    return NULL;
}

static struct sys_heap *heap_of(const struct sys_multi_heap *multi, void *block)
{
    const struct sys_multi_heap_rec *rec = sys_multi_heap_get_heap(multi, block);

    ASSERT(rec != NULL, "H8 address is in no heap of the multi-heap", multi, block);
    return rec->heap;
}

void sys_multi_heap_free(struct sys_multi_heap *multi, void *block)
{
    if (block != NULL) {
        sys_heap_free(heap_of(multi, block), block);
    }
}

void *sys_multi_heap_aligned_realloc(struct sys_multi_heap *multi, void *cfg, void *mem,
                                     size_t align, size_t bytes)
{
    struct sys_heap *heap;
    void *block;

    if (mem == NULL) {
        return sys_multi_heap_aligned_alloc(multi, cfg, align, bytes);
    }
    heap = heap_of(multi, mem);
    block = sys_heap_aligned_realloc(heap, mem, align, bytes);
    if (block != NULL || bytes == 0) {
        return block;
    }
    block = sys_multi_heap_aligned_alloc(multi, cfg, align, bytes);
    if (block != NULL) {
        memcpy(block, mem, MIN(bytes, sys_heap_usable_size(heap, mem)));
        sys_heap_free(heap, mem);
    }
    return block;
}
