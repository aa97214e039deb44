/* SPDX-License-Identifier: Apache-2.0 */
#include "../../../lib/util.h"
#include "../../arch.h"
#include "../../timeout.h"
#include "exception.h"

#define CYCLES_PER_TICK (CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC)
BUILD_ASSERT(CYCLES_PER_TICK >= 100 && CYCLES_PER_TICK <= 0x1000000,
             "SysTick counts 24 bits: change CONFIG_SYS_CLOCK_TICKS_PER_SEC");

void arch_tick_start(void)
{
    /* Armv7-M ARM B3.3: reload, clear, then processor clock + interrupt + enable. */
    SysTick->LOAD = CYCLES_PER_TICK - 1;
    SysTick->VAL = 0;
    SysTick->CTRL = SysTick_CTRL_CLKSOURCE_Msk | SysTick_CTRL_TICKINT_Msk | SysTick_CTRL_ENABLE_Msk;
}

void systick_handler(void)
{
    timeout_announce(1);
}
