/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

static K_SEM_DEFINE(sem, 0, UINT32_MAX);

static struct row row;

static void yield_for_ever(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)meter_call(FN(k_yield), 0, 0, 0, 0);
        row_measured(&row, METER_CALL);
    }
}

static void take_for_ever(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)meter_call(FN(k_sem_take), (uintptr_t)&sem, 0, LOW(K_FOREVER), HIGH(K_FOREVER));
        row_measured(&row, METER_CALL);
    }
}

static void bench_yield(void)
{
    row = (struct row){0};
    (void)meter_mark("K1.yield_switch");
    bench_start(0, yield_for_ever, NULL, MAIN_PRIORITY);
    k_yield();
    row = (struct row){0};
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(FN(k_yield), 0, 0, 0, 0);
        row_measured(&row, METER_CALL);
    }
    bench_abort(1);
    row_print("K1.yield_switch", &row);
}

static void bench_give_wake(void)
{
    row = (struct row){0};
    (void)meter_mark("K2.sem_give_wake");
    bench_start(0, take_for_ever, NULL, HIGHER);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(FN(k_sem_give), (uintptr_t)&sem, 0, 0, 0);
    }
    bench_abort(1);
    row_print("K2.sem_give_wake", &row);
}

static K_SEM_DEFINE(gate, 0, UINT32_MAX);

static void take_quietly(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)k_sem_take(p1, K_FOREVER);
    }
}

/* A thread becomes ready that is less urgent than the caller and `others` more. */
static void bench_give_lower(unsigned others, const char *name)
{
    struct row give = {0};

    (void)meter_mark(name);
    bench_start(0, take_quietly, &sem, LOWER + 1);
    for (unsigned i = 1; i <= others; i++) {
        bench_start(i, take_quietly, &gate, i % 2 == 0 ? LOWER : MAIN_PRIORITY);
    }
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        /* Everybody waits again before the next round. */
        k_thread_priority_set(k_current_get(), LOWER + 2);
        k_thread_priority_set(k_current_get(), HIGHER);
        for (unsigned j = 0; j < others; j++) {
            k_sem_give(&gate);
        }
        (void)meter_call(FN(k_sem_give), (uintptr_t)&sem, 0, 0, 0);
        row_measured(&give, METER_CALL);
    }
    k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
    bench_abort(others + 1);
    k_sem_init(&gate, 0, UINT32_MAX);
    k_sem_init(&sem, 0, UINT32_MAX);
    row_print(name, &give);
}

void bench_switch(void)
{
    bench_yield();
    bench_give_wake();
    bench_give_lower(0, "K12.give_readies_lower_behind_0");
    bench_give_lower(8, "K12.give_readies_lower_behind_8");
    bench_give_lower(32, "K12.give_readies_lower_behind_32");
}
