/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_stm32_dma.h"

#include "../lib/errno.h"
#include "mmio.h"
#include "stm32_usart_regs.h"

#define ERROR_FLAGS (USART_SR_PE | USART_SR_FE | USART_SR_NF | USART_SR_ORE)

static const struct uart_stm32_dma_config *config_of(const struct device *dev)
{
    return dev->config;
}

static struct uart_stm32_dma_data *data_of(const struct device *dev)
{
    return dev->data;
}

static uintptr_t registers_of(const struct device *dev)
{
    return config_of(dev)->usart.registers;
}

static void set_bits(uintptr_t address, uint32_t set, uint32_t clear)
{
    unsigned key = irq_lock();

    mmio_write(address, (mmio_read(address) & ~clear) | set);
    irq_unlock(key);
}

static void wake(const struct device *dev)
{
    irq_pend(config_of(dev)->irq);
}

/* Bytes that the stream has moved since it was started. */
static size_t moved_by(const struct device *dma, uint32_t stream)
{
    struct dma_status status = {0};

    (void)dma_get_status(dma, stream, &status);
    return (size_t)status.total_copied;
}

static bool is_moving(const struct device *dma, uint32_t stream)
{
    struct dma_status status = {0};

    (void)dma_get_status(dma, stream, &status);
    return status.busy;
}

/* The streams only say that there is something to look at; all that follows from it happens in the
 * USART's interrupt. */
static void stream_news(const struct device *dma, void *user_data, uint32_t channel, int status)
{
    const struct device *dev = user_data;
    struct uart_stm32_dma_data *data = data_of(dev);

    ARG_UNUSED(dma);
    *(channel == config_of(dev)->tx_stream ? &data->tx_refused : &data->rx_refused) = status < 0;
    wake(dev);
}

/* Transmission. */

/* Takes account of a piece that is over or shall end; true: the stream is idle. A stream that does
 * not stop keeps the buffer, and with it the driver. */
static bool settle_tx(const struct device *dev)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    struct uart_stm32_dma_data *data = data_of(dev);
    size_t moved;

    if (data->tx_piece == 0) {
        return true;
    }
    if (data->async.tx.wish == UART_ASYNC_RUN && is_moving(config->dma, config->tx_stream)) {
        return false;
    }
    if (dma_stop(config->dma, config->tx_stream) != 0) {
        return false;
    }
    moved = moved_by(config->dma, config->tx_stream);
    data->tx_piece = 0;
    uart_async_tx_moved(&data->async, moved);
    if (data->tx_refused) {
        data->tx_refused = false;
        uart_async_tx_failed(&data->async);
    }
    return true;
}

static void serve_tx(const struct device *dev)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    struct uart_stm32_dma_data *data = data_of(dev);
    const uint8_t *bytes;
    size_t count;

    if (!settle_tx(dev)) {
        return;
    }
    count = uart_async_tx_window(&data->async, &bytes);
    if (count == 0) {
        return;
    }
    data->tx_piece = count;
    (void)dma_reload(config->dma, config->tx_stream, (uintptr_t)bytes, registers_of(dev) + USART_DR,
                     count);
    (void)dma_start(config->dma, config->tx_stream);
}

/* Reception. */

/* Waits for the line to wake, or, when it is awake, to become idle. */
static void watch_line(const struct device *dev, bool awake)
{
    set_bits(registers_of(dev) + USART_CR1, awake ? USART_CR1_IDLEIE : USART_CR1_RXNEIE,
             awake ? USART_CR1_RXNEIE : USART_CR1_IDLEIE);
}

static void ignore_line(const struct device *dev)
{
    set_bits(registers_of(dev) + USART_CR1, 0,
             USART_CR1_IDLEIE | USART_CR1_RXNEIE | USART_CR1_PEIE);
    set_bits(registers_of(dev) + USART_CR3, 0, USART_CR3_DMAR | USART_CR3_EIE);
}

/* Clears the errors that SR has shown. An overrun leaves the byte before it in DR: it is good,
 * nobody else reads DR now, and `place` is for it. Returns how many bytes that gives. */
static size_t clear_errors(const struct device *dev, uint8_t *place, bool room)
{
    uint32_t sr = mmio_read(registers_of(dev) + USART_SR);
    uint32_t byte = mmio_read(registers_of(dev) + USART_DR);

    if (!room || (sr & USART_SR_RXNE) == 0 || (sr & ERROR_FLAGS) != USART_SR_ORE) {
        return 0;
    }
    *place = (uint8_t)byte;
    return 1;
}

/* A byte or an error that nothing else would tell: the line may have become idle before, and after
 * this read of SR, the stream's read of DR would clear the error. */
