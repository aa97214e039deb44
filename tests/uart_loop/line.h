/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real UART whose transmit line leads to its receive line. Everything that it tells is written
 * down in the words of tests/uart_async/src/fake_uart.h. The results of the tests do not go over
 * this line, but to the emulator (semihosting).
 */
#pragma once

#include <errno.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/ztest.h>

#include "../../drivers/uart_async.h"

#define BUFFERS      6u
#define BUFFER_MAX   64u
#define LINE_LOG     160u
#define LINE_LIMIT   K_SECONDS(5)
#define LINE_IS_SLOW K_SECONDS(30)

struct line {
    const struct device *uart;
    char log[LINE_LOG];
    uint8_t bytes[BUFFERS][BUFFER_MAX];
    bool given[BUFFERS];
    size_t answer_bytes; /* not 0: RX_BUF_REQUEST is answered at once with such a buffer */
    unsigned abort_in;   /* not 0: the how manieth RX_RDY from now on aborts the transmission */
    uint8_t next_out;    /* what goes on the line next: a counter */
    uint8_t next_seen;   /* what must come next */
    size_t sent;         /* bytes that went on the line, polled or as events tell */
    size_t seen;         /* bytes that came, as events tell or polled */
    bool sending;
    bool aborted; /* how the last transmission ended */
};

extern struct line line;

/* The second half's own view: drivers begin their data with it. */
static inline const struct uart_async *line_async(void)
{
    return line.uart->data;
}

/* An idle line without bytes on it, an empty log. */
void line_reset(void);

/* Ends what is running and takes what is on the line: every byte sent must have come. */
void line_finish(void);

/* Takes what has come, by polling. */
void line_poll(void);

/* Sends `count` bytes by polling, and waits until they have come if somebody receives. */
void line_arrive(size_t count);

/* Enables with, or adds, a buffer of `bytes` that the program owns; returns the call's result. */
int line_enable(size_t bytes, int32_t quiet_us);
int line_answer(size_t bytes);

/* Starts a transmission of the next `count` bytes of the counter, at most 256. */
int line_send(size_t count, int32_t timeout_us);

/* Waits for its end; false: it does not come. */
bool line_sent(void);

/* Waits until all bytes that were sent have come; false: they do not. */
bool line_quiet(void);

/* True when the image was started with this word. */
bool started_with(const char *word);
