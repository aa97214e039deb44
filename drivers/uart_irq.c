/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_irq.h"

#include "../lib/errno.h"

/* Bytes each way in one interrupt; then others have their turn. As deep as a PL011's buffers. */
#define BURST_MAX 16u

static const struct uart_irq_hardware *hardware_of(const struct device *dev)
{
    return uart_irq_config_of(dev)->hardware;
}

static int set_line(const struct device *dev, const struct uart_config *cfg)
{
    int result = hardware_of(dev)->configure(dev, cfg);

    if (IS_ENABLED(CONFIG_UART_USE_RUNTIME_CONFIGURE) && result == 0) {
        uart_irq_data_of(dev)->line = *cfg;
    }
    return result;
}

#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
static int configure(const struct device *dev, const struct uart_config *cfg)
{
    unsigned key = irq_lock();
    int result = set_line(dev, cfg);

    irq_unlock(key);
    return result;
}

static int config_get(const struct device *dev, struct uart_config *cfg)
{
    *cfg = uart_irq_data_of(dev)->line;
    return 0;
}
#endif

/* The look and the write are one step under the lock: another context could write in between. */
static bool try_put(const struct device *dev, uint8_t byte)
{
    unsigned key = irq_lock();
    bool room = hardware_of(dev)->put(dev, byte);

    irq_unlock(key);
    return room;
}

static void poll_out(const struct device *dev, unsigned char out_char)
{
    while (!try_put(dev, out_char)) {
    }
}

/* As uart_irq_hardware.take, and err_check will tell what was wrong. */
static unsigned take_locked(const struct device *dev, uint8_t *byte)
{
    unsigned taken = hardware_of(dev)->take(dev, byte);

    uart_irq_data_of(dev)->errors |= (uint8_t)taken;
    return taken;
}

static bool is_receiving(const struct device *dev)
{
#ifdef CONFIG_UART_ASYNC
    return uart_async_rx_is_enabled(&uart_irq_data_of(dev)->async);
#else
    ARG_UNUSED(dev);
    return false;
#endif
}

static int poll_in(const struct device *dev, unsigned char *p_char)
{
    unsigned key = irq_lock();
    int result = is_receiving(dev) ? -EBUSY : -1;

    if (result == -1 && (take_locked(dev, p_char) & UART_IRQ_BYTE) != 0) {
        result = 0;
    }
    irq_unlock(key);
    return result;
}

static int err_check(const struct device *dev)
{
    unsigned key = irq_lock();
    int errors = uart_irq_data_of(dev)->errors;

    uart_irq_data_of(dev)->errors = 0;
    irq_unlock(key);
    return errors;
}

int uart_irq_init(const struct device *dev)
{
    const struct uart_irq_config *config = uart_irq_config_of(dev);
    const struct uart_config line = {
        .baudrate = config->baudrate,
        .parity = UART_CFG_PARITY_NONE,
        .stop_bits = UART_CFG_STOP_BITS_1,
        .data_bits = UART_CFG_DATA_BITS_8,
        .flow_ctrl = UART_CFG_FLOW_CTRL_NONE,
    };

    mmio_apply(config->setup, config->setup_count);
#ifdef CONFIG_UART_ASYNC
    config->connect();
#endif
    return set_line(dev, &line);
}

#ifdef CONFIG_UART_ASYNC

static struct uart_async *async_of(const struct device *dev)
{
    return &uart_irq_data_of(dev)->async;
}

static void want_room(const struct device *dev, bool on)
{
    unsigned key = irq_lock();

    hardware_of(dev)->want_room(dev, on);
    irq_unlock(key);
}

/* Returns true when it has to be called again, without an interrupt of the device. */
static bool transmit(const struct device *dev)
{
    struct uart_async *async = async_of(dev);
    const uint8_t *bytes;

    for (unsigned count = 0; count < BURST_MAX; count++) {
        if (uart_async_tx_window(async, &bytes) == 0) {
            want_room(dev, false);
            return false;
        }
        if (!try_put(dev, *bytes)) {
            want_room(dev, true);
            return false;
        }
        uart_async_tx_moved(async, 1);
    }
    return true;
}

