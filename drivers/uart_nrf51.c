/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU 7.2 has no line rate, no parity and no errors: those paths are written from the manual
 * alone.
 */
#include "uart_nrf51.h"

#include "../lib/errno.h"

/* nRF51 Series Reference Manual v3.0, 29.10 "Register overview". A task starts with a write of 1;
 * an event is 1 until a write of 0. */
#define TASKS_STARTRX 0x000u
#define TASKS_STARTTX 0x008u
#define EVENTS_RXDRDY 0x108u
#define EVENTS_TXDRDY 0x11cu
#define EVENTS_ERROR  0x124u
#define INTENSET      0x304u
#define INTENCLR      0x308u
#define ERRORSRC      0x480u
#define ENABLE        0x500u
#define RXD           0x518u
#define TXD           0x51cu
#define BAUDRATE      0x524u
#define CONFIG        0x56cu

#define INT_RXDRDY BIT(2)
#define INT_TXDRDY BIT(7)
#define INT_ERROR  BIT(9)

#define ENABLE_ENABLED 4u

/* ERRORSRC: write 1 to clear. Its bits are those of the interface. */
#define ERROR_OVERRUN BIT(0)
#define ERROR_PARITY  BIT(1)
#define ERROR_FRAMING BIT(2)
#define ERROR_BREAK   BIT(3)
#define ERROR_MASK    (ERROR_OVERRUN | ERROR_PARITY | ERROR_FRAMING | ERROR_BREAK)
BUILD_ASSERT(ERROR_OVERRUN == UART_ERROR_OVERRUN && ERROR_PARITY == UART_ERROR_PARITY &&
                 ERROR_FRAMING == UART_ERROR_FRAMING && ERROR_BREAK == UART_BREAK,
             "take_errors passes them on");

#define CONFIG_PARITY_EVEN (7u << 1)

/* The slowest byte takes 10 ms; a look takes at least four cycles of 16 MHz. */
#define SEND_LOOKS 40000u

/* 29.10.16: bauds in hundreds, and what stands for them. */
static const uint16_t hundred_bauds[] = {12,  24,  48,   96,   144,  192,  288,  384,
                                         576, 768, 1152, 2304, 2500, 4608, 9216, 10000};
static const uint32_t rates[] = {
    0x0004f000, 0x0009d000, 0x0013b000, 0x00275000, 0x003b0000, 0x004ea000, 0x0075f000, 0x009d5000,
    0x00ebf000, 0x013a9000, 0x01d7e000, 0x03afb000, 0x04000000, 0x075f7000, 0x0ebedfa4, 0x10000000};
BUILD_ASSERT(ARRAY_SIZE(rates) == ARRAY_SIZE(hundred_bauds), "one for each");

static uint32_t rate_for(uint32_t baudrate)
{
    for (unsigned i = 0; i < ARRAY_SIZE(rates); i++) {
        if (hundred_bauds[i] * UINT32_C(100) == baudrate) {
            return rates[i];
        }
    }
    return 0;
}

static void write(const struct device *dev, uintptr_t offset, uint32_t value)
{
    mmio_write(uart_irq_register(dev, offset), value);
}

static uint32_t read(const struct device *dev, uintptr_t offset)
{
    return mmio_read(uart_irq_register(dev, offset));
}

/* The byte in TXD has left when its event comes (29.4); until then another one must not be written.
 */
static bool has_room(const struct device *dev)
{
    struct uart_irq_data *data = uart_irq_data_of(dev);

    if (data->sending && read(dev, EVENTS_TXDRDY) != 0) {
        write(dev, EVENTS_TXDRDY, 0);
        data->sending = false;
    }
    return !data->sending;
}

static int configure(const struct device *dev, const struct uart_config *cfg)
{
    uint32_t rate = rate_for(cfg->baudrate);

    if (rate == 0 || cfg->data_bits != UART_CFG_DATA_BITS_8 ||
        cfg->stop_bits != UART_CFG_STOP_BITS_1 || cfg->flow_ctrl != UART_CFG_FLOW_CTRL_NONE ||
        (cfg->parity != UART_CFG_PARITY_NONE && cfg->parity != UART_CFG_PARITY_EVEN)) {
        return -ENOTSUP;
    }
    for (unsigned look = 0;
         IS_ENABLED(CONFIG_UART_USE_RUNTIME_CONFIGURE) && look < SEND_LOOKS && !has_room(dev);
         look++) {
    }
    write(dev, BAUDRATE, rate);
    write(dev, CONFIG, cfg->parity == UART_CFG_PARITY_EVEN ? CONFIG_PARITY_EVEN : 0);
    write(dev, ENABLE, ENABLE_ENABLED);
    write(dev, TASKS_STARTRX, 1);
    write(dev, TASKS_STARTTX, 1);
    return 0;
}

static bool put(const struct device *dev, uint8_t byte)
{
    if (!has_room(dev)) {
        return false;
    }
    uart_irq_data_of(dev)->sending = true;
    write(dev, TXD, byte);
    return true;
}

static unsigned take_errors(const struct device *dev)
{
    uint32_t source;

    if (read(dev, EVENTS_ERROR) == 0) {
        return 0;
    }
    write(dev, EVENTS_ERROR, 0);
    source = read(dev, ERRORSRC);
    write(dev, ERRORSRC, source);
    return source & ERROR_MASK;
}

/* The event goes before the byte is read: reading moves the next one up, which tells anew (29.5).
 */
static unsigned take(const struct device *dev, uint8_t *byte)
{
    unsigned errors = take_errors(dev);

    if (read(dev, EVENTS_RXDRDY) == 0) {
        return errors;
    }
    write(dev, EVENTS_RXDRDY, 0);
    *byte = (uint8_t)read(dev, RXD);
    return errors | UART_IRQ_BYTE;
}

static void forget_errors(const struct device *dev)
{
    (void)take_errors(dev);
}

static void listen(const struct device *dev, bool on)
{
    write(dev, on ? INTENSET : INTENCLR, INT_RXDRDY | INT_ERROR);
}

static void want_room(const struct device *dev, bool on)
{
    write(dev, on ? INTENSET : INTENCLR, INT_TXDRDY);
}

const struct uart_irq_hardware uart_nrf51 = {
    .configure = configure,
    .put = put,
    .take = take,
    .forget_errors = forget_errors,
    .listen = listen,
    .want_room = want_room,
};
