/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#define HEAP_BYTES 4096
#define BLOCK      64

static char memory[HEAP_BYTES] __aligned(8);
static struct k_heap heap;
static struct row row;

/* Each call of a k_heap and the same call of its sys_heap, in the same state. */
static void bench_plain(void)
{
    struct row rows[4] = {0};

    k_heap_init(&heap, memory, sizeof(memory));
    (void)meter_mark("H.k_heap_alloc");
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        uintptr_t block = meter_call(FN(sys_heap_alloc), (uintptr_t)&heap.heap, BLOCK, 0, 0);

        row_measured(&rows[0], METER_CALL);
        (void)meter_call(FN(sys_heap_free), (uintptr_t)&heap.heap, block, 0, 0);
        row_measured(&rows[1], METER_CALL);
        /* k_heap_alloc(heap, bytes, timeout): the timeout's two words are K_NO_WAIT. */
        block = meter_call(FN(k_heap_alloc), (uintptr_t)&heap, BLOCK, 0, 0);
        row_measured(&rows[2], METER_CALL);
        (void)meter_call(FN(k_heap_free), (uintptr_t)&heap, block, 0, 0);
        row_measured(&rows[3], METER_CALL);
    }
    row_print("H.sys_heap_alloc", &rows[0]);
    row_print("H.sys_heap_free", &rows[1]);
    row_print("H.k_heap_alloc", &rows[2]);
    row_print("H.k_heap_free", &rows[3]);
}

static void alloc_for_ever(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)meter_mark("H.k_heap_alloc_waits");
    for (;;) {
        void **block = p1;

        *block = (void *)meter_call(FN(k_heap_alloc), (uintptr_t)&heap, HEAP_BYTES / 2,
                                    LOW(K_FOREVER), HIGH(K_FOREVER));
        row_measured(&row, METER_CALL);
    }
}

/* The block of the caller goes to the more urgent thread that waits for it. */
static void bench_hand_over(void)
{
    static void *held;
    void *block;

    row = (struct row){0};
    k_heap_init(&heap, memory, sizeof(memory));
    (void)meter_mark("H.k_heap_free_wakes");
    block = k_heap_alloc(&heap, HEAP_BYTES / 2, K_NO_WAIT);
    bench_start(0, alloc_for_ever, &held, HIGHER);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(FN(k_heap_free), (uintptr_t)&heap, (uintptr_t)block, 0, 0);
        block = held; /* what the other got; it waits again */
    }
    bench_abort(1);
    row_print("H.k_heap_free_wakes", &row);
}

static K_SEM_DEFINE(freed, 0, UINT32_MAX);
static uint32_t retry_begin;

static void retry_for_ever(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)meter_mark("H.retry_alloc_waits");
    for (;;) {
        void **block = p1;
        unsigned key = irq_lock();

        while ((*block = sys_heap_alloc(&heap.heap, HEAP_BYTES / 2)) == NULL) {
            irq_unlock(key);
            (void)k_sem_take(&freed, K_FOREVER);
            key = irq_lock();
        }
        irq_unlock(key);
        (void)meter_call(FN(k_is_pre_kernel), 0, 0, 0, 0);
        meter_begin = retry_begin;
        row_measured(&row, METER_CALL + 4);
    }
}

static void free_and_wake(void *mem)
{
    unsigned key = irq_lock();

    sys_heap_free(&heap.heap, mem);
    irq_unlock(key);
    retry_begin = meter_begin;
    k_sem_give(&freed);
}

/* The same by waking up and trying again, the usual way, with one waiter: its best case. */
static void bench_retry(void)
{
    static void *held;
    void *block;

    row = (struct row){0};
    k_heap_init(&heap, memory, sizeof(memory));
    (void)meter_mark("H.retry_free_wakes");
    block = k_heap_alloc(&heap, HEAP_BYTES / 2, K_NO_WAIT);
    bench_start(0, retry_for_ever, &held, HIGHER);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(FN(free_and_wake), (uintptr_t)block, 0, 0, 0);
        block = held;
    }
    bench_abort(1);
    row_print("H.retry_free_wakes", &row);
}

void bench_heap(void)
{
    bench_plain();
    bench_hand_over();
    bench_retry();
}
