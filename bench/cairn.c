/* SPDX-License-Identifier: Apache-2.0 */
/* Cairn's heap as a subject, at the price a program pays: sys_heap_* of libheap.a. */
#include <zephyr/sys/sys_heap.h>

#include "board.h"
#include "meter.h"
#include "subject.h"

static struct sys_heap heap;

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item);
_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    (void)object;
    (void)item;
    board_fail(invariant);
}

void subject_init(void *mem, size_t bytes)
{
    sys_heap_init(&heap, mem, bytes);
}

void *subject_alloc(size_t bytes)
{
    return (void *)meter_call((meter_fn)sys_heap_alloc, (uintptr_t)&heap, bytes, 0);
}

void subject_free(void *mem)
{
    (void)meter_call((meter_fn)sys_heap_free, (uintptr_t)&heap, (uintptr_t)mem, 0);
}

void *subject_aligned_alloc(size_t align, size_t bytes)
{
    return (void *)meter_call((meter_fn)sys_heap_aligned_alloc, (uintptr_t)&heap, align, bytes);
}

void *subject_realloc(void *mem, size_t bytes)
{
    return (void *)meter_call((meter_fn)sys_heap_realloc, (uintptr_t)&heap, (uintptr_t)mem, bytes);
}
