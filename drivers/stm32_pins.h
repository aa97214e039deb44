/* SPDX-License-Identifier: Apache-2.0 */
/* What an STM32F4 peripheral needs before it works: its clock and its pins. ST RM0090, "Reset and
 * clock control" and "General-purpose I/Os". */
#pragma once

#include "../lib/util.h"

/* A bit of one of RCC's enable registers. */
struct stm32_clock_gate {
    uintptr_t enable_register;
    unsigned bit;
};

/* A pin that belongs to a peripheral: no pull, push-pull, its alternate function 0 to 15. */
struct stm32_pin {
    uintptr_t port; /* registers of GPIOx */
    struct stm32_clock_gate gate;
    uint8_t pin; /* 0 to 15 */
    uint8_t function;
};

/* Switches the clock on and waits the two cycles that the peripheral takes. Context: any. */
void stm32_clock_enable(const struct stm32_clock_gate *gate);

/* Gives the pin to its peripheral. Context: before anything else uses the port's other pins. */
void stm32_pin_init(const struct stm32_pin *pin);
