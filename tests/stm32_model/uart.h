/* SPDX-License-Identifier: Apache-2.0 */
/* A USART under test on the model. */
#pragma once

#include "../uart_scripts/events.h"
#include "board.h"

#define UART         DEVICE_GET(usart1)
#define BUFFER_KINDS 2 /* 0: the DMA reaches them; 1: it does not */
#define KIND_WRONG   2 /* it does not, but the board's table says so */
#define KIND_DMA2    3 /* DMA2 reaches them */
#define KIND_STATIC  4 /* the image's own, within reach */

/* Buffers A to D, all of `kind`; everything idle. */
void uart_make(unsigned kind);

/* Has everything end and gives the buffers back; fails the test if one is still the driver's. */
void uart_end(void);

/* Checks that the wire carried exactly the first `count` bytes of buffer A. */
bool wire_carried(size_t count);
