/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU 7.2 always has room (TXE) and never interrupts for it, has no line rate and no errors, and
 * lowers its interrupt only when DR is read: those of the paths below that this leaves out are
 * written from the manual alone.
 */
#include "uart_stm32_irq.h"

#include "../lib/errno.h"
#include "stm32_usart_regs.h"

static uint32_t read(const struct device *dev, uintptr_t offset)
{
    return mmio_read(uart_irq_register(dev, offset));
}

static void change(const struct device *dev, uintptr_t offset, uint32_t bits, bool on)
{
    uint32_t others = read(dev, offset) & ~bits;

    mmio_write(uart_irq_register(dev, offset), others | (on ? bits : 0));
}

/* A parity bit is the ninth of a frame (30.3.7). */
static uint32_t frame_for(const struct uart_config *cfg)
{
    switch (cfg->parity) {
    case UART_CFG_PARITY_EVEN:
        return USART_CR1_M | USART_CR1_PCE;
    case UART_CFG_PARITY_ODD:
        return USART_CR1_M | USART_CR1_PCE | USART_CR1_PS;
    default:
        return 0;
    }
}

static int configure(const struct device *dev, const struct uart_config *cfg)
{
    uint32_t divisor = usart_divisor(uart_irq_config_of(dev)->clock_hz, cfg->baudrate);

    if (divisor == 0 || cfg->parity > UART_CFG_PARITY_EVEN ||
        cfg->data_bits != UART_CFG_DATA_BITS_8 || cfg->flow_ctrl != UART_CFG_FLOW_CTRL_NONE ||
        (cfg->stop_bits != UART_CFG_STOP_BITS_1 && cfg->stop_bits != UART_CFG_STOP_BITS_2)) {
        return -ENOTSUP;
    }
    change(dev, USART_CR1, USART_CR1_M | USART_CR1_PCE | USART_CR1_PS, false);
    mmio_write(uart_irq_register(dev, USART_BRR), divisor);
    mmio_write(uart_irq_register(dev, USART_CR2),
               cfg->stop_bits == UART_CFG_STOP_BITS_2 ? USART_CR2_STOP_2 : USART_CR2_STOP_1);
    change(dev, USART_CR1, frame_for(cfg) | USART_CR1_UE | USART_CR1_TE | USART_CR1_RE, true);
    return 0;
}

static bool put(const struct device *dev, uint8_t byte)
{
    bool room = (read(dev, USART_SR) & USART_SR_TXE) != 0;

    if (room) {
        mmio_write(uart_irq_register(dev, USART_DR), byte);
    }
    return room;
}

static unsigned errors_of(uint32_t sr)
{
    return ((sr & USART_SR_ORE) != 0 ? UART_ERROR_OVERRUN : 0u) |
           ((sr & USART_SR_PE) != 0 ? UART_ERROR_PARITY : 0u) |
           ((sr & USART_SR_FE) != 0 ? UART_ERROR_FRAMING : 0u) |
           ((sr & USART_SR_NF) != 0 ? UART_ERROR_NOISE : 0u);
}

/* Reading SR, then DR, clears all flags (30.6.1). */
static unsigned take_from_device(const struct device *dev, uint8_t *byte)
{
    uint32_t sr = read(dev, USART_SR);
    unsigned errors = errors_of(sr);

    if (errors == 0 && (sr & USART_SR_RXNE) == 0) {
        return 0;
    }
    *byte = (uint8_t)read(dev, USART_DR);
    return errors | ((sr & USART_SR_RXNE) != 0 ? UART_IRQ_BYTE : 0);
}

static unsigned take(const struct device *dev, uint8_t *byte)
{
    struct uart_irq_data *data = uart_irq_data_of(dev);
    unsigned held = data->held;

    if (held == 0) {
        return take_from_device(dev, byte);
    }
    data->held = 0;
    *byte = data->held_byte;
    return held;
}

static void forget_errors(const struct device *dev)
{
    struct uart_irq_data *data = uart_irq_data_of(dev);

    if (data->held == 0) {
        data->held = (uint16_t)take_from_device(dev, &data->held_byte);
    }
    data->held &= UART_IRQ_BYTE;
}

/* A byte that has come when nobody listens any more is held here, or QEMU would interrupt for ever.
 */
static void listen(const struct device *dev, bool on)
{
    struct uart_irq_data *data = uart_irq_data_of(dev);

    change(dev, USART_CR1, USART_CR1_RXNEIE, on);
    if (!on && data->held == 0) {
        data->held = (uint16_t)take_from_device(dev, &data->held_byte);
    }
}

static void want_room(const struct device *dev, bool on)
{
    change(dev, USART_CR1, USART_CR1_TXEIE, on);
}

const struct uart_irq_hardware uart_stm32_irq = {
    .configure = configure,
    .put = put,
    .take = take,
    .forget_errors = forget_errors,
    .listen = listen,
    .want_room = want_room,
};
