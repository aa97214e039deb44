/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This end of a serial line whose other end is a program on the PC (loop.t): on uart1 it sends back
 * what it gets (the core moves the bytes of uart3), on uart2 it lets bytes pile up, then counts them and answers with the number.
 *
 * Events of reception are written down as in tests/uart_async: Q, R<offset>+<len>, L, D, S<reason>;
 * those of transmission may come between any two of them. Every buffer is counted in and out.
 */
#pragma once

#include <errno.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/ztest.h>

#define LOG_BYTES 300u
#define RING      1024u
#define LARGEST   128u /* buffer of a reception with answers */

struct end {
    const struct device *uart;
    char log[LOG_BYTES];
    struct k_sem sent;     /* TX_DONE or TX_ABORTED */
    struct k_sem arrived;  /* RX_RDY */
    struct k_sem disabled; /* RX_DISABLED */
    unsigned no_memory;    /* times a buffer was refused for want of memory to bounce through */
    size_t last_sent;      /* len of the last TX event */
    bool last_aborted;     /* it was TX_ABORTED */
    size_t total_sent;
    unsigned tx_given; /* buffers given to uart_tx, and TX events */
    unsigned tx_back;

    /* What RX_RDY told, in order, until somebody takes it. */
    uint8_t ring[RING];
    size_t put;
    size_t taken;

    /* Receive buffers that take turns, when requests are to be answered. Where a buffer cannot be
     * given, for want of memory or of room in the ring, reception ends and begins again later. */
    uint8_t *buffers[2];
    size_t buffer_bytes;
    int32_t quiet_us;
    unsigned turn;
    bool answer;
    bool listening; /* from end_listen to end_hang_up */
    bool requested; /* a request is not answered yet */
    bool on;        /* the driver receives */
    unsigned given;
    unsigned released;
    void (*on_ready)(void); /* called in RX_RDY; may be NULL */
};

extern struct end echo;    /* uart1, or uart3 when the program was started with that word */
extern struct end counter; /* uart2 */

/* Whether the program was started with `word`, which says what is at the other end. */
bool started_with(const char *word);

/* Readies both ends. */
void ends_reset(void);

/* Starts reception into two buffers of `bytes` that take turns, or into one. */
void end_listen(struct end *end, uint8_t *first, uint8_t *second, size_t bytes, int32_t quiet_us);

/* Ends it and checks that all buffers came back. */
void end_hang_up(struct end *end);

/* Whether two more full buffers fit into the ring. */
bool end_has_room(const struct end *end);

/* uart_tx; counted. */
int end_start(struct end *end, const void *bytes, size_t count, int32_t timeout_us);

/* Sends and waits for the event; returns how many bytes were sent. */
size_t end_send(struct end *end, const void *bytes, size_t count, int32_t timeout_us);

/* Takes exactly `count` bytes that have arrived, waiting up to 10 s; returns how many it got. */
size_t end_take(struct end *end, uint8_t *bytes, size_t count);
