/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_stm32.h"

#include "../kernel/irq.h"
#include "../lib/errno.h"

/* RM0090, table "USART register map and reset values". */
struct usart_registers {
    volatile uint32_t sr;
    volatile uint32_t dr;
    volatile uint32_t brr;
    volatile uint32_t cr1;
};
BUILD_ASSERT(offsetof(struct usart_registers, cr1) == 0x0c, "RM0090");

/* The errors are cleared by a read of SR and then DR. */
#define SR_PARITY  BIT(0)
#define SR_FRAMING BIT(1)
#define SR_NOISE   BIT(2)
#define SR_OVERRUN BIT(3)
#define SR_RX_FULL BIT(5)
#define SR_TX_ROOM BIT(7)

#define CR1_RX     BIT(2)
#define CR1_TX     BIT(3)
#define CR1_ENABLE BIT(13)

/* BRR is the divisor times 16, at 16 samples a bit; below 16 a bit has fewer clocks than samples. */
#define BRR_MIN 16u
#define BRR_MAX 0xffffu

static const struct uart_stm32_config *config_of(const struct device *dev)
{
    return dev->config;
}

static struct uart_stm32_data *data_of(const struct device *dev)
{
    return dev->data;
}

static struct usart_registers *registers_of(const struct device *dev)
{
    return (struct usart_registers *)config_of(dev)->registers;
}

static int set_baudrate(const struct device *dev, uint32_t baudrate)
{
    uint32_t divisor =
        baudrate == 0 ? 0 : (config_of(dev)->clock_hz + baudrate / 2) / baudrate; /* nearest */

    if (divisor < BRR_MIN || divisor > BRR_MAX) {
        return -ENOTSUP;
    }
    registers_of(dev)->brr = divisor;
    data_of(dev)->baudrate = baudrate;
    return 0;
}

static int configure(const struct device *dev, const struct uart_config *cfg)
{
    if (cfg->parity != UART_CFG_PARITY_NONE || cfg->stop_bits != UART_CFG_STOP_BITS_1 ||
        cfg->data_bits != UART_CFG_DATA_BITS_8 || cfg->flow_ctrl != UART_CFG_FLOW_CTRL_NONE) {
        return -ENOTSUP;
    }
    return set_baudrate(dev, cfg->baudrate);
}

static int config_get(const struct device *dev, struct uart_config *cfg)
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

static uint8_t errors_in(uint32_t sr)
{
    return (uint8_t)(((sr & SR_OVERRUN) != 0 ? UART_ERROR_OVERRUN : 0) |
                     ((sr & SR_PARITY) != 0 ? UART_ERROR_PARITY : 0) |
                     ((sr & SR_FRAMING) != 0 ? UART_ERROR_FRAMING : 0) |
                     ((sr & SR_NOISE) != 0 ? UART_ERROR_NOISE : 0));
}

static int poll_in(const struct device *dev, unsigned char *p_char)
{
    struct usart_registers *regs = registers_of(dev);
    unsigned key = irq_lock();
    uint32_t sr = regs->sr;
    int result = (sr & SR_RX_FULL) == 0 ? -1 : 0;

    data_of(dev)->errors |= errors_in(sr);
    if (result == 0) {
        *p_char = (unsigned char)regs->dr;
    }
    irq_unlock(key);
    return result;
}

/* The look and the write are one step under the lock: another context could write in between. */
static bool try_poll_out(struct usart_registers *regs, unsigned char out_char)
{
    unsigned key = irq_lock();
    bool room = (regs->sr & SR_TX_ROOM) != 0;

    if (room) {
        regs->dr = out_char;
    }
    irq_unlock(key);
    return room;
}

static void poll_out(const struct device *dev, unsigned char out_char)
{
    while (!try_poll_out(registers_of(dev), out_char)) {
    }
}

static int err_check(const struct device *dev)
{
    unsigned key = irq_lock();
    int errors = data_of(dev)->errors;

    data_of(dev)->errors = 0;
    irq_unlock(key);
    return errors;
}

/* There is no asynchronous interface. */
const struct uart_driver_api uart_stm32_api = {
    .poll_in = poll_in,
    .poll_out = poll_out,
    .err_check = err_check,
    .configure = configure,
    .config_get = config_get,
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
        registers_of(dev)->cr1 = CR1_ENABLE | CR1_TX | CR1_RX;
    }
    return result;
}
