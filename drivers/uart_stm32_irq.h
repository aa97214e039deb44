/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The USART of the STM32F1, F2 and F4 without its DMA requests: ST RM0041 chapter 23, RM0090
 * chapter 30. The core moves the bytes; the board's setup switches clock and pins on.
 */
#pragma once

#include "uart_irq.h"

extern const struct uart_irq_hardware uart_stm32_irq;

#define UART_STM32_IRQ_DEFINE(id, line, irq_priority, ...)                                         \
    UART_IRQ_DEFINE(id, uart_stm32_irq, line, irq_priority, __VA_ARGS__)
