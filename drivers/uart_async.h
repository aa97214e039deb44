/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The half of an asynchronous UART driver that knows no registers: which buffer is next, who owns
 * it, which event comes when. A driver asks for a window of bytes, moves some of them in whatever
 * way its hardware has, and says how many.
 *
 * Everything that changes a transfer once it has begun runs in the driver's service interrupt, one
 * for each direction; the calls of the program only leave a wish and pend that interrupt. So there
 * is no race between a call, a timeout and the hardware to think about.
 */
#pragma once

#include "../kernel/timeout.h"
#include "uart.h"

/* What a driver gives. */
struct uart_async_ops {
    /* Has the interrupt run that calls uart_async_tx_window. Context: any. */
    void (*tx_wake)(const struct device *dev);
    /* The same for uart_async_rx_window. */
    void (*rx_wake)(const struct device *dev);
};

enum uart_async_wish {
    UART_ASYNC_NONE,
    UART_ASYNC_RUN,
    UART_ASYNC_END, /* run no longer: abort, disable, error */
};

struct uart_async_tx {
    enum uart_async_wish wish; /* protected by the interrupt lock */
    struct timeout timeout;    /* protected by the interrupt lock */

    /* Of the service interrupt from uart_tx to the last event. */
    const uint8_t *buf;
    size_t len;
    size_t sent;
    uint8_t *bounce; /* NULL: buf is within reach */
    size_t copied;   /* bytes of buf that have been in `bounce` */
    size_t chunk;    /* of them, how many the chunk that is there now begins with */
};

struct uart_async_rx {
    enum uart_async_wish wish; /* protected by the interrupt lock, as all members */
    struct timeout timeout;
    k_timeout_t quiet; /* how long the line must be quiet for RX_RDY */
    k_ticks_t last_byte_tick;
    uint8_t *buf;
    size_t len;
    size_t filled;
    size_t reported;
    uint8_t *next;
    size_t next_len;
    uint8_t *bounce; /* kept from the first buffer out of reach to the end of the reception */
    bool buf_bounced;
    bool next_bounced;
    bool request_due;
    bool report_due;
    uint8_t stop_reason; /* 0: no error to tell */
};

struct uart_async {
    const struct device *dev;
    const struct uart_async_ops *ops;
    uint32_t
        reach; /* attributes of memory that the hardware reaches; 0: the core moves the bytes */
    uart_callback_t callback;
    void *user_data;
    struct uart_async_tx tx;
    struct uart_async_rx rx;
};

/* The program's calls, as in uart.h. */
int uart_async_callback_set(struct uart_async *async, uart_callback_t callback, void *user_data);
int uart_async_tx(struct uart_async *async, const uint8_t *buf, size_t len, int32_t timeout_us);
int uart_async_tx_abort(struct uart_async *async);
size_t uart_async_tx_seize(struct uart_async *async);
int uart_async_rx_enable(struct uart_async *async, uint8_t *buf, size_t len, int32_t timeout_us);
int uart_async_rx_buf_rsp(struct uart_async *async, uint8_t *buf, size_t len);
int uart_async_rx_disable(struct uart_async *async);

/* Context of the following: the driver's service interrupt for the direction, not nested. */

/* Ends a transfer that is complete or shall end: tells the events that are due. */
void uart_async_tx_service(struct uart_async *async);

/* As uart_async_tx_service, then: how many bytes at *bytes are to be sent next; 0: none. */
size_t uart_async_tx_window(struct uart_async *async, const uint8_t **bytes);

/* `count` bytes of the window have left. */
static inline void uart_async_tx_moved(struct uart_async *async, size_t count)
{
    async->tx.sent += count;
}

/* The hardware cannot go on: TX_ABORTED. */
void uart_async_tx_failed(struct uart_async *async);

/* Tells the events that are due as long as the wish is not `hold`. */
void uart_async_rx_tell(struct uart_async *async, enum uart_async_wish hold);

/* Tells the events that are due: buffer wanted, line quiet, buffer full, reception over. */
static inline void uart_async_rx_service(struct uart_async *async)
{
    uart_async_rx_tell(async, UART_ASYNC_NONE);
}

/* As uart_async_rx_service, but for the end, which the wish tells: the hardware is still at work on
 * the buffer. Whoever wishes the end in a callback pends the interrupt again. */
static inline void uart_async_rx_report(struct uart_async *async)
{
    uart_async_rx_tell(async, UART_ASYNC_END);
}

/* As uart_async_rx_service, then: how many bytes may be stored at *place; 0: not receiving. */
size_t uart_async_rx_window(struct uart_async *async, uint8_t **place);

/* `count` bytes have been stored in the window; tells the events that follow from it. */
void uart_async_rx_moved(struct uart_async *async, size_t count);

/* As uart_async_rx_moved, and behind these bytes reception ends because of `reason`: RX_STOPPED and
 * so on. One step, because they may fill the last buffer, which is an end, too. Receiving. */
void uart_async_rx_failed(struct uart_async *async, size_t count, enum uart_rx_stop_reason reason);

/* True from uart_rx_enable until RX_DISABLED. Context: any. */
static inline bool uart_async_rx_is_enabled(const struct uart_async *async)
{
    return async->rx.wish != UART_ASYNC_NONE;
}
