/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU 7.2 sends a byte when it is written (the transmit buffer is never full), raises the receive
 * interrupt at the first byte whatever UARTIFLS says, and has no receive timeout, no line rate and
 * no errors: those paths are written from the manual alone.
 */
#include "uart_pl011.h"

#include "../lib/errno.h"

/* DDI 0183G, table 3-1. */
#define UARTDR    0x00
#define UARTECR   0x04
#define UARTFR    0x18
#define UARTIBRD  0x24
#define UARTFBRD  0x28
#define UARTLCR_H 0x2c
#define UARTCR    0x30
#define UARTIFLS  0x34
#define UARTIMSC  0x38
#define UARTICR   0x44

/* 3.3.1: errors stand beside the byte. */
#define DR_FE BIT(8)
#define DR_PE BIT(9)
#define DR_BE BIT(10)
#define DR_OE BIT(11)

/* 3.3.3. */
#define FR_BUSY BIT(3)
#define FR_RXFE BIT(4) /* receive buffer empty */
#define FR_TXFF BIT(5) /* transmit buffer full */

/* 3.3.7. */
#define LCR_H_PEN      BIT(1)
#define LCR_H_EPS      BIT(2)
#define LCR_H_STP2     BIT(3)
#define LCR_H_FEN      BIT(4) /* buffers of 16 bytes instead of one */
#define LCR_H_WLEN_POS 5      /* data bits less 5 */

/* 3.3.8. */
#define CR_UARTEN BIT(0)
#define CR_TXE    BIT(8)
#define CR_RXE    BIT(9)

/* 3.3.9: interrupts at two bytes or fewer to send, at eight that have come. */
#define IFLS_TX_EIGHTH 0u
#define IFLS_RX_HALF   (2u << 3)

/* 3.3.10 to 3.3.13. */
#define INT_RX BIT(4)
#define INT_TX BIT(5)
#define INT_RT BIT(6) /* bytes wait and the line has been quiet for 32 bits */

/* 3.3.5, 3.3.6: the divisor has 16 bits and six more behind the point; times 64: */
#define DIVISOR_MIN 64u
#define DIVISOR_MAX (UINT32_C(0xffff) << 6)

/* The line shifts 10 bits a byte and 16 clocks a bit; a look takes a few clocks. */
#define BUSY_LOOKS 1000000u

static uint32_t divisor_for(const struct device *dev, uint32_t baudrate)
{
    uint64_t quarters = 4 * (uint64_t)uart_irq_config_of(dev)->clock_hz;
    uint64_t divisor = baudrate == 0 ? 0 : (quarters + baudrate / 2) / baudrate;

    return divisor < DIVISOR_MIN || divisor > DIVISOR_MAX ? 0 : (uint32_t)divisor;
}

/* Bits of LCR_H, or 0 when the device has no such frame. */
static uint32_t frame_for(const struct uart_config *cfg)
{
    uint32_t frame = LCR_H_FEN | (uint32_t)cfg->data_bits << LCR_H_WLEN_POS;

    if (cfg->data_bits > UART_CFG_DATA_BITS_8 || cfg->parity > UART_CFG_PARITY_EVEN ||
        cfg->flow_ctrl != UART_CFG_FLOW_CTRL_NONE) {
        return 0;
    }
    if (cfg->parity != UART_CFG_PARITY_NONE) {
        frame |= LCR_H_PEN | (cfg->parity == UART_CFG_PARITY_EVEN ? LCR_H_EPS : 0);
    }
    if (cfg->stop_bits == UART_CFG_STOP_BITS_2) {
        return frame | LCR_H_STP2;
    }
    return cfg->stop_bits == UART_CFG_STOP_BITS_1 ? frame : 0;
}

static unsigned errors_of(uint32_t dr)
{
    return ((dr & DR_OE) != 0 ? UART_ERROR_OVERRUN : 0u) | ((dr & DR_BE) != 0 ? UART_BREAK : 0u) |
           ((dr & DR_PE) != 0 ? UART_ERROR_PARITY : 0u) |
           ((dr & DR_FE) != 0 ? UART_ERROR_FRAMING : 0u);
}

