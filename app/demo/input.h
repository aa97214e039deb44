/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes from the UART, received by DMA into two buffers that take turns. */
#pragma once

#include <zephyr/drivers/uart.h>

/* Starts reception. 0, or a negative errno. */
int input_start(const struct device *uart);

/*
 * Waits for bytes and returns how many there are at *bytes; they stay valid until the next call.
 * While nobody calls, the buffers fill up, reception pauses, and the line has to wait: on the
 * emulator it does; a real line needs flow control for that.
 */
size_t input_get(const uint8_t **bytes);

/* Ends reception and gives the buffers back. */
void input_stop(void);

/* Takes an event of the UART; others than those of reception are none of its business. */
void input_event(const struct uart_event *event);

/* Bytes that came by DMA. */
uint64_t input_bytes(void);