static bool fetch_waiting_byte(const struct device *dev, uint8_t *place)
{
    struct uart_stm32_dma_data *data = data_of(dev);
    uint32_t sr = mmio_read(registers_of(dev) + USART_SR);
    uint8_t errors = uart_stm32_errors(sr);

    if (errors != 0) {
        data->usart.errors |= errors;
        uart_async_rx_failed(&data->async, clear_errors(dev, place, true),
                             (enum uart_rx_stop_reason)(errors & (uint8_t)-errors));
    } else if ((sr & USART_SR_RXNE) != 0) {
        *place = (uint8_t)mmio_read(registers_of(dev) + USART_DR);
        uart_async_rx_moved(&data->async, 1);
    }
    return errors != 0 || (sr & USART_SR_RXNE) != 0;
}

static void start_rx(const struct device *dev)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    struct uart_stm32_dma_data *data = data_of(dev);
    size_t count = uart_async_rx_window(&data->async, &data->rx_place);

    if (count != 0 && fetch_waiting_byte(dev, data->rx_place)) {
        count = uart_async_rx_window(&data->async, &data->rx_place);
    }
    if (count == 0) {
        ignore_line(dev);
        return;
    }
    data->rx_piece = count;
    (void)dma_reload(config->dma, config->rx_stream, registers_of(dev) + USART_DR,
                     (uintptr_t)data->rx_place, count);
    (void)dma_start(config->dma, config->rx_stream);
    set_bits(registers_of(dev) + USART_CR1, USART_CR1_PEIE | USART_CR1_RXNEIE, USART_CR1_IDLEIE);
    set_bits(registers_of(dev) + USART_CR3, USART_CR3_DMAR | USART_CR3_EIE, 0);
}

/* Ends the piece, and the reception if there was an error; false as settle_tx. */
static bool settle_rx(const struct device *dev, uint32_t sr)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    struct uart_stm32_dma_data *data = data_of(dev);
    uint8_t errors = uart_stm32_errors(sr);
    uint8_t first = errors & (uint8_t)-errors;
    size_t moved;

    if (dma_stop(config->dma, config->rx_stream) != 0) {
        return false;
    }
    moved = moved_by(config->dma, config->rx_stream);
    if (data->rx_refused) {
        moved -= moved != 0; /* counted when it was read from DR, but memory refused it */
        first = UART_ERROR_OVERRUN;
    }
    if (errors != 0) {
        moved += clear_errors(dev, data->rx_place + moved, moved < data->rx_piece);
        data->usart.errors |= errors;
    }
    data->rx_piece = 0;
    data->rx_refused = false;
    if (first != 0) {
        uart_async_rx_failed(&data->async, moved, (enum uart_rx_stop_reason)first);
    } else if (moved != 0) {
        uart_async_rx_moved(&data->async, moved);
    }
    return true;
}

/*
 * Looks at the piece under way; false: the stream does not stop. The watch is set before SR and the
 * count are read: what happens later interrupts again. Whether the line is awake is then known from
 * a count that is not 0 while the idle flag is clear.
 */
static bool look_at_rx(const struct device *dev)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    const struct uart_stm32_dma_data *data = data_of(dev);
    uint32_t sr;
    size_t moved;
    bool over;

    watch_line(dev, false);
    sr = mmio_read(registers_of(dev) + USART_SR);
    moved = moved_by(config->dma, config->rx_stream);
    over = data->async.rx.wish != UART_ASYNC_RUN || !is_moving(config->dma, config->rx_stream) ||
           (sr & ERROR_FLAGS) != 0;
    if (over || (moved != 0 && (sr & USART_SR_IDLE) != 0)) {
        return settle_rx(dev, sr);
    }
    if (moved != 0) {
        watch_line(dev, true);
    }
    return true;
}

static void serve_rx(const struct device *dev)
{
    struct uart_stm32_dma_data *data = data_of(dev);

    if (data->rx_piece != 0 && !look_at_rx(dev)) {
        return;
    }
    if (data->rx_piece == 0) {
        start_rx(dev);
    } else {
        uart_async_rx_report(&data->async);
    }
}

void uart_stm32_dma_isr(const void *arg)
{
    const struct device *dev = arg;

    if (data_of(dev)->dma_ready) {
        serve_rx(dev);
        serve_tx(dev);
    }
}

/* The program's calls. */

static int take_stream(const struct device *dev, uint32_t stream, uint8_t slot, bool transmit)
{
    const struct device *dma = config_of(dev)->dma;
    struct dma_block_config block = {
        .source_address = registers_of(dev) + USART_DR, /* both are replaced before each start */
        .dest_address = registers_of(dev) + USART_DR,
        .block_size = 1,
        .source_addr_adj = transmit ? DMA_ADDR_ADJ_INCREMENT : DMA_ADDR_ADJ_NO_CHANGE,
        .dest_addr_adj = transmit ? DMA_ADDR_ADJ_NO_CHANGE : DMA_ADDR_ADJ_INCREMENT,
    };
    struct dma_config config = {
        .dma_slot = slot,
        .channel_direction = transmit ? MEMORY_TO_PERIPHERAL : PERIPHERAL_TO_MEMORY,
        .channel_priority = transmit ? 0 : 3, /* a byte that waits too long is lost */
        .source_data_size = 1,
        .dest_data_size = 1,
        .block_count = 1,
        .head_block = &block,
        .dma_callback = stream_news,
        .user_data = (void *)(uintptr_t)dev,
    };

    if (!device_is_ready(dma)) {
        return -ENODEV;
    }
    return dma_request_channel(dma, &stream) < 0 ? -EBUSY : dma_config(dma, stream, &config);
}

