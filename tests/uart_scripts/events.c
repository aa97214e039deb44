/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "../ztest/ztest.h"

#define LOG_BYTES 512

struct text {
    char events[LOG_BYTES];
    size_t length;
};

void (*event_hook)(void);

static const struct device *uart;
static uint8_t *buffers[4];
static int8_t owned[4]; /* by the driver */
static struct text told;
static struct text told_sent;
static unsigned received;
static size_t transmitted;
static unsigned running;
static const char *answers;
static size_t answer_bytes;
static unsigned chain_left;
static size_t chain_bytes;

static __attribute__((format(printf, 2, 3))) void note(struct text *text, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintk(text->events + text->length, LOG_BYTES - text->length, format, args);
    va_end(args);
    text->length = MIN(text->length + (size_t)MAX(length, 0), (size_t)LOG_BYTES - 1);
}

uint8_t *buffer(char name)
{
    return buffers[name - 'A'];
}

void uart_own(char name)
{
    owned[name - 'A']++;
}

static unsigned index_of(const uint8_t *bytes)
{
    unsigned index = 0;

    while (index < 4 && buffers[index] != bytes) {
        index++;
    }
    zexpect_true(index < 4, "an event names a buffer that nobody gave");
    return index % 4;
}

static void on_received(const struct uart_event_rx *rx)
{
    zexpect_true(rx->len > 0, "an empty RX_RDY");
    for (size_t i = 0; i < rx->len; i++) {
        uint8_t byte = rx->buf[rx->offset + i];

        if (byte != MISSED_BYTE) {
            zexpect_equal(byte, (uint8_t)received, "byte %u is %u", received, byte);
            received++;
        }
    }
    note(&told, "%c%u+%u ", 'A' + (char)index_of(rx->buf), (unsigned)rx->offset, (unsigned)rx->len);
}

static void on_request(const struct device *dev)
{
    note(&told, "? ");
    if (answers != NULL && *answers == '*') {
        answers = "BCDA*";
    }
    if (answers != NULL && *answers != '\0') {
        char name = *answers++;
        int result = uart_rx_buf_rsp(dev, buffer(name), answer_bytes);

        /* Somebody may have disabled reception since the request. */
        zexpect_true(result == 0 || result == -EACCES);
        owned[name - 'A'] = (int8_t)(owned[name - 'A'] + (result == 0));
    }
}

static void on_done(const struct uart_event *event)
{
    transmitted += event->data.tx.len;
    running--;
    note(&told_sent, "%s%u ", event->type == UART_TX_DONE ? "done" : "abort",
         (unsigned)event->data.tx.len);
    if (event->type == UART_TX_DONE && chain_left > 0) {
        chain_left--;
        zexpect_ok(send_bytes(buffer('A'), chain_bytes, SYS_FOREVER_US));
    }
}

static void hear(const struct device *dev, struct uart_event *event, void *user_data)
{
    zexpect_equal_ptr(user_data, &told);
    zexpect_true(k_is_in_isr());
    if (event_hook != NULL) {
        event_hook();
    }
    switch (event->type) {
    case UART_TX_DONE:
    case UART_TX_ABORTED:
        on_done(event);
        break;
    case UART_RX_RDY:
        on_received(&event->data.rx);
        break;
    case UART_RX_BUF_REQUEST:
        on_request(dev);
        break;
    case UART_RX_BUF_RELEASED:
        note(&told, "-%c ", 'A' + (char)index_of(event->data.rx_buf.buf));
        owned[index_of(event->data.rx_buf.buf)]--;
        break;
    case UART_RX_DISABLED:
        note(&told, ". ");
        break;
    case UART_RX_STOPPED:
        note(&told, "!%d ", (int)event->data.rx_stop.reason);
        break;
    }
}

void events_begin(const struct device *dev, uint8_t *const four[4])
{
    uart = dev;
    for (unsigned i = 0; i < 4; i++) {
        buffers[i] = four[i];
        owned[i] = 0;
        for (unsigned j = 0; j < BUFFER_MAX; j++) {
            buffers[i][j] = (uint8_t)(j ^ (0x40 + i));
        }
    }
    told.length = told_sent.length = 0;
    received = 0;
    transmitted = 0;
    running = 0;
    events_end();
    zassert_ok(uart_callback_set(uart, hear, &told));
}

void events_end(void)
{
    answers = NULL;
    chain_left = 0;
}

bool buffers_are_back(void)
{
    for (unsigned i = 0; i < 4; i++) {
        if (owned[i] != 0) {
            printk("# buffer %c was released %d times too few\n", 'A' + (int)i, owned[i]);
            return false;
        }
    }
    return true;
}

int send_bytes(const uint8_t *bytes, size_t count, int32_t timeout_us)
{
    unsigned key = irq_lock();
    int result = uart_tx(uart, bytes, count, timeout_us);

    running += result == 0;
    irq_unlock(key);
    return result;
}

static bool text_is(struct text *text, const char *expected)
{
    size_t length = strlen(expected);
    bool same = text->length == (length == 0 ? 0 : length + 1) &&
                strncmp(text->events, expected, length) == 0;

    if (!same) {
        printk("# events \"%.*s\"\n# expected \"%s\"\n", (int)text->length, text->events, expected);
    }
    text->length = 0;
    return same;
}

bool events_are(const char *expected)
{
    return text_is(&told, expected);
}

bool sent_events_are(const char *expected)
{
    return text_is(&told_sent, expected);
}

static const char *take(struct text *text)
{
    text->events[text->length] = '\0';
    text->length = 0;
    return text->events;
}

const char *events_take(void)
{
    return take(&told);
}

const char *sent_events_take(void)
{
    return take(&told_sent);
}

unsigned received_count(void)
{
    return received;
}

size_t transmitted_count(void)
{
    return transmitted;
}

unsigned transmissions_running(void)
{
    return running;
}

void answer_requests_with(const char *names, size_t bytes)
{
    answers = names;
    answer_bytes = bytes;
}

void chain_transmissions(unsigned times, size_t bytes)
{
    chain_left = times;
    chain_bytes = bytes;
}
