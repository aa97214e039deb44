/* SPDX-License-Identifier: Apache-2.0 */
/* The program's side of a UART under test: four buffers, and what the driver tells, as text. */
#pragma once

#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#define BUFFER_MAX  64
#define MISSED_BYTE 0xee /* a frame with an error: nobody knows what it holds */

/* Starts anew with these buffers, A to D; they get a pattern, A's is j ^ 0x40. */
void events_begin(const struct device *uart, uint8_t *const buffers[4]);

/* Nothing is answered or sent from callbacks any more. */
void events_end(void);

/* Whether every buffer has come back. */
bool buffers_are_back(void);

uint8_t *buffer(char name);

/* The driver has been given this buffer. */
void uart_own(char name);

/* uart_tx; counted. */
int send_bytes(const uint8_t *bytes, size_t count, int32_t timeout_us);

/* The events of reception, or of transmission, since the last look are exactly `expected`. */
bool events_are(const char *expected);
bool sent_events_are(const char *expected);

/* The same, to be looked at; starts anew. */
const char *events_take(void);
const char *sent_events_take(void);

/* Bytes told so far, all in order. */
unsigned received_count(void);

/* Bytes that TX_DONE and TX_ABORTED have told. */
size_t transmitted_count(void);

/* Transmissions that have begun and of which no end was told. */
unsigned transmissions_running(void);

/* Callbacks hand over the buffers in `names` when they are asked for one, with `bytes` bytes each;
 * "*": B, C, D, A and so on for ever. */
void answer_requests_with(const char *names, size_t bytes);

/* Another transmission of buffer A from TX_DONE, so many times. */
void chain_transmissions(unsigned times, size_t bytes);

/* Called before each event is looked at; NULL: nothing is. */
extern void (*event_hook)(void);
