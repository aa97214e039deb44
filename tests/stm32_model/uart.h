/* SPDX-License-Identifier: Apache-2.0 */
/* A USART under test, and what it tells, as text. */
#pragma once

#include "board.h"

#define UART         DEVICE_GET(usart1)
#define BUFFER_MAX   64
#define BUFFER_KINDS 2 /* 0: the DMA reaches them; 1: it does not */
#define KIND_WRONG   2 /* it does not, but the board's table says so */
#define KIND_DMA2    3 /* DMA2 reaches them */
#define KIND_STATIC  4 /* the image's own, within reach */

/* Buffers A to D, all of `kind`; everything idle. */
void uart_make(unsigned kind);

/* Has everything end and gives the buffers back; fails the test if one is still the driver's. */
void uart_end(void);

uint8_t *buffer(char name);

/*
 * The events since the last call are exactly `expected`, one word each:
 *     ?         RX_BUF_REQUEST          A0+5   RX_RDY of 5 bytes of A from 0
 *     -A        RX_BUF_RELEASED         .      RX_DISABLED
 *     !1        RX_STOPPED, reason 1    done5  TX_DONE    abort3  TX_ABORTED
 * Received bytes have been checked against the numbers of the frames when they were told.
 */
bool events_are(const char *expected);

/* The events since the last call, to be looked at; starts anew. */
const char *events_take(void);

/* Bytes received so far, all in order. */
unsigned received_count(void);

/* Bytes that TX_DONE and TX_ABORTED have told since uart_make. */
size_t transmitted_count(void);

/* Callbacks hand over the buffers in `names` when they are asked for one, with `bytes` bytes each;
 * "*": B, C, D, A and so on for ever. */
void answer_requests_with(const char *names, size_t bytes);

/* Checks that the wire carried exactly the first `count` bytes of buffer A. */
bool wire_carried(size_t count);

/* Another transmission of buffer A from TX_DONE, so many times. */
void chain_transmissions(unsigned times, size_t bytes);

/* The driver has been given this buffer. */
void uart_own(char name);
