/* SPDX-License-Identifier: Apache-2.0 */
/* The clock: SysTick, which counts 24 bits down with the processor's clock (Armv7-M ARM B3.3). */
#include "../../../lib/util.h"
#include "../../arch.h"
#include "../../timeout.h"
#include "exception.h"

#define COUNTER_MAX 0xffffffu
BUILD_ASSERT(CYCLES_PER_TICK >= 100 && CYCLES_PER_TICK <= COUNTER_MAX,
             "SysTick counts 24 bits: change CONFIG_SYS_CLOCK_TICKS_PER_SEC");

BUILD_ASSERT(UINT64_C(1) * CYCLES_PER_TICK * CONFIG_SYS_CLOCK_TICKS_PER_SEC <=
                 UINT64_C(1) * CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC * 1001 / 1000,
             "no whole number of cycles makes ticks that are right to 0.1 %: change "
             "CONFIG_SYS_CLOCK_TICKS_PER_SEC");

static void counter_start(uint32_t load)
{
    SysTick->LOAD = load;
    SysTick->VAL = 0;
    SysTick->CTRL = SysTick_CTRL_CLKSOURCE_Msk | SysTick_CTRL_TICKINT_Msk | SysTick_CTRL_ENABLE_Msk;
}

#ifdef CONFIG_TICKLESS_KERNEL
/*
 * The counter always reloads with its maximum, so what it shows and one bit, COUNTFLAG, tell how
 * much time has passed, as long as they are looked at before it has gone round twice. It interrupts
 * at each 0, at the latest every 2^24 cycles, and the interrupt looks. For an alarm that is due
 * before the counter gets to 0 by itself, it is cut: reloaded once with the time that is left.
 */
#define COUNTER_PERIOD (COUNTER_MAX + 1)

/* Shorter alarms than this could pass before the cut is over. */
#define CUT_MIN_CYCLES 64u

/* All of it is protected by the interrupt lock. */
static uint32_t seen;         /* the counter when `cycles` was true; COUNTER_PERIOD stands for 0 */
static uint32_t cycles;       /* since the last announced tick */
static uint32_t access_16ths; /* sixteenths of a cycle from one access of the counter to the next */
static uint32_t lost_16ths;   /* what the cuts have cost beyond whole cycles */

/* COUNTFLAG is cleared by reading it. The counter may get to 0 between two instructions: what it
 * shows belongs to the flag only if it was read before a flag that is clear or after one that is
 * set. */
static void count_cycles(void)
{
    uint32_t now = SysTick->VAL;

    if ((SysTick->CTRL & SysTick_CTRL_COUNTFLAG_Msk) != 0) {
        now = SysTick->VAL;
        now = now == 0 ? COUNTER_PERIOD : now;
        cycles += COUNTER_PERIOD;
    }
    cycles += seen - now;
    seen = now;
}

static void reload(void)
{
    SysTick->VAL = 0;
    while (SysTick->VAL == 0) {
        /* The next cycle reloads it. */
    }
}

/*
 * From the look at the counter to its new value nothing counts: that is what an access takes, and
 * the cycle in which it is 0.
 */
static void cut(uint32_t left)
{
    uint32_t last;

    SysTick->LOAD = left;
    __asm__ volatile("ldr %0, [%1]\n str %2, [%1]" : "=&l"(last) : "l"(&SysTick->VAL), "l"(0));
    while (SysTick->VAL == 0) {
    }
    SysTick->LOAD = COUNTER_MAX;
    lost_16ths += access_16ths;
    cycles += ((seen - last) & COUNTER_MAX) + lost_16ths / 16 + 1;
    lost_16ths %= 16;
    seen = left;
    if ((SysTick->CTRL & SysTick_CTRL_COUNTFLAG_Msk) != 0) {
        /* An interrupt that is never masked took so long that the alarm has passed and the counter
         * reloaded with either value. */
        cycles += left;
        reload();
        seen = SysTick->VAL;
    }
}

uint32_t arch_clock_elapsed_locked(void)
{
    count_cycles();
    return cycles / CYCLES_PER_TICK;
}

void arch_clock_alarm_locked(uint64_t ticks)
{
    uint32_t left;

    if (ticks > COUNTER_MAX / CYCLES_PER_TICK) {
        return; /* the counter is 0 before */
    }
    count_cycles();
    left = (uint32_t)ticks * CYCLES_PER_TICK;
    left = MAX(left, cycles + CUT_MIN_CYCLES) - cycles;
    if (left < seen) {
        cut(left);
    }
}

static uint32_t take_elapsed_ticks(void)
{
    uint32_t ticks = arch_clock_elapsed_locked();

    cycles -= ticks * CYCLES_PER_TICK;
    return ticks;
}

/* Sixteen looks in a row. */
static uint32_t measure_access(void)
{
    uint32_t first;
    uint32_t last;

    __asm__ volatile("ldr %0, [%2]\n"
                     ".rept 16\n"
                     "ldr %1, [%2]\n"
                     ".endr\n"
                     : "=&l"(first), "=&l"(last)
                     : "l"(&SysTick->VAL));
    return first - last;
}

void arch_clock_start(void)
{
    counter_start(COUNTER_MAX);
    reload();
    access_16ths = measure_access();
    seen = SysTick->VAL;
}

void systick_handler(void)
{
    arch_irq_mask();
    timeout_announce_masked(take_elapsed_ticks());
}

uint32_t arch_clock_cycles_locked(void)
{
    count_cycles();
    return cycles;
}

#else

void arch_clock_start(void)
{
    counter_start(CYCLES_PER_TICK - 1);
}

void systick_handler(void)
{
    timeout_announce(1);
}

/* Between its interrupt and the announcement a tick is missing for handlers that come first. */
uint32_t arch_clock_cycles_locked(void)
{
    uint32_t left = SysTick->VAL;
    uint32_t passed = 0;

    if ((SCB->ICSR & SCB_ICSR_PENDSTSET_Msk) != 0) {
        left = SysTick->VAL; /* after the reload */
        passed = CYCLES_PER_TICK;
    }
    return passed + (left == 0 ? 0 : CYCLES_PER_TICK - left);
}
#endif
