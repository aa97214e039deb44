/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions, counted by a timer under -icount. */
#pragma once

#include <zephyr/kernel.h>

/* Arm DAI 0505: CMSDK timer 1 at 20 MHz; DDI 0479, "APB timer": control (bit 0: enable), value
 * (counts down), reload. */
#define TIMER1_CTRL   (*(volatile uint32_t *)0x50001000u)
#define TIMER1_VALUE  (*(volatile uint32_t *)0x50001004u)
#define TIMER1_RELOAD (*(volatile uint32_t *)0x50001008u)

#define TICK_NS        50u
#define INSTRUCTION_NS 64u

static inline uint32_t instructions_since(uint32_t begin)
{
    return (uint32_t)((uint64_t)(begin - TIMER1_VALUE) * TICK_NS / INSTRUCTION_NS);
}
