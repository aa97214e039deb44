/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#define LINE 20

/* Armv7-M ARM, B3.4.5: interrupt set-pending register 0. */
#define NVIC_ISPR0 ((volatile uint32_t *)0xe000e200u)

static K_SEM_DEFINE(sem, 0, UINT32_MAX);
static struct row row;

ISR_DIRECT_DECLARE(handler_give)
{
    k_sem_give(&sem);
    return 1;
}

ISR_DIRECT_DECLARE(handler_empty)
{
    return 0;
}

static void take_for_ever(void *p1, void *p2, void *p3)
{
    uint32_t around = *(uint32_t *)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)meter_call(FN(k_sem_take), (uintptr_t)&sem, 0, LOW(K_FOREVER), HIGH(K_FOREVER));
        row_measured(&row, around);
    }
}

static void measure(const char *name, void (*handler)(void), uint32_t around)
{
    row = (struct row){0};
    (void)meter_mark(name);
    IRQ_DIRECT_CONNECT(LINE, 1, handler, 0);
    irq_enable(LINE);
    bench_start(0, take_for_ever, &around, HIGHER);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        meter_pend(NVIC_ISPR0, BIT(LINE));
        if (handler == handler_empty) {
            row_measured(&row, around);
        }
    }
    irq_disable(LINE);
    bench_abort(1);
    row_print(name, &row);
}

void bench_interrupt(void)
{
    meter_handler_fn = FN(k_sem_give);
    meter_handler_arg = &sem;
    measure("K6.base_pend_empty_isr", handler_empty, METER_CALL);
    measure("K6a.pend_to_thread", handler_give, METER_CALL);
    /* The handler loads its argument and its target from memory: one literal more than C would. */
    measure("K6b.handler_to_thread", meter_handler, METER_HANDLER + 3);
}
