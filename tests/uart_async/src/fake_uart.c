/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_uart.h"

#include "../../../kernel/region_heap.h"

struct fake_uart fake;

static uint8_t reachable[FAKE_DMA_BYTES] __aligned(8);
static uint8_t out_of_reach[FAKE_BUFFERS][FAKE_BUFFER_MAX];
static const struct region region = {"fake", reachable, sizeof(reachable), FAKE_REACH, 0};
static void *hoard[64];

static void write_down(const char *format, unsigned a, unsigned b)
{
    size_t length = strlen(fake.log);

    /* A space between words. */
    snprintk(fake.log + length, FAKE_LOG_BYTES - length, length == 0 ? "" : " ");
    length = strlen(fake.log);
    snprintk(fake.log + length, FAKE_LOG_BYTES - length, format, a, b);
}

static unsigned id_of(const uint8_t *bytes)
{
    for (unsigned i = 0; i < FAKE_BUFFERS; i++) {
        if (fake.buffers[i].bytes == bytes) {
            return i;
        }
    }
    zassert_unreachable("an event names a buffer that is not ours");
    return 0;
}

static void check_arrived(const struct uart_event_rx *rx)
{
    zexpect_true(rx->len > 0, "RX_RDY without bytes");
    zexpect_true(fake.buffers[id_of(rx->buf)].given, "RX_RDY for a buffer that was released");
    for (size_t i = 0; i < rx->len; i++) {
        zexpect_equal(rx->buf[rx->offset + i], fake.next_seen, "byte %u of %u", (unsigned)i,
                      (unsigned)rx->len);
        fake.next_seen++;
    }
}

static void check_released(unsigned id)
{
    zexpect_true(fake.buffers[id].given, "D1 released twice");
    fake.buffers[id].given = false;
    fake.released++;
}

static void event(const struct device *dev, struct uart_event *evt, void *user_data)
{
    zexpect_is_null(dev->config);
    zexpect_equal_ptr(user_data, &fake);
    switch (evt->type) {
    case UART_TX_DONE:
        write_down("T%u", (unsigned)evt->data.tx.len, 0);
        zexpect_equal(evt->data.tx.len, fake.wire_count, "reported and sent differ");
        break;
    case UART_TX_ABORTED:
        write_down("A%u", (unsigned)evt->data.tx.len, 0);
        zexpect_equal(evt->data.tx.len, fake.wire_count, "reported and sent differ");
        break;
    case UART_RX_RDY:
        write_down("R%u+%u", (unsigned)evt->data.rx.offset, (unsigned)evt->data.rx.len);
        check_arrived(&evt->data.rx);
        break;
    case UART_RX_BUF_REQUEST:
        write_down("Q", 0, 0);
        if (fake.answer_bytes != 0) {
            zexpect_ok(fake_answer(fake.answer_bytes));
        }
        break;
    case UART_RX_BUF_RELEASED:
        write_down("L%u", id_of(evt->data.rx_buf.buf), 0);
        check_released(id_of(evt->data.rx_buf.buf));
        break;
    case UART_RX_DISABLED:
        write_down("D", 0, 0);
        zexpect_equal(fake.given, fake.released, "D1 a buffer was kept");
        break;
    case UART_RX_STOPPED:
        write_down("S%u", evt->data.rx_stop.reason, 0);
        break;
    }
    if (fake.on_event != NULL) {
        fake.on_event(&fake, evt);
    }
}

static void tx_wake(const struct device *dev)
{
    ARG_UNUSED(dev);
    fake.tx_pending = true;
}

static void rx_wake(const struct device *dev)
{
    ARG_UNUSED(dev);
    fake.rx_pending = true;
}

static const struct uart_async_ops ops = {tx_wake, rx_wake};
static const struct device device = {.name = "fake"};

void fake_exhaust(bool exhaust)
{
    for (unsigned i = 0; i < ARRAY_SIZE(hoard); i++) {
        if (exhaust) {
            hoard[i] = region_heap_alloc(FAKE_REACH, 0, 0, 1);
        } else {
            region_heap_free(hoard[i]);
            hoard[i] = NULL;
        }
    }
}

