/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arm's PrimeCell UART (PL011): DDI 0183G. Buffers of 16 bytes each way; the core moves the bytes.
 * Board facts: registers, clock_hz of UARTCLK, baudrate, the combined interrupt UARTINTR.
 */
#pragma once

#include "uart_irq.h"

extern const struct uart_irq_hardware uart_pl011;

#define UART_PL011_DEFINE(id, line, irq_priority, ...)                                             \
    UART_IRQ_DEFINE(id, uart_pl011, line, irq_priority, __VA_ARGS__)
