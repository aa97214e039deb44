/* SPDX-License-Identifier: Apache-2.0 */
/* Heaps: k_malloc, K_HEAP_DEFINE with a thread that waits, sys_heap on a buffer of one's own. */
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/sys_heap.h>

#include "parts.h"

K_HEAP_DEFINE(parcels, 512);
K_THREAD_STACK_DEFINE(customer_stack, 1024);
static struct k_thread customer;
static void *got;

static void buy(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    got = k_heap_alloc(&parcels, 200, K_SECONDS(5));
}

static bool waiting_works(void)
{
    void *large = k_heap_alloc(&parcels, 256, K_NO_WAIT);
    bool refused = k_heap_alloc(&parcels, 200, K_MSEC(20)) == NULL;

    k_thread_create(&customer, customer_stack, K_THREAD_STACK_SIZEOF(customer_stack), buy, NULL,
                    NULL, NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
    k_heap_free(&parcels, large);
    k_thread_join(&customer, K_FOREVER);
    k_heap_free(&parcels, got);
    return large != NULL && refused && got != NULL;
}

static bool malloc_works(void)
{
    char *text = k_malloc(10);
    int *numbers = k_calloc(20, sizeof(int));
    void *aligned = k_aligned_alloc(32, 50);
    bool ok = text != NULL && numbers != NULL && numbers[19] == 0 && aligned != NULL &&
              ((uintptr_t)aligned & 31) == 0;

    strcpy(text, "parcel");
    text = k_realloc(text, 100);
    ok = ok && text != NULL && strcmp(text, "parcel") == 0;
    k_free(text);
    k_free(numbers);
    k_free(aligned);
    k_free(NULL);
    return ok;
}

static bool sys_heap_works(void)
{
    static char memory[600] __aligned(8);
    struct sys_heap heap;
    void *a;
    void *b;
    bool ok;

    sys_heap_init(&heap, memory, sizeof(memory));
    a = sys_heap_alloc(&heap, 100);
    b = sys_heap_aligned_alloc(&heap, 64, 100);
    ok = a != NULL && b != NULL && sys_heap_usable_size(&heap, a) >= 100;
    a = sys_heap_realloc(&heap, a, 20);
    ok = ok && a != NULL && sys_heap_validate(&heap);
    sys_heap_free(&heap, b);
    sys_heap_free(&heap, a);
    return ok;
}

void heap_part(void)
{
    done("heaps", malloc_works() && waiting_works() && sys_heap_works());
}
