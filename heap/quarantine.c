/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include "quarantine.h"

#if QUARANTINE > 0

#include "free.h"

bool quarantine_holds(const struct sys_heap *heap, const void *mem)
{
    for (unsigned i = 0; i < QUARANTINE; i++) {
        if (heap->quarantine[i] == mem) {
            return true;
        }
    }
    return false;
}

static void check_poison(const struct sys_heap *heap, const struct chunk *chunk)
{
    const uint8_t *content = (const uint8_t *)chunk;
    size_t bytes = poison_bytes(chunk, chunk_used_units(chunk));

    for (size_t i = 0; i < bytes; i++) {
        ASSERT(content[i] == POISON_BYTE, "H15 block was written after it was freed", heap, chunk);
    }
}

void *quarantine_swap(struct sys_heap *heap, void *mem)
{
    void *leaving = heap->quarantine[heap->quarantine_next];

    if (leaving != NULL) {
        check_poison(heap, leaving);
    }
    heap->quarantine[heap->quarantine_next] = mem;
    heap->quarantine_next = (heap->quarantine_next + 1) % QUARANTINE;
    return leaving;
}

bool quarantine_empty(struct sys_heap *heap)
{
    bool any = false;

    for (unsigned i = 0; i < QUARANTINE; i++) {
        void *leaving = quarantine_swap(heap, NULL);

        if (leaving != NULL) {
            free_at_once(heap, leaving);
            any = true;
        }
    }
    return any;
}

#endif
