/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_cmsdk.h"

#include "../heap/region.h"
#include "../kernel/irq.h"
#include "../lib/errno.h"

/* DDI 0479, table "APB UART register summary". */
struct uart_registers {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t ctrl;
    volatile uint32_t intstatus; /* write 1 to clear */
    volatile uint32_t bauddiv;
};
BUILD_ASSERT(offsetof(struct uart_registers, bauddiv) == 0x10, "DDI 0479");

#define STATE_TX_FULL    BIT(0)
#define STATE_RX_FULL    BIT(1)
#define STATE_RX_OVERRUN BIT(3) /* write 1 to clear */

#define CTRL_TX     BIT(0)
#define CTRL_RX     BIT(1)
#define CTRL_TX_INT BIT(2)
#define CTRL_RX_INT BIT(3)

#define INT_TX BIT(0)
#define INT_RX BIT(1)

#define BAUDDIV_MIN 16u
#define BAUDDIV_MAX 0xfffffu

static const struct uart_cmsdk_config *config_of(const struct device *dev)
{
    return dev->config;
}

static struct uart_cmsdk_data *data_of(const struct device *dev)
{
    return dev->data;
}

static struct uart_registers *registers_of(const struct device *dev)
{
    return (struct uart_registers *)config_of(dev)->registers;
}

