/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The USART of the STM32F1, F2 and F4: ST RM0090, "Universal synchronous asynchronous receiver
 * transmitter". A console that polls; it also switches on its clock and pins.
 */
#pragma once

#include "stm32_pins.h"
#include "uart.h"

struct uart_stm32_config {
    uintptr_t registers;
    uint32_t clock_hz; /* of its bus */
    uint32_t baudrate;
    struct stm32_clock_gate gate;
    const struct stm32_pin *pins;
    size_t pin_count;
};

struct uart_stm32_data {
    uint32_t baudrate;
    uint8_t errors; /* protected by the interrupt lock */
};

extern const struct uart_driver_api uart_stm32_api;
int uart_stm32_init(const struct device *dev);

/* For drivers whose configuration and data begin with the structs above; as in uart.h. */
int uart_stm32_poll_in(const struct device *dev, unsigned char *p_char);
int uart_stm32_err_check(const struct device *dev);
int uart_stm32_configure(const struct device *dev, const struct uart_config *cfg);
int uart_stm32_config_get(const struct device *dev, struct uart_config *cfg);

/* The bits of enum uart_rx_stop_reason for a value of USART_SR. */
uint8_t uart_stm32_errors(uint32_t sr);

/* Defines the USART `id`; `...` are initialisers of struct uart_stm32_config. */
#define UART_STM32_DEFINE(id, ...)                                                                 \
    static const struct uart_stm32_config id##_config = {__VA_ARGS__};                             \
    static struct uart_stm32_data id##_data;                                                       \
    DEVICE_DEFINE(id, #id, uart_stm32_init, NULL, &id##_data, &id##_config, PRE_KERNEL_1,          \
                  CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &uart_stm32_api)
