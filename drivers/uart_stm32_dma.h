/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The USART of the STM32F4 with both its directions on streams of a DMA controller (RM0090, 30.3.13
 * "Continuous communication using DMA"). Polling, rate and frame are uart_stm32's.
 *
 * The end of a burst is seen by the idle line: one frame's time of quiet. A timeout of
 * uart_rx_enable counts from there; with 0, RX_RDY comes at the idle line, not after each byte.
 *
 * DR is never read while a stream reads it, although that is how the reference manual clears the
 * idle flag: a byte that arrived between the two reads would be lost. Instead the stream's next
 * read of DR clears the flag, and until then the interrupt is off and RXNE's on, which tells that
 * the line has woken.
 *
 * Between two windows (buffer full, idle line) a byte waits in DR, so the USART's interrupt must be
 * served within one frame of the last byte; later, the overrun ends the reception and is told.
 * All three interrupts of an instance have the same priority: none preempts another.
 */
#pragma once

#include "dma_stm32.h"
#include "uart_async.h"
#include "uart_stm32.h"

struct uart_stm32_dma_config {
    struct uart_stm32_config usart; /* first: uart_stm32.c looks here */
    const struct device *dma;
    uint8_t tx_stream;
    uint8_t rx_stream;
    uint8_t tx_slot; /* CHSEL of the request, RM0090 tables "DMA1/DMA2 request mapping" */
    uint8_t rx_slot;
    uint8_t irq;
    void (*connect)(void);
};

/* Of the service interrupt, where nothing else is said. */
struct uart_stm32_dma_data {
    struct uart_stm32_data usart; /* first: uart_stm32.c looks here */
    struct uart_async async;
    bool dma_ready;
    size_t tx_piece; /* bytes given to the stream; 0: it is idle */
    size_t rx_piece;
    uint8_t *rx_place;
    bool tx_refused; /* the controller reported an error */
    bool rx_refused;
};

extern const struct uart_driver_api uart_stm32_dma_api;
extern const struct uart_async_ops uart_stm32_dma_async_ops;
int uart_stm32_dma_init(const struct device *dev);
void uart_stm32_dma_isr(const void *dev);

/* Defines the USART `id`; `reach_attrs` are the attributes of memory that its controller reaches,
 * `...` initialisers of struct uart_stm32_dma_config. */
#define UART_STM32_DMA_DEFINE(id, line, irq_priority, reach_attrs, ...)                            \
    DEVICE_DECLARE(id);                                                                            \
    static void id##_connect(void)                                                                 \
    {                                                                                              \
        IRQ_CONNECT(line, irq_priority, uart_stm32_dma_isr, DEVICE_GET(id), 0);                    \
    }                                                                                              \
    static const struct uart_stm32_dma_config id##_config = {                                      \
        .irq = (line), .connect = id##_connect, __VA_ARGS__};                                      \
    static struct uart_stm32_dma_data id##_data = {.async = {.dev = DEVICE_GET(id),                \
                                                             .ops = &uart_stm32_dma_async_ops,     \
                                                             .reach = (reach_attrs)}};             \
    DEVICE_DEFINE(id, #id, uart_stm32_dma_init, NULL, &id##_data, &id##_config, PRE_KERNEL_1,      \
                  CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &uart_stm32_dma_api)