static unsigned take_from_device(const struct device *dev, uint8_t *byte)
{
    uint32_t dr;

    if ((mmio_read(uart_irq_register(dev, UARTFR)) & FR_RXFE) != 0) {
        return 0;
    }
    dr = mmio_read(uart_irq_register(dev, UARTDR));
    *byte = (uint8_t)dr;
    return UART_IRQ_BYTE | errors_of(dr);
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

/*
 * In QEMU bytes come before the UART is enabled. Switching the buffers on forgets the one that
 * waits but leaves it where it is: it is taken before the next one can come.
 */
static void set_frame(const struct device *dev, uint32_t frame)
{
    struct uart_irq_data *data = uart_irq_data_of(dev);
    bool one_waits = (mmio_read(uart_irq_register(dev, UARTFR)) & FR_RXFE) == 0 &&
                     (mmio_read(uart_irq_register(dev, UARTLCR_H)) & LCR_H_FEN) == 0;

    mmio_write(uart_irq_register(dev, UARTLCR_H), frame);
    if (one_waits && data->held == 0) {
        data->held = (uint16_t)take_from_device(dev, &data->held_byte);
    }
}

/* 3.3.8: off, the byte under way let out, changed, on. The divisor takes effect with the write of
 * LCR_H (3.3.6). */
static int configure(const struct device *dev, const struct uart_config *cfg)
{
    uint32_t divisor = divisor_for(dev, cfg->baudrate);
    uint32_t frame = frame_for(cfg);

    if (divisor == 0 || frame == 0) {
        return -ENOTSUP;
    }
    for (unsigned look = 0;
         look < BUSY_LOOKS && (mmio_read(uart_irq_register(dev, UARTFR)) & FR_BUSY) != 0; look++) {
    }
    mmio_write(uart_irq_register(dev, UARTCR), 0);
    mmio_write(uart_irq_register(dev, UARTIBRD), divisor >> 6);
    mmio_write(uart_irq_register(dev, UARTFBRD), divisor & 63);
    set_frame(dev, frame);
    mmio_write(uart_irq_register(dev, UARTIFLS), IFLS_TX_EIGHTH | IFLS_RX_HALF);
    mmio_write(uart_irq_register(dev, UARTCR), CR_UARTEN | CR_TXE | CR_RXE);
    return 0;
}

static bool put(const struct device *dev, uint8_t byte)
{
    bool room = (mmio_read(uart_irq_register(dev, UARTFR)) & FR_TXFF) == 0;

    if (room) {
        mmio_write(uart_irq_register(dev, UARTDR), byte);
    }
    return room;
}

static void forget_errors(const struct device *dev)
{
    mmio_write(uart_irq_register(dev, UARTECR), 0);
}

/* Room is told when the buffer passes its level (2.8), so this must not be cleared after a look at
 * the buffer. The others end with the bytes that are taken. */
static void acknowledge(const struct device *dev)
{
    mmio_write(uart_irq_register(dev, UARTICR), INT_TX);
}

static void mask(const struct device *dev, uint32_t interrupts, bool on)
{
    uint32_t others = mmio_read(uart_irq_register(dev, UARTIMSC)) & ~interrupts;

    mmio_write(uart_irq_register(dev, UARTIMSC), others | (on ? interrupts : 0));
}

static void listen(const struct device *dev, bool on)
{
    mask(dev, INT_RX | INT_RT, on);
}

static void want_room(const struct device *dev, bool on)
{
    mask(dev, INT_TX, on);
}

const struct uart_irq_hardware uart_pl011 = {
    .configure = configure,
    .put = put,
    .take = take,
    .forget_errors = forget_errors,
    .acknowledge = acknowledge,
    .listen = listen,
    .want_room = want_room,
};
