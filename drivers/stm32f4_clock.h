/* SPDX-License-Identifier: Apache-2.0 */
/* The clock tree of the STM32F4: crystal, PLL, buses, wait states of the flash. ST RM0090, "Reset
 * and clock control" and "Embedded Flash memory interface". */
#pragma once

#include "../lib/util.h"

/* SYSCLK = crystal / m * n / p; 48 MHz clock = crystal / m * n / q. */
struct stm32f4_clock {
    uint8_t m;           /* 2 to 63; crystal / m is 1 to 2 MHz */
    uint16_t n;          /* 50 to 432; times crystal / m is 100 to 432 MHz */
    uint8_t p;           /* 2, 4, 6, 8 */
    uint8_t q;           /* 2 to 15 */
    uint8_t apb1_shift;  /* APB1 = SYSCLK >> shift, at most 42 MHz; 0 to 4 */
    uint8_t apb2_shift;  /* APB2 = SYSCLK >> shift, at most 84 MHz; 0 to 4 */
    uint8_t flash_waits; /* RM0090, table "Number of wait states according to CPU clock" */
};

/*
 * Leaves the internal oscillator for the PLL. Context: reset.
 * Fails iff: -ETIMEDOUT the crystal or the PLL does not start; the internal 16 MHz go on. Bound: a
 * fixed count of looks.
 */
int stm32f4_clock_init(const struct stm32f4_clock *clock) __must_check;
