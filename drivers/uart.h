/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serial lines: one character by polling, or buffers in the background with events (Zephyr's
 * asynchronous interface). docs/drivers.md draws who owns a buffer when.
 *
 * Each buffer given to the driver comes back by exactly one event: TX_DONE or TX_ABORTED for
 * uart_tx, RX_BUF_RELEASED for uart_rx_enable and uart_rx_buf_rsp (D1). Until then it is the
 * driver's. Memory that the DMA cannot reach is legal: the driver copies it through a small block
 * of memory that the DMA can reach, and -ENOMEM says that there was none; nothing has started then.
 *
 * Events come one at a time for each direction, from the line's interrupt, interrupts unlocked.
 * Reception: RX_BUF_REQUEST when it starts with a buffer. RX_RDY when the buffer is full, the line
 * was quiet for the timeout, or reception ends, never with 0 bytes. Buffer full: RX_RDY,
 * RX_BUF_RELEASED, then RX_BUF_REQUEST if there was a next buffer, else RX_DISABLED.
 * uart_rx_disable: RX_RDY, RX_BUF_RELEASED of both buffers, RX_DISABLED. Error: RX_STOPPED, then
 * the same (D2).
 */
#pragma once

#include "../lib/errno.h"
#include "device.h"

#ifndef SYS_FOREVER_US
#define SYS_FOREVER_US (-1)
#endif

enum uart_config_parity {
    UART_CFG_PARITY_NONE,
    UART_CFG_PARITY_ODD,
    UART_CFG_PARITY_EVEN,
    UART_CFG_PARITY_MARK,
    UART_CFG_PARITY_SPACE,
};

enum uart_config_stop_bits {
    UART_CFG_STOP_BITS_0_5,
    UART_CFG_STOP_BITS_1,
    UART_CFG_STOP_BITS_1_5,
    UART_CFG_STOP_BITS_2,
};

enum uart_config_data_bits {
    UART_CFG_DATA_BITS_5,
    UART_CFG_DATA_BITS_6,
    UART_CFG_DATA_BITS_7,
    UART_CFG_DATA_BITS_8,
    UART_CFG_DATA_BITS_9,
};

enum uart_config_flow_control {
    UART_CFG_FLOW_CTRL_NONE,
    UART_CFG_FLOW_CTRL_RTS_CTS,
    UART_CFG_FLOW_CTRL_DTR_DSR,
    UART_CFG_FLOW_CTRL_RS485,
};

struct uart_config {
    uint32_t baudrate;
    uint8_t parity;
    uint8_t stop_bits;
    uint8_t data_bits;
    uint8_t flow_ctrl;
};

/* Why reception stopped; also the bits of uart_err_check. */
enum uart_rx_stop_reason {
    UART_ERROR_OVERRUN = 1,
    UART_ERROR_PARITY = 2,
    UART_ERROR_FRAMING = 4,
    UART_BREAK = 8,
    UART_ERROR_COLLISION = 16,
    UART_ERROR_NOISE = 32,
};

enum uart_event_type {
    UART_TX_DONE,         /* data.tx: all bytes have left the driver */
    UART_TX_ABORTED,      /* data.tx: len bytes have left the driver */
    UART_RX_RDY,          /* data.rx: len new bytes at buf + offset */
    UART_RX_BUF_REQUEST,  /* answer with uart_rx_buf_rsp, now or later */
    UART_RX_BUF_RELEASED, /* data.rx_buf: the buffer is the program's again */
    UART_RX_DISABLED,     /* the last event of a reception */
    UART_RX_STOPPED,      /* data.rx_stop: an error ended the reception */
};

struct uart_event_tx {
    const uint8_t *buf;
    size_t len;
};

struct uart_event_rx {
    uint8_t *buf;
    size_t offset;
    size_t len;
};

struct uart_event_rx_buf {
    uint8_t *buf;
};

struct uart_event_rx_stop {
    enum uart_rx_stop_reason reason;
    struct uart_event_rx data; /* what had arrived and was not reported; RX_RDY follows for it */
};

struct uart_event {
    enum uart_event_type type;
    union {
        struct uart_event_tx tx;
        struct uart_event_rx rx;
        struct uart_event_rx_buf rx_buf;
        struct uart_event_rx_stop rx_stop;
    } data;
};

typedef void (*uart_callback_t)(const struct device *dev, struct uart_event *evt, void *user_data);

/* What a driver implements. NULL where it has not got it: the call answers -ENOTSUP, err_check 0.
 */
struct uart_driver_api {
    int (*poll_in)(const struct device *dev, unsigned char *p_char);
    void (*poll_out)(const struct device *dev, unsigned char out_char);
    int (*err_check)(const struct device *dev);
    int (*configure)(const struct device *dev, const struct uart_config *cfg);
    int (*config_get)(const struct device *dev, struct uart_config *cfg);
    int (*callback_set)(const struct device *dev, uart_callback_t callback, void *user_data);
    int (*tx)(const struct device *dev, const uint8_t *buf, size_t len, int32_t timeout_us);
    int (*tx_abort)(const struct device *dev);
    size_t (*tx_seize)(const struct device *dev);
    int (*rx_enable)(const struct device *dev, uint8_t *buf, size_t len, int32_t timeout_us);
    int (*rx_buf_rsp)(const struct device *dev, uint8_t *buf, size_t len);
    int (*rx_disable)(const struct device *dev);
};

