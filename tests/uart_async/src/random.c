/* SPDX-License-Identifier: Apache-2.0 */
/* Any order of calls and happenings: every byte once and in order, every buffer back once. */
#include "fake_uart.h"

#ifdef CONFIG_ARCH_HOST
#define STEPS 400000u
#else
#define STEPS 20000u
#endif

static uint32_t state = 12345;
static uint8_t text[64];

static uint32_t below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return (state >> 8) % limit;
}

/* The order rules as an automaton: may this event follow, given what came before? */
static struct {
    bool receiving;
    bool ending;
    bool request_seen;
    unsigned events;
} oracle;

static void judge(struct fake_uart *uart, const struct uart_event *event)
{
    uart->log[0] = '\0';
    oracle.events++;
    switch (event->type) {
    case UART_RX_BUF_REQUEST:
        zexpect_true(oracle.receiving && !oracle.ending, "request out of place");
        break;
    case UART_RX_RDY:
    case UART_RX_BUF_RELEASED:
        zexpect_true(oracle.receiving, "event outside a reception");
        break;
    case UART_RX_STOPPED:
        zexpect_true(oracle.receiving && oracle.ending, "stopped without an error");
        break;
    case UART_RX_DISABLED:
        zexpect_true(oracle.receiving);
        oracle.receiving = false;
        oracle.ending = false;
        break;
    default:
        break;
    }
}

static void receive_step(void)
{
    switch (below(8)) {
    case 0:
        if (fake_enable(1 + below(FAKE_BUFFER_MAX), below(2) ? FAKE_QUIET_US : SYS_FOREVER_US) ==
            0) {
            zexpect_false(oracle.receiving, "enabled twice");
            oracle.receiving = true;
        }
        break;
    case 1:
        if (uart_async_rx_disable(&fake.async) == 0) {
            oracle.ending = true;
        }
        break;
    case 2:
        if (fake.given - fake.released < FAKE_BUFFERS) {
            (void)fake_answer(1 + below(FAKE_BUFFER_MAX));
        }
        break;
    case 3:
        if (oracle.receiving && !oracle.ending && below(20) == 0) {
            oracle.ending = true;
            uart_async_rx_failed(&fake.async, 0, UART_ERROR_OVERRUN);
        }
        break;
    default:
        fake_arrive(below(20));
        break;
    }
}

static void transmit_step(void)
{
    size_t length = 1 + below(sizeof(text) - 1);

    switch (below(4)) {
    case 0:
        if (uart_async_tx(&fake.async, text, length, below(2) ? SYS_FOREVER_US : 2000) == 0) {
            fake.sent_from = text;
            fake.wire_count = 0;
        }
        break;
    case 1:
        if (below(8) == 0) {
            (void)uart_async_tx_abort(&fake.async);
        }
        break;
    default:
        fake_send(below(20));
        break;
    }
}

static void run(unsigned near_mask)
{
    fake_reset(near_mask);
    memset(&oracle, 0, sizeof(oracle));
    fake.on_event = judge;
    for (unsigned i = 0; i < STEPS; i++) {
        fake.moves_at_a_time = 1 + below(10);
        if (below(2) == 0) {
            receive_step();
        } else {
            transmit_step();
        }
        if (below(100) == 0) {
            k_msleep(1 + (int)below(5));
        }
        if (below(2) == 0) {
            fake_interrupts();
        }
    }
    if (uart_async_rx_disable(&fake.async) == 0) {
        oracle.ending = true;
    }
    (void)uart_async_tx_abort(&fake.async);
    fake_interrupts();
    zassert_equal(fake.given, fake.released, "D1 %u given, %u released", fake.given, fake.released);
    zassert_equal(fake.next_in, fake.next_seen, "bytes were not told");
    zassert_true(oracle.events > STEPS / 10, "%u events", oracle.events);
    fake.on_event = NULL;
    fake_reset(FAKE_ALL_FAR);
}

ZTEST_SUITE(uart_random, NULL, NULL, NULL, NULL, NULL);

ZTEST(uart_random, test_D1_everything_comes_back_once_in_reach)
{
    run(FAKE_ALL_NEAR);
}

ZTEST(uart_random, test_D1_everything_comes_back_once_bounced)
{
    run(FAKE_ALL_FAR);
}

ZTEST(uart_random, test_D1_everything_comes_back_once_mixed)
{
    run(FAKE_MIXED);
}
