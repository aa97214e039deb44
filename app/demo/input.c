/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <errno.h>

#include <zephyr/kernel.h>

#include "../../kernel/region_heap.h"

#define BUFFERS 2u

/* Large, so that lines come in bursts that the message heap cannot hold at once. */
#define BUFFER_BYTES 8192u

/* What was typed or sent is looked at when the line has been quiet for so long. */
#define QUIET_US 5000

enum buffer_state {
    BUFFER_FREE,
    BUFFER_GIVEN, /* the driver's */
    BUFFER_FULL,  /* released by the driver, not yet read to its end */
};

struct buffer {
    enum buffer_state state;
    uint8_t *bytes;
    size_t filled;
};

/* Protected by `lock`. Buffers are given and read in turn. */
static struct {
    const struct device *uart;
    struct buffer buffers[BUFFERS];
    unsigned giving;
    unsigned reading;
    size_t taken; /* bytes of the buffer being read */
    bool enabled;
    bool wanted; /* the driver has asked for a buffer */
    bool stopping;
    uint64_t total;
} input;
static struct k_spinlock lock;
static K_SEM_DEFINE(news, 0, 1);

/* Gives the next buffer if it is free and the driver can take it. Later events try again. */
static void supply_locked(void)
{
    struct buffer *buffer = &input.buffers[input.giving];

    if (input.stopping || buffer->state != BUFFER_FREE || (input.enabled && !input.wanted)) {
        return;
    }
    if ((input.enabled ? uart_rx_buf_rsp(input.uart, buffer->bytes, BUFFER_BYTES)
                       : uart_rx_enable(input.uart, buffer->bytes, BUFFER_BYTES, QUIET_US)) != 0) {
        return;
    }
    buffer->state = BUFFER_GIVEN;
    buffer->filled = 0;
    input.enabled = true;
    input.wanted = false;
    input.giving = (input.giving + 1) % BUFFERS;
}

static struct buffer *buffer_at(const uint8_t *bytes)
{
    return &input.buffers[bytes == input.buffers[0].bytes ? 0 : 1];
}

static void event_locked(const struct uart_event *event)
{
    switch (event->type) {
    case UART_RX_RDY:
        buffer_at(event->data.rx.buf)->filled = event->data.rx.offset + event->data.rx.len;
        input.total += event->data.rx.len;
        break;
    case UART_RX_BUF_REQUEST:
        input.wanted = true;
        supply_locked();
        break;
    case UART_RX_BUF_RELEASED:
        buffer_at(event->data.rx_buf.buf)->state = BUFFER_FULL;
        break;
    case UART_RX_DISABLED:
        input.enabled = false;
        input.wanted = false;
        supply_locked();
        break;
    default:
        break;
    }
}

void input_event(const struct uart_event *event)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    event_locked(event);
    k_spin_unlock(&lock, key);
    k_sem_give(&news);
}

/* A buffer that has been read to its end goes back to the driver. */
static size_t take_locked(const uint8_t **bytes)
{
    struct buffer *buffer = &input.buffers[input.reading];
    size_t count;

    if (buffer->state == BUFFER_FULL && input.taken == buffer->filled) {
        buffer->state = BUFFER_FREE;
        input.taken = 0;
        input.reading = (input.reading + 1) % BUFFERS;
        supply_locked();
        buffer = &input.buffers[input.reading];
    }
    count = buffer->state == BUFFER_FREE ? 0 : buffer->filled - input.taken;
    *bytes = buffer->bytes + input.taken;
    input.taken += count;
    return count;
}

size_t input_get(const uint8_t **bytes)
{
    for (;;) {
        k_spinlock_key_t key = k_spin_lock(&lock);
        size_t count = take_locked(bytes);

        k_spin_unlock(&lock, key);
        if (count > 0) {
            return count;
        }
        k_sem_take(&news, K_FOREVER);
    }
}

int input_start(const struct device *uart)
{
    /* Where there is plenty; out of the DMA's reach would do, the driver bounces then. */
    const struct region_need need = {.prefer = REGION_DMA | REGION_EXTERNAL};
    k_spinlock_key_t key;

    input.uart = uart;
    for (unsigned i = 0; i < BUFFERS; i++) {
        input.buffers[i].bytes = region_heap_request(&need, 0, BUFFER_BYTES, K_NO_WAIT);
        if (input.buffers[i].bytes == NULL) {
            return -ENOMEM;
        }
    }
    key = k_spin_lock(&lock);
    supply_locked();
    k_spin_unlock(&lock, key);
    return input.enabled ? 0 : -EIO;
}

void input_stop(void)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    input.stopping = true;
    k_spin_unlock(&lock, key);
    (void)uart_rx_disable(input.uart);
    while (input.enabled) {
        k_sem_take(&news, K_FOREVER);
    }
    for (unsigned i = 0; i < BUFFERS; i++) {
        region_heap_free(input.buffers[i].bytes);
    }
}

uint64_t input_bytes(void)
{
    return input.total;
}