static int set_baudrate(const struct device *dev, uint32_t baudrate)
{
    uint32_t divisor = baudrate == 0 ? 0 : config_of(dev)->clock_hz / baudrate;

    if (divisor < BAUDDIV_MIN || divisor > BAUDDIV_MAX) {
        return -ENOTSUP;
    }
    registers_of(dev)->bauddiv = divisor;
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

static int poll_in(const struct device *dev, unsigned char *p_char)
{
    struct uart_registers *regs = registers_of(dev);
    unsigned key = irq_lock();
    int result = uart_async_rx_is_enabled(&data_of(dev)->async) ? -EBUSY
                 : (regs->state & STATE_RX_FULL) == 0           ? -1
                                                                : 0;

    if (result == 0) {
        *p_char = (unsigned char)regs->data;
    }
    irq_unlock(key);
    return result;
}

/* The look and the write are one step under the lock: a DMA beat between them would be lost. */
static bool try_poll_out(struct uart_registers *regs, unsigned char out_char)
{
    unsigned key = irq_lock();
    bool room = (regs->state & STATE_TX_FULL) == 0;

    if (room) {
        regs->data = out_char;
    }
    irq_unlock(key);
    return room;
}

static void poll_out(const struct device *dev, unsigned char out_char)
{
    while (!try_poll_out(registers_of(dev), out_char)) {
    }
}

/* True when a byte was lost since the last look; err_check will tell, too. */
static bool overrun_seen(const struct device *dev)
{
    struct uart_registers *regs = registers_of(dev);
    unsigned key = irq_lock();
    bool overrun = (regs->state & STATE_RX_OVERRUN) != 0;

    if (overrun) {
        regs->state = STATE_RX_OVERRUN;
        data_of(dev)->errors |= UART_ERROR_OVERRUN;
    }
    irq_unlock(key);
    return overrun;
}

static int err_check(const struct device *dev)
{
    unsigned key = irq_lock();
    int errors;

    (void)overrun_seen(dev);
    errors = data_of(dev)->errors;
    data_of(dev)->errors = 0;
    irq_unlock(key);
    return errors;
}

static bool send_byte(const struct device *dev, const uint8_t *byte)
{
    const struct uart_cmsdk_config *config = config_of(dev);
    struct uart_registers *regs = registers_of(dev);

    if (config->dma != NULL) {
        return config->dma->beat(config->dma, config->dma->tx_channel, (uintptr_t)byte,
                                 (uintptr_t)&regs->data);
    }
    regs->data = *byte;
    return true;
}

static bool receive_byte(const struct device *dev, uint8_t *byte)
{
    const struct uart_cmsdk_config *config = config_of(dev);
    struct uart_registers *regs = registers_of(dev);

    if (config->dma != NULL) {
        return config->dma->beat(config->dma, config->dma->rx_channel, (uintptr_t)&regs->data,
                                 (uintptr_t)byte);
    }
    *byte = (uint8_t)regs->data;
    return true;
}

/*
 * The flag is cleared before anything is looked at, so that what happens later sets it again. Room
 * is looked at, not inferred from the interrupt: a call or poll_out pends it, too.
 */
void uart_cmsdk_tx_isr(const void *arg)
{
    const struct device *dev = arg;
    struct uart_registers *regs = registers_of(dev);
    struct uart_async *async = &data_of(dev)->async;
    const uint8_t *bytes;

    regs->intstatus = INT_TX;
    uart_async_tx_service(async);
    if ((regs->state & STATE_TX_FULL) != 0 || uart_async_tx_window(async, &bytes) == 0) {
        return;
    }
    if (send_byte(dev, bytes)) {
        uart_async_tx_moved(async, 1);
    } else {
        uart_async_tx_failed(async);
    }
}

void uart_cmsdk_rx_isr(const void *arg)
{
    const struct device *dev = arg;
    struct uart_registers *regs = registers_of(dev);
    struct uart_async *async = &data_of(dev)->async;
    uint8_t *place;

    regs->intstatus = INT_RX;
    if (uart_async_rx_window(async, &place) == 0) {
        return;
    }
    if (overrun_seen(dev)) {
        uart_async_rx_failed(async, 0, UART_ERROR_OVERRUN);
    } else if ((regs->state & STATE_RX_FULL) == 0) {
        return;
    } else if (receive_byte(dev, place)) {
        uart_async_rx_moved(async, 1);
    } else {
        /* The next byte will overrun this one. */
        uart_async_rx_failed(async, 0, UART_ERROR_OVERRUN);
    }
}

/* Late, because the console polls before the DMA controller is ready. */
static int prepare_async(const struct device *dev)
{
    const struct uart_cmsdk_config *config = config_of(dev);
    int result =
        data_of(dev)->async_ready || config->dma == NULL ? 0 : config->dma->prepare(config->dma);

    if (result != 0) {
        return result;
    }
    data_of(dev)->async.reach = config->dma == NULL ? 0 : REGION_DMA;
    registers_of(dev)->ctrl = CTRL_TX | CTRL_RX | CTRL_TX_INT | CTRL_RX_INT;
    irq_enable(config->tx_irq);
    irq_enable(config->rx_irq);
    data_of(dev)->async_ready = true;
    return 0;
}

static int callback_set(const struct device *dev, uart_callback_t callback, void *user_data)
{
    int result = prepare_async(dev);

    return result != 0 ? result
                       : uart_async_callback_set(&data_of(dev)->async, callback, user_data);
}

static int tx(const struct device *dev, const uint8_t *buf, size_t len, int32_t timeout_us)
{
    return data_of(dev)->async_ready ? uart_async_tx(&data_of(dev)->async, buf, len, timeout_us)
                                     : -ENOTSUP;
}

static int tx_abort(const struct device *dev)
{
    return uart_async_tx_abort(&data_of(dev)->async);
}

static size_t tx_seize(const struct device *dev)
{
    return uart_async_tx_seize(&data_of(dev)->async);
}

static int rx_enable(const struct device *dev, uint8_t *buf, size_t len, int32_t timeout_us)
{
    if (!data_of(dev)->async_ready) {
        return -ENOTSUP;
    }
    /* What was lost while nobody listened does not end the reception that begins now. */
    if (!uart_async_rx_is_enabled(&data_of(dev)->async)) {
        (void)overrun_seen(dev);
    }
    return uart_async_rx_enable(&data_of(dev)->async, buf, len, timeout_us);
}

static int rx_buf_rsp(const struct device *dev, uint8_t *buf, size_t len)
{
    return uart_async_rx_buf_rsp(&data_of(dev)->async, buf, len);
}

static int rx_disable(const struct device *dev)
{
    return uart_async_rx_disable(&data_of(dev)->async);
}

static void tx_wake(const struct device *dev)
{
    irq_pend(config_of(dev)->tx_irq);
}

static void rx_wake(const struct device *dev)
{
    irq_pend(config_of(dev)->rx_irq);
}

const struct uart_async_ops uart_cmsdk_async_ops = {
    .tx_wake = tx_wake,
    .rx_wake = rx_wake,
};

const struct uart_driver_api uart_cmsdk_api = {
    .poll_in = poll_in,
    .poll_out = poll_out,
    .err_check = err_check,
    .configure = configure,
    .config_get = config_get,
    .callback_set = callback_set,
    .tx = tx,
    .tx_abort = tx_abort,
    .tx_seize = tx_seize,
    .rx_enable = rx_enable,
    .rx_buf_rsp = rx_buf_rsp,
    .rx_disable = rx_disable,
};

int uart_cmsdk_init(const struct device *dev)
{
    int result = set_baudrate(dev, config_of(dev)->baudrate);

    registers_of(dev)->ctrl = CTRL_TX | CTRL_RX;
    config_of(dev)->connect();
    return result;
}