size_t fake_in_use(void)
{
    struct sys_memory_stats stats;

    zassert_ok(region_heap_stats_get(&region, &stats));
    return stats.allocated_bytes;
}

void fake_reset(unsigned near_mask)
{
    static bool added;

    if (!added) {
        zassert_ok(region_heap_add(&region));
        added = true;
    }
    fake_exhaust(false);
    for (unsigned i = 0; i < FAKE_BUFFERS; i++) {
        if (region_heap_find(fake.buffers[i].bytes, 1) == &region) {
            region_heap_free(fake.buffers[i].bytes);
        }
    }
    zassert_equal(fake_in_use(), 0, "the driver kept memory");
    fake = (struct fake_uart){.moves_at_a_time = 1};
    fake.async.dev = &device;
    fake.async.ops = &ops;
    fake.async.reach = FAKE_REACH;
    for (unsigned i = 0; i < FAKE_BUFFERS; i++) {
        fake.buffers[i].bytes = (near_mask & BIT(i)) != 0
                                    ? region_heap_alloc(FAKE_REACH, 0, 0, FAKE_BUFFER_MAX)
                                    : out_of_reach[i];
        zassert_not_null(fake.buffers[i].bytes);
    }
    zassert_ok(uart_async_callback_set(&fake.async, event, &fake));
}

/* The hardware's own view: it must never be sent out of its reach. */
static void must_be_in_reach(const uint8_t *bytes, size_t count)
{
    zassert_true(bytes >= reachable && bytes + count <= reachable + sizeof(reachable),
                 "D6 the hardware was sent out of its reach");
}

static size_t receive_some(size_t count)
{
    uint8_t *place;
    size_t room = uart_async_rx_window(&fake.async, &place);

    count = MIN(MIN(room, count), fake.moves_at_a_time);
    if (count > 0) {
        must_be_in_reach(place, count);
        for (size_t i = 0; i < count; i++) {
            place[i] = fake.next_in++;
        }
        uart_async_rx_moved(&fake.async, count);
    }
    return count;
}

static size_t send_some(size_t count)
{
    const uint8_t *bytes;
    size_t offered = uart_async_tx_window(&fake.async, &bytes);

    count = MIN(MIN(offered, count), fake.moves_at_a_time);
    if (count > 0) {
        must_be_in_reach(bytes, count);
        zexpect_mem_equal(bytes, fake.sent_from + fake.wire_count, count);
        fake.wire_count += count;
        uart_async_tx_moved(&fake.async, count);
    }
    return count;
}

void fake_interrupts(void)
{
    while (fake.tx_pending || fake.rx_pending) {
        if (fake.tx_pending) {
            fake.tx_pending = false;
            (void)send_some(0);
        }
        if (fake.rx_pending) {
            fake.rx_pending = false;
            (void)receive_some(0);
        }
    }
}

void fake_arrive(size_t count)
{
    size_t arrived;

    fake_interrupts();
    for (; count > 0; count -= arrived) {
        arrived = receive_some(count);
        fake_interrupts();
        if (arrived == 0) {
            return;
        }
    }
}

void fake_send(size_t count)
{
    size_t sent;

    fake_interrupts();
    for (; count > 0; count -= sent) {
        sent = send_some(count);
        if (sent == 0) {
            return;
        }
    }
    fake.tx_pending = true; /* room again: this is when the driver learns that it is done */
    fake_interrupts();
}

static struct fake_buffer *free_buffer(void)
{
    for (unsigned i = 0; i < FAKE_BUFFERS; i++) {
        if (!fake.buffers[i].given) {
            return &fake.buffers[i];
        }
    }
    return NULL;
}

static int give(int result, struct fake_buffer *buffer)
{
    if (result == 0) {
        buffer->given = true;
        fake.given++;
    }
    return result;
}

int fake_enable(size_t bytes, int32_t quiet_us)
{
    struct fake_buffer *buffer = free_buffer();

    return give(uart_async_rx_enable(&fake.async, buffer->bytes, bytes, quiet_us), buffer);
}

int fake_answer(size_t bytes)
{
    struct fake_buffer *buffer = free_buffer();

    return give(uart_async_rx_buf_rsp(&fake.async, buffer->bytes, bytes), buffer);
}
