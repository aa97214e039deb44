/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts: what happens on the left, which events that must give on the right, word for word. */
#include "fake_uart.h"

#include <stdlib.h>

/*
 * Actions: E<n> enable with n bytes and a quiet time, F<n> without one, Z<n> with 0, N<n> answer
 * with n bytes, a<n> answer every request with n bytes, b<n> bytes arrive, t the line is quiet, d
 * disable, o overrun, i only the interrupt.
 */
struct script {
    const char *name;
    const char *actions;
    const char *events;
};

static const struct script scripts[] = {
    {"enable asks for a buffer", "E4 i", "Q"},
    {"quiet line", "E9 b3 t", "Q R0+3"},
    {"quiet line, twice", "E9 b3 t b2 t", "Q R0+3 R3+2"},
    {"quiet without bytes", "E9 t t", "Q"},
    {"quiet after everything was told", "E9 b3 t t t", "Q R0+3"},
    {"no quiet time: only when full", "F9 b3 t b3 t b3", "Q R0+9 L0 D"},
    {"quiet time 0: every byte", "Z3 b2", "Q R0+1 R1+1"},
    {"full without a next buffer", "E4 b4", "Q R0+4 L0 D"},
    {"full after a part was told", "E4 b3 t b1", "Q R0+3 R3+1 L0 D"},
    {"full with a next buffer", "E4 i N3 b4", "Q R0+4 L0 Q"},
    {"through three buffers", "a3 E4 b10", "Q R0+4 L0 Q R0+3 L1 Q R0+3 L0 Q"},
    {"disable at once", "E4 d i", "L0 D"},
    {"disable before a byte", "E4 i d i", "Q L0 D"},
    {"disable with unreported bytes", "E4 b2 d i", "Q R0+2 L0 D"},
    {"disable with reported bytes", "E4 b2 t d i", "Q R0+2 L0 D"},
    {"disable releases the next buffer, too", "a5 E4 b2 d i", "Q R0+2 L0 L1 D"},
    {"nothing comes after disable", "a5 E4 b2 d i b5 t", "Q R0+2 L0 L1 D"},
    {"bytes after disable, before its interrupt", "E4 b2 d b2", "Q R0+2 L0 D"},
    {"overrun", "a5 E4 b2 o", "Q S1 R0+2 L0 L1 D"},
    {"overrun without bytes", "E4 i o", "Q S1 L0 D"},
    {"again after disable", "E4 b1 d i E4 b4", "Q R0+1 L0 D Q R0+4 L0 D"},
    {"again after full", "E2 b2 E2 b2", "Q R0+2 L0 D Q R0+2 L0 D"},
    {"one byte buffers", "a1 E1 b4", "Q R0+1 L0 Q R0+1 L1 Q R0+1 L0 Q R0+1 L1 Q"},
};

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
        uart_async_rx_failed(&fake.async, 0, UART_ERROR_OVERRUN);
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

/* The tick at which the driver was woken to tell. */
static k_ticks_t woken_tick;

static void note_wake(const struct device *dev)
{
    ARG_UNUSED(dev);
    fake.rx_pending = true;
    woken_tick = k_uptime_ticks();
}

/* A tick that has begun before the last byte came does not count. */
ZTEST(uart_order, test_quiet_time_is_never_told_early)
{
    struct uart_async_ops ops;
    k_ticks_t last_byte_tick;

    for (int gap_ticks = 1; gap_ticks < 5; gap_ticks++) {
        fake_reset(FAKE_ALL_NEAR);
        ops = *fake.async.ops;
        ops.rx_wake = note_wake;
        fake.async.ops = &ops;
        zassert_ok(fake_enable(32, (int32_t)k_ticks_to_us_ceil32(8)));
        fake_arrive(1);
        k_sleep(K_TICKS(gap_ticks));
        last_byte_tick = k_uptime_ticks();
        fake_arrive(1);
        k_sleep(K_TICKS(30));
        fake_interrupts();
        zassert_str_equal(fake.log, "Q R0+2", "'%s'", fake.log);
        zassert_true(woken_tick > last_byte_tick + 8, "told %d ticks after the byte",
                     (int)(woken_tick - last_byte_tick));
        finish();
    }
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
