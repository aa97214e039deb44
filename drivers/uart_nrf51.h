/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The UART of the nRF51: nRF51 Series Reference Manual v3.0, chapter 29. The core moves the bytes;
 * the board's setup selects the pins. Its rates are those of a table.
 */
#pragma once

#include "uart_irq.h"

/* Pin selection, for a board's setup (29.10). */
#define UART_NRF51_PSELTXD 0x50cu
#define UART_NRF51_PSELRXD 0x514u

extern const struct uart_irq_hardware uart_nrf51;

#define UART_NRF51_DEFINE(id, line, irq_priority, ...)                                             \
    UART_IRQ_DEFINE(id, uart_nrf51, line, irq_priority, __VA_ARGS__)
