/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UART of Arm's Cortex-M System Design Kit (DDI 0479, "APB UART"), driven by a DMA controller.
 *
 * It has one byte of buffer each way and no request line to the DMA, so a burst would overrun it
 * after a byte or two, on silicon as in the emulator. Each byte is one DMA beat, started when the
 * UART says that there is room (transmit interrupt) or a byte (receive interrupt). On a board
 * without a DMA controller the core moves the byte at the same place.
 */
#pragma once

#include "../kernel/irq.h"
#include "uart_async.h"

/* Who moves the bytes, if it is not the core; made by UART_CMSDK_DMA. Functions, so that the image
 * of a board without a controller holds no code for one. */
struct uart_cmsdk_dma {
    const struct device *controller;
    uint8_t tx_channel;
    uint8_t rx_channel;
    /* Takes both channels. Fails iff: -ENODEV, -EBUSY; then none is taken. */
    int (*prepare)(const struct uart_cmsdk_dma *dma);
    /* Moves a byte; false when the channel does not. Bound: a fixed count of looks. */
    bool (*beat)(const struct uart_cmsdk_dma *dma, uint32_t channel, uintptr_t from, uintptr_t to);
};

struct uart_cmsdk_config {
    uintptr_t registers;
    uint32_t clock_hz;
    uint32_t baudrate;
    const struct uart_cmsdk_dma *dma; /* NULL: the core moves the bytes */
    uint8_t tx_irq;
    uint8_t rx_irq;
    void (*connect)(void);
};

struct uart_cmsdk_data {
    struct uart_async async;
    uint32_t baudrate;
    uint8_t errors; /* protected by the interrupt lock */
    bool async_ready;
};

extern const struct uart_driver_api uart_cmsdk_api;
extern const struct uart_async_ops uart_cmsdk_async_ops;
int uart_cmsdk_init(const struct device *dev);
void uart_cmsdk_tx_isr(const void *dev);
void uart_cmsdk_rx_isr(const void *dev);

int uart_cmsdk_dma_prepare(const struct uart_cmsdk_dma *dma);
bool uart_cmsdk_dma_beat(const struct uart_cmsdk_dma *dma, uint32_t channel, uintptr_t from,
                         uintptr_t to);

/* The value of `dma` on a board with a controller; needs uart_cmsdk_dma.c. */
#define UART_CMSDK_DMA(device, tx, rx)                                                             \
    (&(const struct uart_cmsdk_dma){.controller = (device),                                        \
                                    .tx_channel = (tx),                                            \
                                    .rx_channel = (rx),                                            \
                                    .prepare = uart_cmsdk_dma_prepare,                             \
                                    .beat = uart_cmsdk_dma_beat})

/* Defines the UART `id`; `...` are initialisers of struct uart_cmsdk_config. */
#define UART_CMSDK_DEFINE(id, rx_line, tx_line, irq_priority, ...)                                 \
    DEVICE_DECLARE(id);                                                                            \
    static void id##_connect(void)                                                                 \
    {                                                                                              \
        IRQ_CONNECT(rx_line, irq_priority, uart_cmsdk_rx_isr, DEVICE_GET(id), 0);                  \
        IRQ_CONNECT(tx_line, irq_priority, uart_cmsdk_tx_isr, DEVICE_GET(id), 0);                  \
    }                                                                                              \
    static const struct uart_cmsdk_config id##_config = {                                          \
        .rx_irq = (rx_line), .tx_irq = (tx_line), .connect = id##_connect, __VA_ARGS__};           \
    static struct uart_cmsdk_data id##_data = {                                                    \
        .async = {.dev = DEVICE_GET(id), .ops = &uart_cmsdk_async_ops}};                           \
    DEVICE_DEFINE(id, #id, uart_cmsdk_init, NULL, &id##_data, &id##_config, PRE_KERNEL_1,          \
                  CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &uart_cmsdk_api)