#define UART_API(dev) ((const struct uart_driver_api *)(dev)->api)

/*
 * Stores the character that has arrived and returns 0. Context: any.
 * Fails iff: -1 none, -EBUSY uart_rx_enable is in force. Bound: constant.
 */
static inline int uart_poll_in(const struct device *dev, unsigned char *p_char)
{
    return UART_API(dev)->poll_in(dev, p_char);
}

/* Sends one character, waiting for room; legal beside a uart_tx. Context: any. Bound: the line. */
static inline void uart_poll_out(const struct device *dev, unsigned char out_char)
{
    UART_API(dev)->poll_out(dev, out_char);
}

/* Returns the errors since the last call as bits of enum uart_rx_stop_reason. Context: any. */
static inline int uart_err_check(const struct device *dev)
{
    return UART_API(dev)->err_check == NULL ? 0 : UART_API(dev)->err_check(dev);
}

/*
 * Sets rate and frame. Context: any, nothing being sent or received.
 * Fails iff: -ENOTSUP the device cannot do that. Bound: constant.
 */
static inline int uart_configure(const struct device *dev, const struct uart_config *cfg)
{
    return UART_API(dev)->configure == NULL ? -ENOTSUP : UART_API(dev)->configure(dev, cfg);
}

/* Stores rate and frame and returns 0. Context: any. Bound: constant. */
static inline int uart_config_get(const struct device *dev, struct uart_config *cfg)
{
    return UART_API(dev)->config_get == NULL ? -ENOTSUP : UART_API(dev)->config_get(dev, cfg);
}

/*
 * Sets who hears of events; NULL: nobody. Context: thread, neither sending nor receiving.
 * Fails iff: -ENOTSUP no asynchronous interface, -ENODEV its DMA controller is not ready, -EBUSY
 * its DMA channels are taken. Bound: constant.
 */
static inline int uart_callback_set(const struct device *dev, uart_callback_t callback,
                                    void *user_data)
{
    return UART_API(dev)->callback_set == NULL
               ? -ENOTSUP
               : UART_API(dev)->callback_set(dev, callback, user_data);
}

/*
 * Sends `len` bytes and returns at once; ends with TX_DONE, or with TX_ABORTED after uart_tx_abort,
 * after `timeout_us` microseconds (0, SYS_FOREVER_US: no limit), or when the DMA is stuck.
 * Context: any, also in TX_DONE and TX_ABORTED. Fails iff: -EBUSY sending, -EINVAL no bytes,
 * -ENOTSUP no callback was set, -ENOMEM nothing to bounce through. Bound: one region_heap_alloc.
 */
static inline int uart_tx(const struct device *dev, const uint8_t *buf, size_t len,
                          int32_t timeout_us)
{
    return UART_API(dev)->tx == NULL ? -ENOTSUP : UART_API(dev)->tx(dev, buf, len, timeout_us);
}

/* Has the transfer end with TX_ABORTED, also when its last byte has just left. Context: any. Fails
 * iff: -EFAULT none, or ending already. Bound: constant. */
static inline int uart_tx_abort(const struct device *dev)
{
    return UART_API(dev)->tx_abort == NULL ? -ENOTSUP : UART_API(dev)->tx_abort(dev);
}

/*
 * Ends the transfer at once and without an event, and returns how many of its bytes have left, 0
 * when there was none: for a fault handler, after which only uart_poll_out is used. Context: any.
 */
static inline size_t uart_tx_seize(const struct device *dev)
{
    return UART_API(dev)->tx_seize == NULL ? 0 : UART_API(dev)->tx_seize(dev);
}

/*
 * Receives into `buf`. RX_RDY comes `timeout_us` microseconds after the last byte when at least one
 * is unreported; SYS_FOREVER_US: not before the buffer is full; 0: after each byte.
 * Context: any, also in RX_DISABLED. Fails iff: -EBUSY enabled, -EINVAL no bytes, -ENOTSUP no
 * callback was set, -ENOMEM nothing to bounce through. Bound: one region_heap_alloc.
 */
static inline int uart_rx_enable(const struct device *dev, uint8_t *buf, size_t len,
                                 int32_t timeout_us)
{
    return UART_API(dev)->rx_enable == NULL ? -ENOTSUP
                                            : UART_API(dev)->rx_enable(dev, buf, len, timeout_us);
}

/*
 * Gives the buffer that is used after the present one. Context: any.
 * Fails iff: -EBUSY there is one, -EACCES reception has ended or is ending, -EINVAL no bytes,
 * -ENOMEM nothing to bounce through. Bound: one region_heap_alloc.
 */
static inline int uart_rx_buf_rsp(const struct device *dev, uint8_t *buf, size_t len)
{
    return UART_API(dev)->rx_buf_rsp == NULL ? -ENOTSUP : UART_API(dev)->rx_buf_rsp(dev, buf, len);
}

/*
 * Has the reception end; the last event is RX_DISABLED. Context: any.
 * Fails iff: -EFAULT not enabled or ending already. Bound: constant.
 */
static inline int uart_rx_disable(const struct device *dev)
{
    return UART_API(dev)->rx_disable == NULL ? -ENOTSUP : UART_API(dev)->rx_disable(dev);
}
