/* SPDX-License-Identifier: Apache-2.0 */
/* Reports lines in input order, by DMA, and frees their messages. */
#pragma once

#include <zephyr/drivers/uart.h>

#include "message.h"

/* Starts the writer's thread. 0, or a negative errno. */
int writer_start(const struct device *uart, int priority);

/* `message` is to be written after those that were expected before it, once it is summed. */
void writer_expect(struct message *message);

/* Its CRC is there; it is the writer's now. */
void writer_summed(struct message *message);

/* Nothing more will be expected: waits until everything is written. */
void writer_finish(void);

/* Takes an event of the UART; others than those of transmission are none of its business. */
void writer_event(const struct uart_event *event);
