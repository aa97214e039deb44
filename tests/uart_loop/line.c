/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

#include <string.h>
#include <zephyr/arch/common/semihost.h>
#include <zephyr/init.h>

#include "../../kernel/printk.h"

struct line line;

static uint8_t counter[512]; /* 0 to 255, twice */

static void put_by_semihosting(char character)
{
    (void)semihost_exec(SEMIHOST_WRITEC, &character);
}

/* The line itself is what is tested. */
static int redirect(void)
{
    printk_sink_set(put_by_semihosting);
    return 0;
}
SYS_INIT(redirect, POST_KERNEL, 0);

bool started_with(const char *word)
{
    char words[80];

    return semihost_command_line(words, sizeof(words)) == 0 && strstr(words, word) != NULL;
}

static void write_down(const char *format, unsigned a, unsigned b)
{
    size_t length = strlen(line.log);

    snprintk(line.log + length, LINE_LOG - length, length == 0 ? "" : " ");
    length = strlen(line.log);
    snprintk(line.log + length, LINE_LOG - length, format, a, b);
}

static unsigned id_of(const uint8_t *bytes)
{
    unsigned id = (unsigned)(bytes - line.bytes[0]) / BUFFER_MAX;

    zexpect_true(id < BUFFERS && bytes == line.bytes[id], "an event names a buffer not ours");
    return id < BUFFERS ? id : 0;
}

static void see(uint8_t byte)
{
    zexpect_equal(byte, line.next_seen, "byte %u after %u", byte, (unsigned)line.seen);
    line.next_seen++;
    line.seen++;
}

static void note_ready(const struct uart_event_rx *rx)
{
    zexpect_true(line.given[id_of(rx->buf)], "RX_RDY for a buffer that was released");
    for (size_t i = 0; i < rx->len; i++) {
        see(rx->buf[rx->offset + i]);
    }
    if (line.abort_in != 0 && --line.abort_in == 0) {
        (void)uart_tx_abort(line.uart);
    }
}

static void note_sent(const struct uart_event_tx *tx, bool aborted)
{
    zexpect_true(line.sending, "D1 an end without a transmission");
    line.sending = false;
    line.aborted = aborted;
    line.sent += tx->len;
    line.next_out = (uint8_t)(line.next_out + tx->len);
}

static void event(const struct device *dev, struct uart_event *evt, void *user_data)
{
    zexpect_equal_ptr(dev, line.uart);
    zexpect_equal_ptr(user_data, &line);
    switch (evt->type) {
    case UART_TX_DONE:
        write_down("T%u", (unsigned)evt->data.tx.len, 0);
        note_sent(&evt->data.tx, false);
        break;
    case UART_TX_ABORTED:
        write_down("A%u", (unsigned)evt->data.tx.len, 0);
        note_sent(&evt->data.tx, true);
        break;
    case UART_RX_RDY:
        write_down("R%u+%u", (unsigned)evt->data.rx.offset, (unsigned)evt->data.rx.len);
        note_ready(&evt->data.rx);
        break;
    case UART_RX_BUF_REQUEST:
        write_down("Q", 0, 0);
        if (line.answer_bytes != 0) {
            zexpect_ok(line_answer(line.answer_bytes));
        }
        break;
    case UART_RX_BUF_RELEASED:
        write_down("L%u", id_of(evt->data.rx_buf.buf), 0);
        zexpect_true(line.given[id_of(evt->data.rx_buf.buf)], "D1 released twice");
        line.given[id_of(evt->data.rx_buf.buf)] = false;
        break;
    case UART_RX_DISABLED:
        write_down("D", 0, 0);
        break;
    case UART_RX_STOPPED:
        write_down("S%u", evt->data.rx_stop.reason, 0);
        break;
    }
}

/* Bytes that came, also those that wait for an event. */
static size_t arrived(void)
{
    unsigned key = irq_lock();
    const struct uart_async_rx *rx = &line_async()->rx;
    size_t count = line.seen + (rx->wish == UART_ASYNC_RUN ? rx->filled - rx->reported : 0);

    irq_unlock(key);
    return count;
}

static bool is_receiving(void)
{
    return uart_async_rx_is_enabled(line_async());
}

void line_arrive(size_t count)
{
    k_timepoint_t end = sys_timepoint_calc(LINE_LIMIT);

    for (size_t i = 0; i < count; i++) {
        uart_poll_out(line.uart, line.next_out++);
        line.sent++;
    }
    while (is_receiving() && arrived() < line.sent) {
        zassert_false(sys_timepoint_expired(end), "%u of %u bytes came", (unsigned)arrived(),
                      (unsigned)line.sent);
        k_sleep(K_TICKS(1));
    }
}

static unsigned free_buffer(void)
{
    for (unsigned i = 0; i < BUFFERS; i++) {
        if (!line.given[i]) {
            return i;
        }
    }
    zassert_unreachable("the driver keeps all buffers");
    return 0;
}

int line_enable(size_t bytes, int32_t quiet_us)
{
    unsigned id = free_buffer();
    int result;

    line.given[id] = true; /* before events can come */
    result = uart_rx_enable(line.uart, line.bytes[id], bytes, quiet_us);
    line.given[id] = result == 0 && line.given[id];
    return result;
}

int line_answer(size_t bytes)
{
    unsigned id = free_buffer();
    int result = uart_rx_buf_rsp(line.uart, line.bytes[id], bytes);

    line.given[id] = result == 0;
    return result;
}

int line_send(size_t count, int32_t timeout_us)
{
    int result;

    line.sending = true;
    result = uart_tx(line.uart, counter + line.next_out, count, timeout_us);
    line.sending = result == 0 && line.sending;
    return result;
}

/* Sleeps until the next tick; false: it has taken too long. */
static bool wait_until(k_timepoint_t end)
{
    k_sleep(K_TICKS(1));
    return !sys_timepoint_expired(end);
}

bool line_sent(void)
{
    k_timepoint_t end = sys_timepoint_calc(LINE_LIMIT);

    while (line.sending && wait_until(end)) {
    }
    return !line.sending;
}

bool line_quiet(void)
{
    k_timepoint_t end = sys_timepoint_calc(LINE_IS_SLOW);

    while (arrived() < line.sent && wait_until(end)) {
    }
    return arrived() == line.sent;
}

void line_poll(void)
{
    unsigned char byte;

    while (uart_poll_in(line.uart, &byte) == 0) {
        see(byte);
    }
}

void line_finish(void)
{
    k_timepoint_t end = sys_timepoint_calc(LINE_LIMIT);

    line.answer_bytes = 0;
    (void)uart_tx_abort(line.uart);
    (void)uart_rx_disable(line.uart);
    zassert_false(is_receiving(), "RX_DISABLED has not come");
    do {
        line_poll();
    } while (line.seen < line.sent && wait_until(end));
    zassert_equal(line.seen, line.sent, "%u of %u bytes came", (unsigned)line.seen,
                  (unsigned)line.sent);
    for (unsigned i = 0; i < BUFFERS; i++) {
        zassert_false(line.given[i], "D1 buffer %u was kept", i);
    }
}

void line_reset(void)
{
    for (unsigned i = 0; i < sizeof(counter); i++) {
        counter[i] = (uint8_t)i;
    }
    memset(&line, 0, sizeof(line));
    line.uart = device_get_binding("uart0");
    zassert_not_null(line.uart);
    zassert_ok(uart_callback_set(line.uart, event, &line));
}
