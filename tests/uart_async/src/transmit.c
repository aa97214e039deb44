/* SPDX-License-Identifier: Apache-2.0 */
#include "../../../kernel/region_heap.h"
#include "fake_uart.h"

static uint8_t far_text[100]; /* out of reach */
static uint8_t *near_text;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    fake_reset(FAKE_ALL_FAR);
    near_text = region_heap_alloc(FAKE_REACH, 0, 0, sizeof(far_text));
    zassert_not_null(near_text);
    for (unsigned i = 0; i < sizeof(far_text); i++) {
        far_text[i] = near_text[i] = (uint8_t)(200 - i);
    }
}

static void after(void *fixture)
{
    ARG_UNUSED(fixture);
    region_heap_free(near_text);
    near_text = NULL;
    fake_reset(FAKE_ALL_FAR);
}

ZTEST_SUITE(uart_transmit, NULL, NULL, before, after, NULL);

static int send(const uint8_t *bytes, size_t count, int32_t timeout_us)
{
    int result = uart_async_tx(&fake.async, bytes, count, timeout_us);

    if (result == 0) {
        fake.sent_from = bytes;
        fake.wire_count = 0;
    }
    return result;
}

ZTEST(uart_transmit, test_every_length_within_and_out_of_reach)
{
    for (size_t length = 1; length <= 30; length++) {
        for (fake.moves_at_a_time = 1; fake.moves_at_a_time < 12; fake.moves_at_a_time += 4) {
            fake.log[0] = '\0';
            zassert_ok(send(near_text, length, SYS_FOREVER_US));
            fake_send(length);
            zassert_equal(fake.wire_count, length);
            zassert_ok(send(far_text, length, SYS_FOREVER_US), "TX_DONE has not come");
            fake_send(length);
            zassert_equal(fake.wire_count, length);
        }
    }
}

ZTEST(uart_transmit, test_within_reach_nothing_is_copied)
{
    size_t before_bytes = fake_in_use();

    zassert_ok(send(near_text, 50, SYS_FOREVER_US));
    fake_send(10);
    zassert_equal(fake_in_use(), before_bytes);
    fake_send(40);
}

ZTEST(uart_transmit, test_bounce_is_bounded)
{
    size_t before_bytes = fake_in_use();

    zassert_ok(send(far_text, 100, SYS_FOREVER_US));
    fake_send(10);
    zassert_between_inclusive(fake_in_use() - before_bytes, CONFIG_UART_ASYNC_BOUNCE_BYTES,
                              CONFIG_UART_ASYNC_BOUNCE_BYTES + 16);
    fake_send(90);
    zassert_equal(fake_in_use(), before_bytes);
    zassert_str_equal(fake.log, "T100", "'%s'", fake.log);
}

ZTEST(uart_transmit, test_no_memory_starts_nothing)
{
    fake_exhaust(true);
    zassert_equal(send(far_text, 10, SYS_FOREVER_US), -ENOMEM);
    fake_send(10);
    zassert_str_equal(fake.log, "", "'%s'", fake.log);
    zassert_equal(fake_enable(4, SYS_FOREVER_US), -ENOMEM);
    fake_arrive(4);
    zassert_str_equal(fake.log, "", "'%s'", fake.log);
    fake_exhaust(false);
    zassert_ok(send(far_text, 10, SYS_FOREVER_US));
    fake_send(10);
    zassert_ok(fake_enable(4, SYS_FOREVER_US));
    fake_arrive(4);
    zassert_str_equal(fake.log, "T10 Q R0+4 L0 D", "'%s'", fake.log);
}

ZTEST(uart_transmit, test_results_of_calls)
{
    zassert_equal(uart_async_tx_abort(&fake.async), -EFAULT);
    zassert_equal(send(NULL, 4, 0), -EINVAL);
    zassert_equal(send(near_text, 0, 0), -EINVAL);
    zassert_ok(send(near_text, 4, 0));
    zassert_equal(send(near_text, 4, 0), -EBUSY);
    zassert_ok(uart_async_tx_abort(&fake.async));
    zassert_equal(uart_async_tx_abort(&fake.async), -EFAULT, "it is ending");
    zassert_equal(send(near_text, 4, 0), -EBUSY, "not before TX_ABORTED");
    fake_interrupts();
    zassert_str_equal(fake.log, "A0", "'%s'", fake.log);
    zassert_ok(send(near_text, 4, 0));
    fake_send(4);
    zassert_str_equal(fake.log, "A0 T4", "'%s'", fake.log);
}

ZTEST(uart_transmit, test_abort_reports_what_was_sent)
{
    for (size_t sent = 0; sent <= 20; sent++) {
        zassert_ok(send(far_text, 20, SYS_FOREVER_US));
        while (fake.wire_count < sent) {
            const uint8_t *bytes;

            zassert_true(uart_async_tx_window(&fake.async, &bytes) > 0);
            fake.wire_count++;
            uart_async_tx_moved(&fake.async, 1);
        }
        fake.log[0] = '\0';
        zassert_ok(uart_async_tx_abort(&fake.async), "also when the last byte has left");
        fake_interrupts();
        zassert_equal(fake.log[0], 'A'); /* the count is checked where the event arrives */
    }
}

ZTEST(uart_transmit, test_time_limit)
{
    zassert_ok(send(near_text, 10, 3000));
    fake_send(4);
    k_msleep(10);
    fake_interrupts();
    zassert_str_equal(fake.log, "A4", "'%s'", fake.log);
    zassert_ok(send(near_text, 10, 3000));
    fake_send(10);
    k_msleep(10);
    fake_interrupts();
    zassert_str_equal(fake.log, "A4 T10", "the limit of a finished transfer struck: '%s'",
                      fake.log);
}

ZTEST(uart_transmit, test_failed_hardware_aborts)
{
    zassert_ok(send(far_text, 10, SYS_FOREVER_US));
    fake_send(4);
    uart_async_tx_failed(&fake.async);
    zassert_str_equal(fake.log, "A4", "'%s'", fake.log);
}

static void send_more(struct fake_uart *uart, const struct uart_event *event)
{
    if (event->type == UART_TX_DONE && strlen(uart->log) < 11) {
        zexpect_ok(send(far_text, 5, SYS_FOREVER_US));
    }
}

ZTEST(uart_transmit, test_next_transfer_from_done)
{
    fake.on_event = send_more;
    zassert_ok(send(near_text, 5, SYS_FOREVER_US));
    fake_send(5);
    fake_send(5);
    fake_send(5);
    fake_send(5);
    zassert_str_equal(fake.log, "T5 T5 T5 T5", "'%s'", fake.log);
}

ZTEST(uart_transmit, test_no_callback)
{
    zassert_ok(uart_async_callback_set(&fake.async, NULL, NULL));
    zassert_ok(send(near_text, 5, SYS_FOREVER_US));
    fake_send(5);
    zassert_ok(send(near_text, 5, SYS_FOREVER_US), "the driver is idle again");
    fake_send(5);
}
