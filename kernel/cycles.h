/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cycle counter: the clock's ticks and what its hardware has counted since the last. It runs at
 * CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC, also while the processor sleeps. On a PC it only changes
 * where time passes: while nobody runs, and in k_busy_wait.
 */
#pragma once

#include "timeout.h"

/* Cycles since boot. Context: any. Bound: constant. */
uint64_t k_cycle_get_64(void);

/* The low 32 bits: differences are right up to 2^32 - 1 cycles. Context: any. Bound: constant. */
static inline uint32_t k_cycle_get_32(void)
{
    return (uint32_t)k_cycle_get_64();
}

/* The length of a second. */
static inline uint32_t sys_clock_hw_cycles_per_sec(void)
{
    return CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC;
}

/*
 * Spins for at least `us` microseconds; others run meanwhile if they are more urgent. Context: any.
 * On a PC: no time passes in an interrupt or with interrupts locked, it returns at once there.
 * Bound: `us`, and what others take.
 */
void k_busy_wait(uint32_t us);

#define CYCLE_HZ CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC
DEFINE_CONVERSIONS(cyc, CYCLE_HZ, sec, 1)
DEFINE_CONVERSIONS(cyc, CYCLE_HZ, ms, MSEC_PER_SEC)
DEFINE_CONVERSIONS(cyc, CYCLE_HZ, us, USEC_PER_SEC)
DEFINE_CONVERSIONS(cyc, CYCLE_HZ, ns, NSEC_PER_SEC)
DEFINE_CONVERSIONS(cyc, CYCLE_HZ, ticks, TICK_HZ)
DEFINE_CONVERSIONS(sec, 1, cyc, CYCLE_HZ)
DEFINE_CONVERSIONS(ms, MSEC_PER_SEC, cyc, CYCLE_HZ)
DEFINE_CONVERSIONS(us, USEC_PER_SEC, cyc, CYCLE_HZ)
DEFINE_CONVERSIONS(ns, NSEC_PER_SEC, cyc, CYCLE_HZ)
DEFINE_CONVERSIONS(ticks, TICK_HZ, cyc, CYCLE_HZ)