/* A byte that is wrong is not stored, but one that came before an overrun is as good as any. */
static bool receive_one(const struct device *dev, uint8_t *place)
{
    uint8_t byte;
    unsigned key = irq_lock();
    unsigned taken = take_locked(dev, &byte);
    unsigned errors = taken & ~UART_IRQ_BYTE;
    bool good = taken == UART_IRQ_BYTE || taken == (UART_IRQ_BYTE | UART_ERROR_OVERRUN);

    irq_unlock(key);
    if (good) {
        *place = byte;
    }
    if (errors != 0) {
        uart_async_rx_failed(async_of(dev), good, (enum uart_rx_stop_reason)(errors & -errors));
    } else if (good) {
        uart_async_rx_moved(async_of(dev), 1);
    }
    return taken != 0;
}

/* Bytes that nobody wants wait in the device, and do not interrupt. */
static void stop_listening(const struct device *dev)
{
    unsigned key = irq_lock();

    if (!is_receiving(dev)) {
        hardware_of(dev)->listen(dev, false);
    }
    irq_unlock(key);
}

/* As transmit. */
static bool receive(const struct device *dev)
{
    uint8_t *place;

    for (unsigned count = 0; count < BURST_MAX; count++) {
        if (uart_async_rx_window(async_of(dev), &place) == 0) {
            stop_listening(dev);
            return false;
        }
        if (!receive_one(dev, place)) {
            return false;
        }
    }
    return true;
}

void uart_irq_isr(const void *arg)
{
    const struct device *dev = arg;
    unsigned key = irq_lock();
    bool again;

    if (hardware_of(dev)->acknowledge != NULL) {
        hardware_of(dev)->acknowledge(dev);
    }
    irq_unlock(key);
    again = receive(dev);
    again = transmit(dev) || again;
    if (again) {
        irq_pend(uart_irq_config_of(dev)->irq);
    }
}

static int callback_set(const struct device *dev, uart_callback_t callback, void *user_data)
{
    struct uart_irq_data *data = uart_irq_data_of(dev);

    if (!data->async_ready) {
        data->async_ready = true;
        irq_enable(uart_irq_config_of(dev)->irq);
    }
    return uart_async_callback_set(&data->async, callback, user_data);
}

static int tx(const struct device *dev, const uint8_t *buf, size_t len, int32_t timeout_us)
{
    return uart_irq_data_of(dev)->async_ready ? uart_async_tx(async_of(dev), buf, len, timeout_us)
                                              : -ENOTSUP;
}

static int tx_abort(const struct device *dev)
{
    return uart_async_tx_abort(async_of(dev));
}

static size_t tx_seize(const struct device *dev)
{
    return uart_async_tx_seize(async_of(dev));
}

static int rx_enable(const struct device *dev, uint8_t *buf, size_t len, int32_t timeout_us)
{
    unsigned key;
    int result;

    if (!uart_irq_data_of(dev)->async_ready) {
        return -ENOTSUP;
    }
    key = irq_lock();
    if (!is_receiving(dev)) {
        hardware_of(dev)->forget_errors(dev);
    }
    result = uart_async_rx_enable(async_of(dev), buf, len, timeout_us);
    if (result == 0) {
        hardware_of(dev)->listen(dev, true);
    }
    irq_unlock(key);
    return result;
}

static int rx_buf_rsp(const struct device *dev, uint8_t *buf, size_t len)
{
    return uart_async_rx_buf_rsp(async_of(dev), buf, len);
}

static int rx_disable(const struct device *dev)
{
    return uart_async_rx_disable(async_of(dev));
}

/* One interrupt serves both directions. */
static void wake(const struct device *dev)
{
    irq_pend(uart_irq_config_of(dev)->irq);
}

const struct uart_async_ops uart_irq_async_ops = {
    .tx_wake = wake,
    .rx_wake = wake,
};

#endif

const struct uart_driver_api uart_irq_api = {
    .poll_in = poll_in,
    .poll_out = poll_out,
    .err_check = err_check,
#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
    .configure = configure,
    .config_get = config_get,
#endif
#ifdef CONFIG_UART_ASYNC
    .callback_set = callback_set,
    .tx = tx,
    .tx_abort = tx_abort,
    .tx_seize = tx_seize,
    .rx_enable = rx_enable,
    .rx_buf_rsp = rx_buf_rsp,
    .rx_disable = rx_disable,
#endif
};