static int prepare_dma(const struct device *dev)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    int result;

    if (data_of(dev)->dma_ready) {
        return 0;
    }
    result = take_stream(dev, config->tx_stream, config->tx_slot, true);
    if (result != 0) {
        return result;
    }
    result = take_stream(dev, config->rx_stream, config->rx_slot, false);
    if (result != 0) {
        dma_release_channel(config->dma, config->tx_stream);
        return result;
    }
    set_bits(registers_of(dev) + USART_CR3, USART_CR3_DMAT, 0);
    data_of(dev)->dma_ready = true;
    irq_enable(config->irq);
    return 0;
}

static int callback_set(const struct device *dev, uart_callback_t callback, void *user_data)
{
    int result = prepare_dma(dev);

    return result != 0 ? result
                       : uart_async_callback_set(&data_of(dev)->async, callback, user_data);
}

static int tx(const struct device *dev, const uint8_t *buf, size_t len, int32_t timeout_us)
{
    return data_of(dev)->dma_ready ? uart_async_tx(&data_of(dev)->async, buf, len, timeout_us)
                                   : -ENOTSUP;
}

static int tx_abort(const struct device *dev)
{
    return uart_async_tx_abort(&data_of(dev)->async);
}

static size_t tx_seize(const struct device *dev)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    struct uart_stm32_dma_data *data = data_of(dev);
    unsigned key = irq_lock();
    size_t sent;

    if (data->tx_piece != 0) {
        (void)dma_stop(config->dma, config->tx_stream);
        uart_async_tx_moved(&data->async, moved_by(config->dma, config->tx_stream));
        data->tx_piece = 0;
    }
    sent = uart_async_tx_seize(&data->async);
    irq_unlock(key);
    return sent;
}

/* What was lost while nobody listened does not end the reception that begins now. */
static void forget_errors(const struct device *dev)
{
    uint32_t sr = mmio_read(registers_of(dev) + USART_SR);

    if ((sr & ERROR_FLAGS) != 0) {
        data_of(dev)->usart.errors |= uart_stm32_errors(sr);
        (void)mmio_read(registers_of(dev) + USART_DR);
    }
}

static int rx_enable(const struct device *dev, uint8_t *buf, size_t len, int32_t timeout_us)
{
    if (!data_of(dev)->dma_ready) {
        return -ENOTSUP;
    }
    if (!uart_async_rx_is_enabled(&data_of(dev)->async)) {
        forget_errors(dev);
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

static int poll_in(const struct device *dev, unsigned char *p_char)
{
    return uart_async_rx_is_enabled(&data_of(dev)->async) ? -EBUSY
                                                          : uart_stm32_poll_in(dev, p_char);
}

/*
 * The stream takes every chance to write DR, so a look at TXE followed by a write would meet it in
 * between: it is suspended meanwhile, and between two looks, too, or its turn would always come
 * first. Whoever polls out in an interrupt in between resumes it; the next look suspends it again.
 */
static bool try_poll_out(const struct device *dev, unsigned char out_char)
{
    const struct uart_stm32_dma_config *config = config_of(dev);
    unsigned key = irq_lock();
    bool room;

    (void)dma_suspend(config->dma, config->tx_stream);
    room = (mmio_read(registers_of(dev) + USART_SR) & USART_SR_TXE) != 0;
    if (room) {
        mmio_write(registers_of(dev) + USART_DR, out_char);
        (void)dma_resume(config->dma, config->tx_stream);
    }
    irq_unlock(key);
    return room;
}

static void poll_out(const struct device *dev, unsigned char out_char)
{
    if (!data_of(dev)->dma_ready) {
        uart_stm32_api.poll_out(dev, out_char);
        return;
    }
    while (!try_poll_out(dev, out_char)) {
    }
}

const struct uart_async_ops uart_stm32_dma_async_ops = {
    .tx_wake = wake,
    .rx_wake = wake,
};

const struct uart_driver_api uart_stm32_dma_api = {
    .poll_in = poll_in,
    .poll_out = poll_out,
    .err_check = uart_stm32_err_check,
    .configure = uart_stm32_configure,
    .config_get = uart_stm32_config_get,
    .callback_set = callback_set,
    .tx = tx,
    .tx_abort = tx_abort,
    .tx_seize = tx_seize,
    .rx_enable = rx_enable,
    .rx_buf_rsp = rx_buf_rsp,
    .rx_disable = rx_disable,
};

int uart_stm32_dma_init(const struct device *dev)
{
    config_of(dev)->connect();
    return uart_stm32_init(dev);
}
