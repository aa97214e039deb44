/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A UART made of memory behind the real uart_async.c: the test is its interrupt and both ends of
 * its wire. Memory that it reaches is a region of its own; everything else has to be bounced.
 *
 * Everything that happens is written down as text, one word an event:
 *   Q request, R<offset>+<len> ready, L<id> released, D disabled, S<reason> stopped,
 *   T<len> sent, A<len> aborted
 */
#pragma once

#include <errno.h>
#include <zephyr/ztest.h>

#include "../../../drivers/uart_async.h"

#define FAKE_REACH      BIT(31)
#define FAKE_BUFFERS    6u
#define FAKE_BUFFER_MAX 32u
#define FAKE_DMA_BYTES  512u
#define FAKE_QUIET_US   2000
#define FAKE_LOG_BYTES  400u

struct fake_buffer {
    uint8_t *bytes;
    bool given; /* the driver's at present */
};

struct fake_uart {
    struct uart_async async;
    bool tx_pending;
    bool rx_pending;
    size_t moves_at_a_time; /* as many bytes as the hardware moves in one go */
    char log[FAKE_LOG_BYTES];

    struct fake_buffer buffers[FAKE_BUFFERS];
    size_t answer_bytes; /* not 0: RX_BUF_REQUEST is answered at once with such a buffer */
    uint8_t next_in;     /* what arrives next on the wire: a counter */
    uint8_t next_seen;   /* what the program must see next */
    unsigned given;
    unsigned released;

    const uint8_t *sent_from; /* the buffer of uart_tx */
    size_t wire_count;        /* bytes of it on the wire */
    void (*on_event)(struct fake_uart *fake, const struct uart_event *event);
};

extern struct fake_uart fake;

/* Which of the six receive buffers the hardware reaches, as bits. */
#define FAKE_ALL_NEAR 0x3fu
#define FAKE_ALL_FAR  0u
#define FAKE_MIXED    0x15u

/* Makes a fresh UART with such buffers; the one before must have left no memory in use. */
void fake_reset(unsigned near_mask);

/* Runs the interrupts that are pending until none is. */
void fake_interrupts(void);

/* `count` bytes arrive, each followed by its interrupt. */
void fake_arrive(size_t count);

/* Room for `count` bytes on the wire, each asked for by an interrupt. */
void fake_send(size_t count);

/* Enables with, or adds, a buffer of `bytes` that the program owns; returns the call's result. */
int fake_enable(size_t bytes, int32_t quiet_us);
int fake_answer(size_t bytes);

/* Takes all memory in reach, or gives it back. */
void fake_exhaust(bool exhaust);

/* Bytes of the reachable region that are in use. */
size_t fake_in_use(void);
