/* SPDX-License-Identifier: Apache-2.0 */
#include "console.h"

#ifdef CONFIG_CONSOLE_DEFERRED
#include "../kernel/irq.h"
#include "../kernel/printk.h"
#include "../kernel/region_heap.h"

#define RING_BYTES CONFIG_CONSOLE_DEFERRED_BYTES

/* "[4294967295 lost]" */
#define MARK_BYTES 18u

/* Protected by the interrupt lock. */
static struct {
    const struct device *uart;
    char *ring;
    size_t first;      /* the oldest character that has not left */
    size_t count;      /* characters in the ring */
    size_t in_flight;  /* of them, how many the UART is sending */
    uint32_t unmarked; /* lost since the last mark in the text */
    uint32_t lost;
    bool polling;
} console;

static void store_locked(char character)
{
    console.ring[(console.first + console.count) % RING_BYTES] = character;
    console.count++;
}

/* Says in the text how much is missing here, once there is room to say it. */
static void mark_locked(void)
{
    char mark[MARK_BYTES];

    snprintk(mark, sizeof(mark), "[%lu lost]", (unsigned long)console.unmarked);
    for (const char *character = mark; *character != '\0'; character++) {
        store_locked(*character);
    }
    console.unmarked = 0;
}

/* Sends what lies in one piece. When it fails, the next character tries again. */
static void send_locked(void)
{
    size_t piece = MIN(console.count, RING_BYTES - console.first);

    if (console.in_flight == 0 && piece > 0 &&
        uart_tx(console.uart, (const uint8_t *)console.ring + console.first, piece,
                SYS_FOREVER_US) == 0) {
        console.in_flight = piece;
    }
}

static void forget_locked(size_t sent)
{
    console.first = (console.first + sent) % RING_BYTES;
    console.count -= sent;
    console.in_flight = 0;
}

static void uart_event(const struct device *dev, struct uart_event *event, void *user_data)
{
    unsigned key;

    ARG_UNUSED(dev);
    ARG_UNUSED(user_data);
    if (event->type == UART_TX_DONE || event->type == UART_TX_ABORTED) {
        key = irq_lock();
        forget_locked(event->data.tx.len);
        send_locked();
        irq_unlock(key);
    }
}

static void put_locked(char character)
{
    size_t wanted = console.unmarked == 0 ? 1 : MARK_BYTES + 1;

    if (RING_BYTES - console.count < wanted) {
        console.unmarked++;
        console.lost++;
        return;
    }
    if (console.unmarked != 0) {
        mark_locked();
    }
    store_locked(character);
    send_locked();
}

void console_put(char character)
{
    unsigned key = irq_lock();
    bool polling = console.polling;

    if (!polling) {
        put_locked(character);
    }
    irq_unlock(key);
    if (polling) {
        uart_poll_out(console.uart, (unsigned char)character);
    }
}

void console_flush(void)
{
    unsigned key = irq_lock();
    bool polling = console.polling;

    if (!polling) {
        forget_locked(uart_tx_seize(console.uart));
        console.polling = true;
    }
    irq_unlock(key);
    /* Nothing is stored any more. Should another context flush at the same time, it only waits. */
    for (; !polling && console.count > 0; forget_locked(1)) {
        uart_poll_out(console.uart, (unsigned char)console.ring[console.first]);
    }
    if (!polling && console.unmarked != 0) {
        printk("[%lu lost]", (unsigned long)console.unmarked);
    }
}

int console_start(const struct device *uart)
{
    const struct region_need need = {.prefer = REGION_DMA};
    int result = uart_callback_set(uart, uart_event, NULL);

    if (result != 0) {
        return result;
    }
    console.ring = region_heap_request(&need, 0, RING_BYTES, K_NO_WAIT);
    if (console.ring == NULL) {
        return -ENOMEM;
    }
    console.uart = uart;
    printk_sink_set(console_put);
    printk_urgent_set(console_flush);
    return 0;
}

uint32_t console_lost(void)
{
    return console.lost;
}

size_t console_pending(void)
{
    return console.count;
}
#endif
