/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A UART whose bytes the core moves, one interrupt for both directions: everything but the
 * registers. A driver is a struct uart_irq_hardware, seven short functions at most; a board defines
 * devices with UART_IRQ_DEFINE. With CONFIG_UART_ASYNC=n what polls is left.
 */
#pragma once

#include "../kernel/irq.h"
#include "mmio.h"
#include "uart_async.h"

/* What a driver gives. Context of all: locked. */
struct uart_irq_hardware {
    /* Sets rate and frame. Fails iff: -ENOTSUP the device cannot do that. */
    int (*configure)(const struct device *dev, const struct uart_config *cfg);
    /* Writes `byte` and returns true, or false when there is no room. */
    bool (*put)(const struct device *dev, uint8_t byte);
    /*
     * Returns UART_IRQ_BYTE with *byte stored, with the bits of enum uart_rx_stop_reason for what
     * was wrong; 0: nothing has come.
     */
    unsigned (*take)(const struct device *dev, uint8_t *byte);
    /* Forgets errors of bytes that nobody waited for. */
    void (*forget_errors)(const struct device *dev);
    /* First thing in the interrupt: what happens from here on interrupts again. NULL: the device
     * interrupts as long as there is a byte or room. */
    void (*acknowledge)(const struct device *dev);
    /* Whether the device interrupts when a byte has come. */
    void (*listen)(const struct device *dev, bool on);
    /* Whether it interrupts when there is room; switched on after a `put` that failed. */
    void (*want_room)(const struct device *dev, bool on);
};

#define UART_IRQ_BYTE BIT(8)

struct uart_irq_config {
    const struct uart_irq_hardware *hardware;
    uintptr_t registers;
    uint32_t clock_hz;
    uint32_t baudrate;
    const struct mmio_change *setup; /* clocks and pins */
    size_t setup_count;
    uint8_t irq;
    void (*connect)(void);
};

struct uart_irq_data {
#ifdef CONFIG_UART_ASYNC
    struct uart_async async;
    bool async_ready;
#endif
    struct uart_config line;
    uint8_t errors; /* protected by the interrupt lock */

    /* Of the driver, protected by the interrupt lock. */
    bool sending;  /* a byte whose end it has not seen */
    uint16_t held; /* what `take` returns next, with held_byte; 0: it asks the device */
    uint8_t held_byte;
};

extern const struct uart_driver_api uart_irq_api;
extern const struct uart_async_ops uart_irq_async_ops;
int uart_irq_init(const struct device *dev);
void uart_irq_isr(const void *dev);

static inline const struct uart_irq_config *uart_irq_config_of(const struct device *dev)
{
    return dev->config;
}

static inline struct uart_irq_data *uart_irq_data_of(const struct device *dev)
{
    return dev->data;
}

/* The address of the device's register at `offset`. */
static inline uintptr_t uart_irq_register(const struct device *dev, uintptr_t offset)
{
    return uart_irq_config_of(dev)->registers + offset;
}

#ifdef CONFIG_UART_ASYNC
#define UART_IRQ_CONNECT(id, line, irq_priority)                                                   \
    static void id##_connect(void)                                                                 \
    {                                                                                              \
        IRQ_CONNECT(line, irq_priority, uart_irq_isr, DEVICE_GET(id), 0);                          \
    }
#define UART_IRQ_DATA(id)                                                                          \
    {                                                                                              \
        .async = {.dev = DEVICE_GET(id), .ops = &uart_irq_async_ops }                              \
    }
#define UART_IRQ_ENTRY(id) id##_connect
#else
#define UART_IRQ_CONNECT(id, line, irq_priority)
#define UART_IRQ_DATA(id)                                                                          \
    {                                                                                              \
        .errors = 0                                                                                \
    }
#define UART_IRQ_ENTRY(id) NULL
#endif

/* Defines the UART `id` of the driver `driver` (a struct uart_irq_hardware); `...` are initialisers
 * of struct uart_irq_config. */
#define UART_IRQ_DEFINE(id, driver, line, irq_priority, ...)                                       \
    DEVICE_DECLARE(id);                                                                            \
    UART_IRQ_CONNECT(id, line, irq_priority)                                                       \
    static const struct uart_irq_config id##_config = {                                            \
        .hardware = &(driver), .irq = (line), .connect = UART_IRQ_ENTRY(id), __VA_ARGS__};         \
    static struct uart_irq_data id##_data = UART_IRQ_DATA(id);                                     \
    DEVICE_DEFINE(id, #id, uart_irq_init, NULL, &id##_data, &id##_config, PRE_KERNEL_1,            \
                  CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &uart_irq_api)
