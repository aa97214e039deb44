/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts: what happens on the left, which events that must give on the right, word for word. */
#include "fake_uart.h"
#include "scripts.h"

#include <stdlib.h>

static void act(const char **actions)
{
    char what = *(*actions)++;
    size_t count = (size_t)strtoul(*actions, (char **)(uintptr_t)actions, 10);

    switch (what) {
    case 'E':
        zassert_ok(fake_enable(count, FAKE_QUIET_US));
        break;
    case 'F':
        zassert_ok(fake_enable(count, SYS_FOREVER_US));
        break;
    case 'Z':
        zassert_ok(fake_enable(count, 0));
        break;
    case 'N':
        zassert_ok(fake_answer(count));
        break;
    case 'a':
        fake.answer_bytes = count;
        break;
    case 'b':
        fake_arrive(count);
        break;
    case 't':
        k_usleep(2 * FAKE_QUIET_US + 2000);
        fake_interrupts();
        break;
    case 'd':
        zassert_ok(uart_async_rx_disable(&fake.async));
        break;
    case 'o':
        uart_async_rx_failed(&fake.async, UART_ERROR_OVERRUN);
        break;
    case 'i':
        fake_interrupts();
        break;
    default:
        break; /* a blank */
    }
}

static void play(const struct script *script)
{
    const char *actions = script->actions;

    while (*actions != '\0') {
        act(&actions);
    }
    zexpect_str_equal(fake.log, script->events, "%s: got '%s', not '%s'", script->name, fake.log,
                      script->events);
}

/* Ends what a script may have left running, so that its buffers come back. */
static void finish(void)
{
    fake.answer_bytes = 0;
    (void)uart_async_rx_disable(&fake.async);
    fake_interrupts();
    zexpect_equal(fake.given, fake.released);
}

static void play_all(unsigned near_mask, size_t moves_at_a_time)
{
    for (unsigned i = 0; i < ARRAY_SIZE(scripts); i++) {
        fake_reset(near_mask);
        fake.moves_at_a_time = moves_at_a_time;
        play(&scripts[i]);
        finish();
    }
    fake_reset(FAKE_ALL_FAR); /* checks that no memory is left in use */
}

ZTEST_SUITE(uart_order, NULL, NULL, NULL, NULL, NULL);

ZTEST(uart_order, test_D2_scripts_byte_by_byte)
{
    play_all(FAKE_ALL_NEAR, 1);
}

ZTEST(uart_order, test_D2_scripts_bounced)
{
    play_all(FAKE_ALL_FAR, 1);
}

/* Buffers within and out of reach take turns. */
ZTEST(uart_order, test_D2_scripts_mixed)
{
    play_all(FAKE_MIXED, 1);
}

/* Hardware that moves many bytes at a time gives the same events, but for the report of each byte. */
ZTEST(uart_order, test_D2_scripts_in_bursts)
{
    for (unsigned i = 0; i < ARRAY_SIZE(scripts); i++) {
        if (strchr(scripts[i].actions, 'Z') == NULL) {
            fake_reset(FAKE_ALL_NEAR);
            fake.moves_at_a_time = 100;
            play(&scripts[i]);
            finish();
        }
    }
}

/* The quiet time runs from the last byte: bytes that keep coming put it off. */
ZTEST(uart_order, test_every_byte_puts_the_report_off)
{
    fake_reset(FAKE_ALL_NEAR);
    zassert_ok(fake_enable(32, 20000));
    for (unsigned i = 0; i < 8; i++) {
        fake_arrive(1);
        k_msleep(8);
        fake_interrupts();
    }
    zassert_str_equal(fake.log, "Q", "told too early: '%s'", fake.log);
    k_msleep(30);
    fake_interrupts();
    zassert_str_equal(fake.log, "Q R0+8", "'%s'", fake.log);
    finish();
}

ZTEST(uart_order, test_results_of_calls)
{
    uint8_t byte = 0;

    fake_reset(FAKE_ALL_NEAR);
    zassert_equal(uart_async_rx_disable(&fake.async), -EFAULT);
    zassert_equal(fake_answer(4), -EACCES, "before enable");
    zassert_equal(uart_async_rx_enable(&fake.async, NULL, 4, 0), -EINVAL);
    zassert_equal(uart_async_rx_enable(&fake.async, &byte, 0, 0), -EINVAL);
    zassert_ok(fake_enable(4, SYS_FOREVER_US));
    zassert_equal(fake_enable(4, SYS_FOREVER_US), -EBUSY);
    zassert_equal(uart_async_rx_buf_rsp(&fake.async, NULL, 4), -EINVAL);
    zassert_equal(uart_async_rx_buf_rsp(&fake.async, &byte, 0), -EINVAL);
    zassert_ok(fake_answer(4));
    zassert_equal(fake_answer(4), -EBUSY, "there is a next buffer");
    zassert_ok(uart_async_rx_disable(&fake.async));
    zassert_equal(uart_async_rx_disable(&fake.async), -EFAULT, "it is ending");
    zassert_equal(fake_answer(4), -EACCES, "it is ending");
    zassert_equal(fake_enable(4, 0), -EBUSY, "not before RX_DISABLED");
    finish();
}

static void answer_late(struct fake_uart *uart, const struct uart_event *event)
{
    ARG_UNUSED(uart);
    if (event->type == UART_RX_BUF_RELEASED) {
        zexpect_ok(fake_answer(3));
    }
}

/* The last moment at which a buffer saves the reception: in RX_BUF_RELEASED of the full one. */
ZTEST(uart_order, test_answer_in_released)
{
    fake_reset(FAKE_ALL_NEAR);
    fake.on_event = answer_late;
    zassert_ok(fake_enable(2, SYS_FOREVER_US));
    fake_arrive(5);
    zassert_str_equal(fake.log, "Q R0+2 L0 Q R0+3 L0 Q", "'%s'", fake.log);
    fake.on_event = NULL;
    finish();
}

static void enable_again(struct fake_uart *uart, const struct uart_event *event)
{
    if (event->type == UART_RX_DISABLED && uart->released < 3) {
        zexpect_ok(fake_enable(2, SYS_FOREVER_US));
    }
}

ZTEST(uart_order, test_enable_in_disabled)
{
    fake_reset(FAKE_ALL_NEAR);
    fake.on_event = enable_again;
    zassert_ok(fake_enable(2, SYS_FOREVER_US));
    fake_arrive(6);
    zassert_str_equal(fake.log, "Q R0+2 L0 D Q R0+2 L0 D Q R0+2 L0 D", "'%s'", fake.log);
    finish();
}

static void disable_when_ready(struct fake_uart *uart, const struct uart_event *event)
{
    if (event->type == UART_RX_RDY) {
        zexpect_ok(uart_async_rx_disable(&uart->async));
    }
}

/* No request after a disable, not even for a buffer that has just become the present one. */
ZTEST(uart_order, test_disable_in_ready)
{
    fake_reset(FAKE_ALL_NEAR);
    fake.on_event = disable_when_ready;
    fake.answer_bytes = 4;
    zassert_ok(fake_enable(2, SYS_FOREVER_US));
    fake_arrive(2);
    zassert_str_equal(fake.log, "Q R0+2 L0 L1 D", "'%s'", fake.log);
    finish();
}
