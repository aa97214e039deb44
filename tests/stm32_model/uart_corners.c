/* SPDX-License-Identifier: Apache-2.0 */
/* What comes together: an end that the program asks for, a full buffer, an error. */
#include "uart.h"

ZTEST_SUITE(uart_corners, NULL, NULL, NULL, model_after, NULL);

static unsigned event_count;
static unsigned disable_at;
static unsigned enable_at;
static bool wrote_after_release;

static bool stream_writes(void)
{
    struct dma_status status;

    zassert_ok(dma_get_status(DEVICE_GET(dma2), USART1_RX, &status));
    return status.busy;
}

static void act_in_event(void)
{
    event_count++;
    if (event_count == disable_at) {
        zassert_ok(uart_rx_disable(UART));
    } else if (event_count == disable_at + 1) {
        wrote_after_release = stream_writes();
    }
    if (event_count == enable_at) {
        uart_own('C');
        zassert_ok(uart_rx_enable(UART, buffer('C'), 16, 2000));
    }
}

static void make(unsigned disable, unsigned enable)
{
    uart_make(0);
    event_hook = act_in_event;
    event_count = 0;
    disable_at = disable;
    enable_at = enable;
    wrote_after_release = false;
    uart_own('A');
}

/* RX_RDY comes when the line has been quiet, and the stream is at work on the rest of the buffer. */
ZTEST(uart_corners, D1_disable_in_ready_of_a_quiet_line)
{
    make(2, 0);
    zassert_ok(uart_rx_enable(UART, buffer('A'), 16, 2000));
    model_send(USART1, 3);
    model_run(6);
    k_msleep(4);
    zassert_true(events_are("? A0+3 -A ."));
    zassert_false(wrote_after_release);
    uart_end();
}

ZTEST(uart_corners, D1_disable_in_ready_and_enable_in_disabled)
{
    make(2, 4);
    zassert_ok(uart_rx_enable(UART, buffer('A'), 16, 2000));
    model_send(USART1, 3);
    model_run(6);
    k_msleep(4);
    model_send(USART1, 2);
    model_run(6);
    k_msleep(4);
    zassert_true(events_are("? A0+3 -A . ? C0+2"));
    uart_end();
}

/* The last buffer is full and a later byte overruns the next: that is one end. */
static void fill_and_overrun(void)
{
    unsigned key;

    zassert_ok(uart_rx_enable(UART, buffer('A'), 4, 2000));
    key = irq_lock();
    model_send(USART1, 6);
    model_run(8);
    irq_unlock(key);
    model_run(1);
    k_msleep(4);
}

ZTEST(uart_corners, D2_overrun_behind_a_full_buffer_ends_once)
{
    make(0, 0);
    fill_and_overrun();
    zassert_true(events_are("? !1 A0+4 -A ."));
    uart_end();
}

/* The error was the old reception's. */
ZTEST(uart_corners, D2_overrun_behind_a_full_buffer_and_enable_in_disabled)
{
    make(0, 5);
    fill_and_overrun();
    zassert_true(events_are("? !1 A0+4 -A . ?"));
    uart_end();
}

/* What comes between the call that enables and the interrupt that starts the stream. */
static void enable_late(uint32_t flags)
{
    unsigned key;

    make(0, 0);
    key = irq_lock();
    zassert_ok(uart_rx_enable(UART, buffer('A'), 4, 2000));
    if (flags != 0) {
        model_send_bad(USART1, flags);
    } else {
        model_send(USART1, 2);
    }
    model_run(2);
    irq_unlock(key);
    model_run(4);
    k_msleep(4);
}

ZTEST(uart_corners, D2_bad_byte_that_waits_for_the_stream_ends_the_reception)
{
    enable_late(USART_SR_FE);
    zassert_true(events_are("? !4 -A ."));
    uart_end();
    enable_late(USART_SR_NF | USART_SR_PE);
    zassert_true(events_are("? !2 -A ."));
    uart_end();
}

ZTEST(uart_corners, D2_overrun_before_the_stream_ends_the_reception)
{
    enable_late(0);
    zassert_true(events_are("? !1 A0+1 -A ."));
    uart_end();
}

static void time_passes(unsigned access)
{
    if (access % 16 == 0) {
        usart_model_frame();
    }
}

/* A fault takes the line away in the middle: what is told has left, once, and polling goes on. */
ZTEST(uart_corners, D9_seize_in_the_middle)
{
    size_t sent;

    for (unsigned frames = 0; frames < 6; frames++) {
        uart_make(frames & 1);
        zassert_equal(uart_tx_seize(UART), 0);
        zassert_ok(uart_tx(UART, buffer('A'), 16, SYS_FOREVER_US));
        model_run(frames);
        sent = uart_tx_seize(UART);
        zassert_between_inclusive(sent, frames, frames + 2);
        zassert_equal(uart_tx_seize(UART), 0);
        model_access_hook = time_passes;
        for (size_t i = sent; i < 10; i++) {
            uart_poll_out(UART, buffer('A')[i]);
        }
        model_access_hook = NULL;
        model_run(20);
        zassert_true(wire_carried(10));
        zassert_true(sent_events_are(""));
        uart_end();
    }
}
