/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep.h"

#include <zephyr/irq.h>

#include "../ztest/timer.h"

/* A sweep that does not end has a body that does not. */
#define POINTS_MAX 200000

/* One bit for each halfword of code that was interrupted; addresses fold at 128 KiB. */
static uint32_t seen[2048];

static struct {
    const struct sweep *sweep;
    unsigned point;
    volatile bool fired;
    uint32_t pc;
    unsigned instructions;
    unsigned total;
} state;

unsigned sweep_point(void)
{
    return state.point;
}

unsigned long sweep_pc(void)
{
    return (unsigned long)state.pc;
}

unsigned sweep_total(void)
{
    return state.total;
}

static void note_pc(uint32_t pc)
{
    uint32_t index = pc / 2 % (ARRAY_SIZE(seen) * 32);
    uint32_t bit = UINT32_C(1) << (index % 32);

    state.pc = pc;
    if ((seen[index / 32] & bit) == 0) {
        seen[index / 32] |= bit;
        state.instructions++;
    }
}

void sweep_fired(const uint32_t *frame);
void sweep_fired(const uint32_t *frame)
{
    test_timer_stop();
    note_pc(frame[6]);
    state.fired = true;
    state.sweep->handler();
}

/* Finds the frame of what was interrupted, a thread or another handler. */
static __attribute__((naked)) void timer_isr(void)
{
    __asm__ volatile("tst lr, #4\n"
                     "ite eq\n"
                     "mrseq r0, msp\n"
                     "mrsne r0, psp\n"
                     "b sweep_fired\n");
}

static void arm_timer(unsigned ticks)
{
    test_timer_start(ticks);
    /* The boundary right behind the store cannot be hit. */
    __asm__ volatile("nop\nnop" ::: "memory");
}

/* True when the interrupt came before the end of the body. */
static bool run_point(const struct sweep *sweep)
{
    bool inside;

    sweep->prepare();
    state.fired = false;
    arm_timer(state.point);
    sweep->body();
    inside = state.fired;
    test_timer_stop();
    sweep->check();
    return inside;
}

unsigned sweep_run(const struct sweep *sweep)
{
    unsigned flags = IS_ENABLED(CONFIG_SWEEP_UNLOCKED) ? IRQ_ZERO_LATENCY : 0;

    IRQ_DIRECT_CONNECT(CONFIG_TEST_TIMER_IRQ, CONFIG_SWEEP_TIMER_PRIORITY, timer_isr, flags);
    irq_enable(CONFIG_TEST_TIMER_IRQ);
    memset(seen, 0, sizeof(seen));
    state.instructions = 0;
    state.sweep = sweep;
    state.point = 1;
    while (run_point(sweep)) {
        state.point++;
        zassert_true(state.point < POINTS_MAX, "%s does not end", sweep->name);
    }
    state.total += state.point - 1;
    printk("# %s: %u points, %u instructions\n", sweep->name, state.point - 1, state.instructions);
    zassert_true(state.instructions > 10, "the interrupt did not reach the code");
    return state.point - 1;
}
