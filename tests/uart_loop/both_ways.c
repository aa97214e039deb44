/* SPDX-License-Identifier: Apache-2.0 */
/* Transmission and reception at once: every byte comes once and in order. */
#include <string.h>

#include "line.h"

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    line_reset();
}

static void after(void *fixture)
{
    ARG_UNUSED(fixture);
    line_finish();
}

ZTEST_SUITE(loop_both_ways, NULL, NULL, before, after, NULL);

ZTEST(loop_both_ways, test_every_length)
{
    for (size_t length = 1; length <= 40; length++) {
        line.log[0] = '\0';
        zassert_ok(line_enable(BUFFER_MAX, SYS_FOREVER_US));
        zassert_ok(line_send(length, SYS_FOREVER_US));
        zassert_true(line_sent());
        zassert_true(line_quiet());
        zassert_ok(uart_rx_disable(line.uart));
        zassert_equal(line.seen, line.sent);
    }
}

ZTEST(loop_both_ways, test_what_came_before_enable)
{
    line_arrive(1);
    k_msleep(50);
    zassert_ok(line_enable(BUFFER_MAX, SYS_FOREVER_US));
    line_arrive(4);
    zassert_ok(uart_rx_disable(line.uart));
    zassert_str_equal(line.log, "Q R0+5 L0 D", "'%s'", line.log);
}

/* Nobody takes them any more, and they must not interrupt for ever. */
ZTEST(loop_both_ways, test_bytes_between_disable_and_its_interrupt)
{
    unsigned key;

    zassert_ok(line_enable(BUFFER_MAX, SYS_FOREVER_US));
    key = irq_lock();
    (void)uart_rx_disable(line.uart);
    uart_poll_out(line.uart, line.next_out++);
    uart_poll_out(line.uart, line.next_out++);
    line.sent += 2;
    k_busy_wait(20000);
    irq_unlock(key);
    zassert_str_equal(line.log, "Q L0 D", "'%s'", line.log);
}

ZTEST(loop_both_ways, test_abort_before_the_first_byte)
{
    unsigned key = irq_lock();
    int result = line_send(30, SYS_FOREVER_US);
    int abort_result = uart_tx_abort(line.uart);
    int again = uart_tx_abort(line.uart);
    int next = uart_tx(line.uart, (const uint8_t *)"x", 1, SYS_FOREVER_US);

    irq_unlock(key);
    zassert_ok(result);
    zassert_ok(abort_result);
    zassert_equal(again, -EFAULT, "it is ending");
    zassert_equal(next, -EBUSY, "not before TX_ABORTED");
    zassert_true(line_sent());
    zassert_str_equal(line.log, "A0", "'%s'", line.log);
}

ZTEST(loop_both_ways, test_D9_seize_tells_what_has_left)
{
    unsigned key = irq_lock();
    int result = line_send(30, SYS_FOREVER_US);
    size_t left = uart_tx_seize(line.uart);

    irq_unlock(key);
    line.sending = false;
    zassert_ok(result);
    zassert_equal(left, 0);
    k_msleep(5);
    zassert_str_equal(line.log, "", "'%s'", line.log);
    zassert_ok(line_send(3, SYS_FOREVER_US), "the UART is idle");
    zassert_true(line_sent());
    zassert_str_equal(line.log, "T3", "'%s'", line.log);
}

/* D3: characters of printk beside a transfer: neither loses one to the other. */
ZTEST(loop_both_ways, test_D3_poll_out_beside_a_transfer)
{
    static uint8_t letters[100];
    unsigned next_letter = 0;
    unsigned digits = 0;
    unsigned char byte;

    memset(letters, 'a', sizeof(letters));
    line.sending = true;
    zassert_ok(uart_tx(line.uart, letters, sizeof(letters), SYS_FOREVER_US));
    for (unsigned i = 0; i < 50; i++) {
        uart_poll_out(line.uart, (unsigned char)('0' + i % 10));
    }
    zassert_true(line_sent());
    for (unsigned tries = 0; tries < 5000 && next_letter + digits < 150;) {
        if (uart_poll_in(line.uart, &byte) != 0) {
            k_sleep(K_TICKS(1));
            tries++;
        } else if (byte == 'a') {
            next_letter++;
        } else {
            zassert_equal(byte, '0' + digits % 10);
            digits++;
        }
    }
    zassert_equal(next_letter, 100);
    zassert_equal(digits, 50);
    line.sent = line.seen = 0;
}

/* Where a byte waits for the line (CMSDK, nRF51): a line that nobody reads ends a transmission at
 * its time limit, and the event tells what the reader gets. */
static bool line_stalls(const void *state)
{
    ARG_UNUSED(state);
    return started_with(" stalls");
}

ZTEST_SUITE(loop_stalls, line_stalls, NULL, before, after, NULL);

ZTEST(loop_stalls, test_time_limit_and_room_again)
{
    unsigned full = 0;

    for (unsigned i = 0; i < 1000 && full == 0; i++) {
        zassert_ok(line_send(256, 50000));
        zassert_true(line_sent());
        full = line.aborted ? i : 0;
    }
    zassert_true(full > 8, "a pipe holds 4096 bytes");
    zassert_ok(line_send(200, SYS_FOREVER_US));
    k_msleep(20);
    zassert_true(line.sending, "there is no room");
    /* By polling: an interrupt for bytes would look for room, too. */
    for (unsigned ms = 0; line.sending && ms < 5000; ms++) {
        line_poll();
        k_msleep(1);
    }
    zassert_false(line.sending, "room came unnoticed");
}

static uint32_t below(uint32_t limit)
{
    static uint32_t state = 7;

    state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return (state >> 8) % limit;
}

ZTEST_SUITE(loop_wild, NULL, NULL, before, after, NULL);

ZTEST(loop_wild, test_D1_nothing_lost_with_aborts)
{
    unsigned aborted = 0;

    line.answer_bytes = 32;
    zassert_ok(line_enable(32, 2000));
    while (line.sent < 20000) {
        line.log[0] = '\0';
        line.abort_in = below(4) == 0 ? 1 + below(3) : 0;
        zassert_ok(line_send(1 + below(255), SYS_FOREVER_US));
        zassert_true(line_sent());
        aborted += line.aborted;
        if (line.sent - line.seen > 1000) {
            zassert_true(line_quiet());
        }
    }
    zassert_true(line_quiet());
    TC_PRINT("# %u bytes each way, %u transmissions aborted\n", (unsigned)line.sent, aborted);
}
