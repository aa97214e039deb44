/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_stm32.h"

#include "../kernel/irq.h"
#include "../lib/errno.h"
#include "mmio.h"
#include "stm32_usart_regs.h"

static const struct uart_stm32_config *config_of(const struct device *dev)
{
    return dev->config;
}

static struct uart_stm32_data *data_of(const struct device *dev)
{
    return dev->data;
}

static uintptr_t registers_of(const struct device *dev)
{
    return config_of(dev)->registers;
}

static int set_baudrate(const struct device *dev, uint32_t baudrate)
{
    uint32_t divisor = usart_divisor(config_of(dev)->clock_hz, baudrate);

    if (divisor == 0) {
        return -ENOTSUP;
    }
    mmio_write(registers_of(dev) + USART_BRR, divisor);
    data_of(dev)->baudrate = baudrate;
    return 0;
}

int uart_stm32_configure(const struct device *dev, const struct uart_config *cfg)
{
    if (cfg->parity != UART_CFG_PARITY_NONE || cfg->stop_bits != UART_CFG_STOP_BITS_1 ||
        cfg->data_bits != UART_CFG_DATA_BITS_8 || cfg->flow_ctrl != UART_CFG_FLOW_CTRL_NONE) {
        return -ENOTSUP;
    }
    return set_baudrate(dev, cfg->baudrate);
}

int uart_stm32_config_get(const struct device *dev, struct uart_config *cfg)
{
    *cfg = (struct uart_config){
        .baudrate = data_of(dev)->baudrate,
        .parity = UART_CFG_PARITY_NONE,
        .stop_bits = UART_CFG_STOP_BITS_1,
        .data_bits = UART_CFG_DATA_BITS_8,
        .flow_ctrl = UART_CFG_FLOW_CTRL_NONE,
    };
    return 0;
}

uint8_t uart_stm32_errors(uint32_t sr)
{
    return (uint8_t)(((sr & USART_SR_ORE) != 0 ? UART_ERROR_OVERRUN : 0) |
                     ((sr & USART_SR_PE) != 0 ? UART_ERROR_PARITY : 0) |
                     ((sr & USART_SR_FE) != 0 ? UART_ERROR_FRAMING : 0) |
                     ((sr & USART_SR_NF) != 0 ? UART_ERROR_NOISE : 0));
}

int uart_stm32_poll_in(const struct device *dev, unsigned char *p_char)
{
    uintptr_t regs = registers_of(dev);
    unsigned key = irq_lock();
    uint32_t sr = mmio_read(regs + USART_SR);
    int result = (sr & USART_SR_RXNE) == 0 ? -1 : 0;

    data_of(dev)->errors |= uart_stm32_errors(sr);
    if (result == 0) {
        *p_char = (unsigned char)mmio_read(regs + USART_DR);
    }
    irq_unlock(key);
    return result;
}

/* The look and the write are one step under the lock: another context could write in between. */
static bool try_poll_out(uintptr_t regs, unsigned char out_char)
{
    unsigned key = irq_lock();
    bool room = (mmio_read(regs + USART_SR) & USART_SR_TXE) != 0;

    if (room) {
        mmio_write(regs + USART_DR, out_char);
    }
    irq_unlock(key);
    return room;
}

static void poll_out(const struct device *dev, unsigned char out_char)
{
    while (!try_poll_out(registers_of(dev), out_char)) {
    }
}

int uart_stm32_err_check(const struct device *dev)
{
    unsigned key = irq_lock();
    int errors = data_of(dev)->errors;

    data_of(dev)->errors = 0;
    irq_unlock(key);
    return errors;
}

/* There is no asynchronous interface. */
const struct uart_driver_api uart_stm32_api = {
    .poll_in = uart_stm32_poll_in,
    .poll_out = poll_out,
    .err_check = uart_stm32_err_check,
    .configure = uart_stm32_configure,
    .config_get = uart_stm32_config_get,
};

int uart_stm32_init(const struct device *dev)
{
    const struct uart_stm32_config *config = config_of(dev);
    int result;

    stm32_clock_enable(&config->gate);
    for (size_t i = 0; i < config->pin_count; i++) {
        stm32_pin_init(&config->pins[i]);
    }
    result = set_baudrate(dev, config->baudrate);
    if (result == 0) {
        mmio_write(registers_of(dev) + USART_CR1, USART_CR1_UE | USART_CR1_TE | USART_CR1_RE);
    }
    return result;
}
