/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "uart.h"

static uint8_t *buffers[4];
static int8_t owned[4]; /* by the driver */
static char events[1024];
static size_t events_length;
static unsigned received;
static size_t transmitted;
static const char *answers;
static size_t answer_bytes;
static unsigned chain_left;
static size_t chain_bytes;

static __attribute__((format(printf, 1, 2))) void log_event(const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(events + events_length, sizeof(events) - events_length, format, args);
    va_end(args);
    if (length > 0) {
        events_length = MIN(events_length + (size_t)length, sizeof(events) - 1);
    }
}

uint8_t *buffer(char name)
{
    return buffers[name - 'A'];
}

static unsigned index_of(const uint8_t *bytes)
{
    unsigned index = 0;

    while (index < 4 && buffers[index] != bytes) {
        index++;
    }
    zassert_true(index < 4, "an event names a buffer that nobody gave");
    return index % 4;
}

static void on_received(const struct uart_event_rx *rx)
{
    zassert_true(rx->len > 0, "an empty RX_RDY");
    for (size_t i = 0; i < rx->len; i++) {
        uint8_t byte = rx->buf[rx->offset + i];

        if (byte != MODEL_BAD_BYTE) {
            zassert_equal(byte, (uint8_t)received, "byte %u is %u", received, byte);
            received++;
        }
    }
    log_event("%c%zu+%zu ", 'A' + (char)index_of(rx->buf), rx->offset, rx->len);
}

static void on_request(const struct device *dev)
{
    log_event("? ");
    if (answers != NULL && *answers == '*') {
        answers = "BCDA*";
    }
    if (answers != NULL && *answers != '\0') {
        char name = *answers++;

        int result = uart_rx_buf_rsp(dev, buffer(name), answer_bytes);

        /* Somebody may have disabled reception since the request. */
        zassert_true(result == 0 || result == -EACCES);
        owned[name - 'A'] = (int8_t)(owned[name - 'A'] + (result == 0));
    }
}

static void on_done(const struct device *dev, const struct uart_event *event)
{
    transmitted += event->data.tx.len;
    log_event("%s%zu ", event->type == UART_TX_DONE ? "done" : "abort", event->data.tx.len);
    if (event->type == UART_TX_DONE && chain_left > 0) {
        chain_left--;
        zassert_ok(uart_tx(dev, buffer('A'), chain_bytes, SYS_FOREVER_US));
    }
}

static void hear(const struct device *dev, struct uart_event *event, void *user_data)
{
    zassert_equal_ptr(user_data, events);
    zassert_true(k_is_in_isr());
    if (model_access_hook != NULL) {
        model_access_hook(model_accesses); /* nothing is locked here either */
        model_settle_lines();
        model_beats(MODEL_BEATS);
    }
    switch (event->type) {
    case UART_TX_DONE:
    case UART_TX_ABORTED:
        on_done(dev, event);
        break;
    case UART_RX_RDY:
        on_received(&event->data.rx);
        break;
    case UART_RX_BUF_REQUEST:
        on_request(dev);
        break;
    case UART_RX_BUF_RELEASED:
        log_event("-%c ", 'A' + (char)index_of(event->data.rx_buf.buf));
        owned[index_of(event->data.rx_buf.buf)]--;
        break;
    case UART_RX_DISABLED:
        log_event(". ");
        break;
    case UART_RX_STOPPED:
        log_event("!%d ", (int)event->data.rx_stop.reason);
        break;
    }
}

void uart_make(unsigned kind)
{
    static const struct region_need needs[] = {
        {.must = REGION_DMA, .must_not = REGION_RETAINED},
        {.must = REGION_FAST, .must_not = REGION_DMA},
        {.must = REGION_DMA | REGION_RETAINED},
        {.must = REGION_DMA_BY(2), .must_not = REGION_DMA},
    };

    board_before(NULL);
    for (unsigned i = 0; i < 4; i++) {
        buffers[i] = kind == KIND_STATIC
                         ? at(IMAGE + BUFFER_MAX * i)
                         : region_heap_request(&needs[kind], 0, BUFFER_MAX, K_NO_WAIT);
        zassert_not_null(buffers[i]);
        owned[i] = 0;
        for (unsigned j = 0; j < BUFFER_MAX; j++) {
            buffers[i][j] = (uint8_t)(j ^ (0x40 + i));
        }
    }
    events_length = 0;
    received = 0;
    transmitted = 0;
    answers = NULL;
    chain_left = 0;
    zassert_ok(uart_callback_set(UART, hear, events));
}

void uart_end(void)
{
    answers = NULL;
    chain_left = 0;
    (void)uart_rx_disable(UART);
    (void)uart_tx_abort(UART);
    model_run(2);
    for (unsigned i = 0; i < 4; i++) {
        zassert_equal(owned[i], 0, "buffer %c was released %d times too few", 'A' + (int)i,
                      owned[i]);
        if (buffers[i] - at(IMAGE) >= (ptrdiff_t)IMAGE_BYTES || buffers[i] < at(IMAGE)) {
            region_heap_free(buffers[i]);
        }
    }
    events_length = 0;
    zassert_true(region_heap_validate());
}

bool events_are(const char *expected)
{
    size_t length = strlen(expected);
    bool same =
        events_length == (length == 0 ? 0 : length + 1) && strncmp(events, expected, length) == 0;

    if (!same) {
        printk("# events \"%.*s\"\n# expected \"%s\"\n", (int)events_length, events, expected);
    }
    events_length = 0;
    return same;
}

size_t transmitted_count(void)
{
    return transmitted;
}

const char *events_take(void)
{
    events[events_length] = '\0';
    events_length = 0;
    return events;
}

unsigned received_count(void)
{
    return received;
}

void answer_requests_with(const char *names, size_t bytes)
{
    answers = names;
    answer_bytes = bytes;
}

bool wire_carried(size_t count)
{
    uint8_t wire[BUFFER_MAX + 1];
    size_t got = model_received(USART1, wire, sizeof(wire));

    if (got != count || memcmp(wire, buffer('A'), MIN(count, (size_t)BUFFER_MAX)) != 0) {
        printk("# %zu bytes on the wire, expected %zu\n", got, count);
        return false;
    }
    return true;
}

void chain_transmissions(unsigned times, size_t bytes)
{
    chain_left = times;
    chain_bytes = bytes;
}

void uart_own(char name)
{
    owned[name - 'A']++;
}
