/* SPDX-License-Identifier: Apache-2.0 */
#include "console.h"

#ifdef CONFIG_CONSOLE_DEFERRED
#include "../kernel/irq.h"
#include "../kernel/printk.h"
#include "../kernel/region_heap.h"
#include "char_ring.h"

#define RING_BYTES CONFIG_CONSOLE_DEFERRED_BYTES

BUILD_ASSERT((RING_BYTES & (RING_BYTES - 1)) == 0 && RING_BYTES <= CHAR_RING_MAX_BYTES,
             "CONFIG_CONSOLE_DEFERRED_BYTES must be a power of two up to 16384");

static struct {
    const struct device *uart;
    struct char_ring ring;
    atomic_t sending; /* somebody reads the ring: the UART, or who is about to give it a piece */
    atomic_t lost;
    bool polling; /* protected by the interrupt lock */
} console;

/* Gives the UART what lies in one piece, if it is idle. When that fails, the next character tries
 * again; a character that comes between the look and the end of sending is seen here. */
static void send(void)
{
    const char *bytes;
    size_t piece;

    do {
        if (!atomic_cas(&console.sending, 0, 1)) {
            return;
        }
        piece = char_ring_peek(&console.ring, &bytes);
        if (piece > 0 &&
            uart_tx(console.uart, (const uint8_t *)bytes, piece, SYS_FOREVER_US) == 0) {
            return;
        }
        (void)atomic_clear(&console.sending);
    } while (piece == 0 && char_ring_peek(&console.ring, &bytes) > 0);
}

static void uart_event(const struct device *dev, struct uart_event *event, void *user_data)
{
    ARG_UNUSED(dev);
    ARG_UNUSED(user_data);
    if (event->type == UART_TX_DONE || event->type == UART_TX_ABORTED) {
        char_ring_take(&console.ring, event->data.tx.len);
        (void)atomic_clear(&console.sending);
        send();
    }
}

static void put_deferred(char character)
{
    if (!char_ring_put(&console.ring, character)) {
        (void)atomic_inc(&console.lost);
    }
    send();
}

void console_put(char character)
{
    bool in_interrupt = k_is_in_isr();
    /* Handlers nest and need no lock; threads do not. */
    unsigned key = in_interrupt ? 0 : irq_lock();
    bool polling = console.polling;

    if (!polling) {
        put_deferred(character);
    }
    if (!in_interrupt) {
        irq_unlock(key);
    }
    if (polling) {
        uart_poll_out(console.uart, (unsigned char)character);
    }
}

/* Zeros are what interrupted writers had reserved and never wrote. */
static void put_out_by_polling(void)
{
    const char *bytes;

    char_ring_abandon_writers(&console.ring);
    while (char_ring_peek(&console.ring, &bytes) > 0) {
        if (*bytes != '\0') {
            uart_poll_out(console.uart, (unsigned char)*bytes);
        }
        char_ring_take(&console.ring, 1);
    }
}

void console_flush(void)
{
    unsigned key = irq_lock();
    bool polling = console.polling;

    if (!polling) {
        char_ring_take(&console.ring, uart_tx_seize(console.uart));
        console.polling = true;
    }
    irq_unlock(key);
    /* Nothing is stored any more. Should another context flush at the same time, it only waits. */
    if (!polling) {
        uint32_t lost = char_ring_lost(&console.ring);

        put_out_by_polling();
        if (lost != 0) {
            printk("[%lu lost]", (unsigned long)lost);
        }
    }
}

int console_start(const struct device *uart)
{
    const struct region_need need = {.prefer = REGION_DMA};
    int result = uart_callback_set(uart, uart_event, NULL);
    char *bytes;

    if (result != 0) {
        return result;
    }
    bytes = region_heap_request(&need, 0, RING_BYTES, K_NO_WAIT);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    char_ring_init(&console.ring, bytes, RING_BYTES);
    console.uart = uart;
    printk_sink_set(console_put);
    printk_urgent_set(console_flush);
    return 0;
}

uint32_t console_lost(void)
{
    return (uint32_t)atomic_get(&console.lost);
}

size_t console_pending(void)
{
    return char_ring_count(&console.ring);
}
#endif
