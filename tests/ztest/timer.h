/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A timer of the board that nothing else uses; boot/board/<name>/defconfig says which. It interrupts
 * line CONFIG_TEST_TIMER_IRQ.
 */
#pragma once

#include "../../lib/util.h"

#define TEST_TIMER_REGISTER(offset) (*(volatile uint32_t *)(CONFIG_TEST_TIMER_BASE + (offset)))

#if defined(CONFIG_TEST_TIMER_CMSDK)

/* CMSDK APB timer (Arm DDI 0479D, 4.4): counts down. */
#define TIMER_CTRL     TEST_TIMER_REGISTER(0x0)
#define TIMER_VALUE    TEST_TIMER_REGISTER(0x4)
#define TIMER_RELOAD   TEST_TIMER_REGISTER(0x8)
#define TIMER_INTCLEAR TEST_TIMER_REGISTER(0xc)

static inline void test_timer_stop(void)
{
    TIMER_CTRL = 0;
    TIMER_INTCLEAR = 1;
}

static inline void test_timer_start(uint32_t ticks)
{
    test_timer_stop();
    TIMER_RELOAD = ticks;
    TIMER_VALUE = ticks;
    TIMER_CTRL = BIT(0) | BIT(3); /* enable, interrupt */
}

static inline void test_timer_count_freely(void)
{
    TIMER_RELOAD = UINT32_MAX;
    TIMER_CTRL = BIT(0);
}

static inline uint32_t test_timer_count(void)
{
    return UINT32_MAX - TIMER_VALUE;
}

#elif defined(CONFIG_TEST_TIMER_SSE)

/*
 * System timer and counter of the SSE-300 (Arm 101773, "Timestamp-based timers"): interrupts while
 * the counter is beyond a value. At 32 MHz a count is not a whole number of nanoseconds, and QEMU
 * 7.2 never comes back from an alarm at such a time; so an alarm is at every fourth count, 125 ns.
 */
#define TIMER_COUNT     TEST_TIMER_REGISTER(0x00)          /* CNTPCT_LOW */
#define TIMER_ALARM     TEST_TIMER_REGISTER(0x20)          /* CNTP_CVAL_LOW */
#define TIMER_CTL       TEST_TIMER_REGISTER(0x2c)          /* CNTP_CTL: enable */
#define COUNTER_CONTROL (*(volatile uint32_t *)0x58100000) /* CNTCR: enable */

static inline void test_timer_count_freely(void)
{
    /* A write would count on from the present moment, which is no fourth count. */
    if ((COUNTER_CONTROL & BIT(0)) == 0) {
        COUNTER_CONTROL = BIT(0);
    }
}

static inline uint32_t test_timer_count(void)
{
    return TIMER_COUNT;
}

static inline void test_timer_stop(void)
{
    TIMER_CTL = 0;
}

static inline void test_timer_start(uint32_t ticks)
{
    test_timer_stop();
    test_timer_count_freely();
    TIMER_ALARM = (TIMER_COUNT / 4 + ticks + 1) * 4;
    TIMER_CTL = BIT(0);
}

#else
#error "The board's defconfig has no CONFIG_TEST_TIMER_...: the suite cannot run on it"
#endif
