/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

static void nothing(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
}

static void create(int priority)
{
    k_thread_create(&bench_threads[0], bench_stacks[0], sizeof(bench_stacks[0]), nothing, NULL,
                    NULL, NULL, priority, 0, K_NO_WAIT);
}

static void create_lower(void)
{
    create(LOWER);
}

static void create_run_exit_reap(void)
{
    create(HIGHER);
    (void)k_thread_join(&bench_threads[0], K_FOREVER);
}

void bench_life(void)
{
    struct row made = {0};
    struct row killed = {0};
    struct row reaped = {0};

    (void)meter_mark("K9.create_lower");
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(FN(create_lower), 0, 0, 0, 0);
        row_measured(&made, METER_CALL);
        (void)meter_call(FN(k_thread_abort), (uintptr_t)&bench_threads[0], 0, 0, 0);
        row_measured(&killed, METER_CALL);
    }
    (void)meter_mark("K9.create_run_exit_reap");
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(FN(create_run_exit_reap), 0, 0, 0, 0);
        row_measured(&reaped, METER_CALL);
    }
    row_print("K9.create_lower", &made);
    row_print("K9.kill_other", &killed);
    row_print("K9.create_run_exit_reap", &reaped);
}
