/* SPDX-License-Identifier: Apache-2.0 */
#include "end.h"

#include <zephyr/arch/common/semihost.h>

#include "../../../drivers/uart_cmsdk.h"

struct end echo;
struct end counter;

bool started_with(const char *word)
{
    char words[128];

    return semihost_command_line(words, sizeof(words)) == 0 && strstr(words, word) != NULL;
}

static void write_down(struct end *end, const char *format, unsigned a, unsigned b)
{
    size_t length = strlen(end->log);

    if (length + 16 < LOG_BYTES) {
        snprintk(end->log + length, LOG_BYTES - length, format, a, b);
    }
}

bool end_has_room(const struct end *end)
{
    return end->put - end->taken + 2 * LARGEST <= RING;
}

/* Gives the next buffer, as the first one or as the answer to a request. */
static int give_locked(struct end *end)
{
    uint8_t *buffer = end->buffers[end->turn];
    int result = end->on ? uart_rx_buf_rsp(end->uart, buffer, end->buffer_bytes)
                         : uart_rx_enable(end->uart, buffer, end->buffer_bytes, end->quiet_us);

    end->no_memory += result == -ENOMEM;
    if (result == 0) {
        end->turn = 1 - end->turn;
        end->given++;
        end->requested = false;
        end->on = true;
    }
    return result;
}

/* The flow control that a UART without one needs. */
static void supply(struct end *end)
{
    unsigned key = irq_lock();

    if (end->listening && end->answer && (end->requested || !end->on) && end_has_room(end)) {
        (void)give_locked(end);
    }
    irq_unlock(key);
}

static void take_in(struct end *end, const struct uart_event_rx *rx)
{
    for (size_t i = 0; i < rx->len; i++) {
        end->ring[end->put++ % RING] = rx->buf[rx->offset + i];
    }
}

static void event(const struct device *dev, struct uart_event *evt, void *user_data)
{
    struct end *end = user_data;

    ARG_UNUSED(dev);
    switch (evt->type) {
    case UART_TX_DONE:
    case UART_TX_ABORTED:
        end->last_aborted = evt->type == UART_TX_ABORTED;
        end->last_sent = evt->data.tx.len;
        end->total_sent += evt->data.tx.len;
        end->tx_back++;
        k_sem_give(&end->sent);
        break;
    case UART_RX_RDY:
        write_down(end, "R%u+%u ", (unsigned)evt->data.rx.offset, (unsigned)evt->data.rx.len);
        take_in(end, &evt->data.rx);
        if (end->on_ready != NULL) {
            end->on_ready();
        }
        k_sem_give(&end->arrived);
        break;
    case UART_RX_BUF_REQUEST:
        write_down(end, "Q ", 0, 0);
        end->requested = true;
        supply(end);
        break;
    case UART_RX_BUF_RELEASED:
        write_down(end, "L ", 0, 0);
        end->released++;
        break;
    case UART_RX_DISABLED:
        write_down(end, "D ", 0, 0);
        end->on = false;
        end->requested = false;
        k_sem_give(&end->disabled);
        break;
    case UART_RX_STOPPED:
        write_down(end, "S%u ", evt->data.rx_stop.reason, 0);
        break;
    }
}

static void reset(struct end *end, const char *name)
{
    *end = (struct end){.uart = device_get_binding(name)};
    zassert_not_null(end->uart);
    zassert_ok(k_sem_init(&end->sent, 0, 100));
    zassert_ok(k_sem_init(&end->arrived, 0, 1));
    zassert_ok(k_sem_init(&end->disabled, 0, 1));
    zassert_ok(uart_callback_set(end->uart, event, end));
}

/* Arm DAI 0505: UART3, which is nobody's. Here the core moves its bytes. */
UART_CMSDK_DEFINE(uart3, 38, 39, 1, .registers = 0x40203000, .clock_hz = 20000000,
                  .baudrate = 115200);

void ends_reset(void)
{
    reset(&echo, started_with(" uart3") ? "uart3" : "uart1");
    reset(&counter, "uart2");
}

static int listen(struct end *end)
{
    unsigned key = irq_lock();
    int result = give_locked(end);

    end->listening = result == 0;
    irq_unlock(key);
    return result;
}

void end_listen(struct end *end, uint8_t *first, uint8_t *second, size_t bytes, int32_t quiet_us)
{
    int result;

    end->buffers[0] = first;
    end->buffers[1] = second;
    end->buffer_bytes = bytes;
    end->answer = second != NULL;
    end->quiet_us = quiet_us;
    end->turn = 0;
    while ((result = listen(end)) == -ENOMEM) {
        k_msleep(1);
    }
    zassert_ok(result);
}

void end_hang_up(struct end *end)
{
    end->listening = false;
    (void)uart_rx_disable(end->uart);
    while (end->on) {
        zassert_ok(k_sem_take(&end->disabled, K_SECONDS(5)));
    }
    zassert_equal(end->given, end->released, "D1 %u buffers given, %u released", end->given,
                  end->released);
}

int end_start(struct end *end, const void *bytes, size_t count, int32_t timeout_us)
{
    int result = uart_tx(end->uart, bytes, count, timeout_us);

    end->tx_given += result == 0;
    return result;
}

size_t end_send(struct end *end, const void *bytes, size_t count, int32_t timeout_us)
{
    zassert_ok(end_start(end, bytes, count, timeout_us));
    zassert_ok(k_sem_take(&end->sent, K_SECONDS(30)), "no TX event");
    zassert_equal(end->tx_given, end->tx_back, "D1 %u transmissions, %u events", end->tx_given,
                  end->tx_back);
    return end->last_sent;
}

static size_t take_some(struct end *end, uint8_t *bytes, size_t count)
{
    unsigned key = irq_lock();
    size_t available = MIN(end->put - end->taken, count);

    zexpect_true(end->put - end->taken <= RING, "the test itself was too slow");
    for (size_t i = 0; i < available; i++) {
        bytes[i] = end->ring[end->taken++ % RING];
    }
    irq_unlock(key);
    return available;
}

size_t end_take(struct end *end, uint8_t *bytes, size_t count)
{
    size_t got = take_some(end, bytes, count);

    for (unsigned patience = 0; got < count && patience < 2000; patience++) {
        size_t more;

        supply(end);
        (void)k_sem_take(&end->arrived, K_MSEC(5));
        more = take_some(end, bytes + got, count - got);
        got += more;
        patience = more > 0 ? 0 : patience;
    }
    supply(end);
    return got;
}
