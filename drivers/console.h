/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sink for printk that never waits: characters go into a ring and leave by uart_tx in the
 * background, so that an interrupt handler may print. What does not fit is dropped and counted, and
 * the text says where: "[17 lost]". In the end, and in a fault, the rest comes out by polling (D9).
 *
 * CONFIG_CONSOLE_DEFERRED=y puts the board's console behind it. The UART is then the console's: a
 * program must not set another callback.
 */
#pragma once

#include "uart.h"

/*
 * Takes `uart` over. Context: before the scheduler, once.
 * Fails iff: what uart_callback_set says, or -ENOMEM no memory for the ring. Bound: constant.
 */
int console_start(const struct device *uart);

/* Puts a character into the ring. Context: any. Bound: constant; the line's after console_flush. */
void console_put(char character);

/* Waits until everything is out, and polls from now on. Context: any, also a fault handler. */
void console_flush(void);

/* Characters that were dropped so far. Context: any. */
uint32_t console_lost(void);

/* Characters in the ring. Context: any. */
size_t console_pending(void);
