/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of a transfer, the calls and the handlers of the driver
 * included, the interrupt itself sending, aborting, disabling, answering: through the DMA on uart1,
 * by the core on uart3. The peer there (sweep_uart.t) writes down what it gets, and judges it; what it sends counts upwards.
 *
 * After each point of a transmission the peer gets a line: what was sent, then '|', how many bytes
 * the driver has reported for each transfer, each with D (done) or A (aborted), and the result of
 * the handler's own call.
 */
#include <errno.h>
#include <zephyr/arch/common/semihost.h>
#include <zephyr/drivers/uart.h>

#include "../../drivers/uart_cmsdk.h"
#include "../../kernel/region_heap.h"
#include "../sweep/sweep.h"

/* Arm DAI 0505: UART3, which is nobody's. Here the core moves its bytes. */
UART_CMSDK_DEFINE(uart3, 38, 39, 1, .registers = 0x40203000, .clock_hz = 20000000,
                  .baudrate = 115200);

static const struct device *uart;

/* Its state register (Arm DDI 0479): bit 1, a byte has arrived. */
static volatile uint32_t *uart_state;
#define UART1_STATE 0x40201004u
#define UART3_STATE 0x40203004u

static struct {
    char report[40];
    volatile unsigned ended; /* TX_DONE, TX_ABORTED */
    int handler_result;
} tx;

static struct {
    volatile unsigned arrived;
    volatile bool disabled;
    unsigned given;
    unsigned released;
    uint8_t *buffers[2];
    uint8_t next; /* what must arrive next */
    bool polled;
} rx;

static void tx_ended(const struct uart_event *event)
{
    size_t length = strlen(tx.report);

    snprintk(tx.report + length, sizeof(tx.report) - length, "%u%c", (unsigned)event->data.tx.len,
             event->type == UART_TX_DONE ? 'D' : 'A');
    tx.ended++;
}

static void rx_arrived(uint8_t byte)
{
    zexpect_equal(byte, rx.next, "byte %02x instead of %02x at point %u, pc %lx", byte, rx.next,
                  sweep_point(), sweep_pc());
    rx.next = (uint8_t)(byte + 1);
    rx.arrived++;
}

static void uart_event(const struct device *dev, struct uart_event *event, void *user_data)
{
    ARG_UNUSED(dev);
    ARG_UNUSED(user_data);
    switch (event->type) {
    case UART_TX_DONE:
    case UART_TX_ABORTED:
        tx_ended(event);
        break;
    case UART_RX_RDY:
        for (size_t i = 0; i < event->data.rx.len; i++) {
            rx_arrived(event->data.rx.buf[event->data.rx.offset + i]);
        }
        break;
    case UART_RX_BUF_RELEASED:
        rx.released++;
        break;
    case UART_RX_DISABLED:
        rx.disabled = true;
        break;
    default:
        break;
    }
}

static bool started_with(const char *word)
{
    char words[100];

    return semihost_command_line(words, sizeof(words)) == 0 && strstr(words, word) != NULL;
}

static bool has_peer(const void *state)
{
    ARG_UNUSED(state);
    return started_with(" peer");
}

static void *setup(void)
{
    bool core = started_with(" uart3");

    uart = device_get_binding(core ? "uart3" : "uart1");
    uart_state = (volatile uint32_t *)(core ? UART3_STATE : UART1_STATE);
    zassert_ok(uart_callback_set(uart, uart_event, NULL));
    rx.buffers[0] = region_heap_alloc(REGION_DMA, 0, 0, 8);
    rx.buffers[1] = rx.buffers[0] + 4;
    return NULL;
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_uart, has_peer, setup, NULL, NULL, print_total);

static void put(const char *text)
{
    while (*text != '\0') {
        uart_poll_out(uart, (unsigned char)*text++);
    }
}

/* Transmission. */

static const uint8_t *message; /* "abc", in reach of the DMA or not */

static void tx_prepare(void)
{
    memset(&tx, 0, sizeof(tx));
}

static void tx_body(void)
{
    (void)uart_tx(uart, message, 3, SYS_FOREVER_US);
    while (tx.ended == 0) {
    }
}

/* A second transfer that the handler has started ends before the line does. */
static void tx_check(void)
{
    char line[60];

    while (uart_tx_abort(uart) == 0 || tx.ended == 0) {
        k_msleep(1);
    }
    snprintk(line, sizeof(line), "|%s %d\n", tx.report, tx.handler_result);
    put(line);
}

static void handler_polls(void)
{
    uart_poll_out(uart, 'Z');
}

static void handler_aborts(void)
{
    tx.handler_result = uart_tx_abort(uart);
}

static void handler_sends(void)
{
    tx.handler_result = uart_tx(uart, message, 2, SYS_FOREVER_US);
}

static void sweep_transmission(const char *name, void (*handler)(void))
{
    static const uint8_t far_message[] = "abc";
    uint8_t *near_message = region_heap_alloc(REGION_DMA, 0, 0, 4);
    struct sweep sweep = {name, tx_prepare, tx_body, handler, tx_check};

    memcpy(near_message, far_message, 4);
    message = near_message;
    put("* ");
    put(name);
    put("\n");
    (void)sweep_run(&sweep);
    message = far_message;
    (void)sweep_run(&sweep);
    region_heap_free(near_message);
}

ZTEST(sweep_uart, test_D3_poll_out_at_every_instruction)
{
    sweep_transmission("poll", handler_polls);
}

ZTEST(sweep_uart, test_D1_abort_at_every_instruction)
{
    sweep_transmission("abort", handler_aborts);
}

ZTEST(sweep_uart, test_D1_tx_at_every_instruction)
{
    sweep_transmission("tx", handler_sends);
}

/* Reception. */

static void rx_prepare(void)
{
    while ((*uart_state & BIT(1)) == 0) {
        k_msleep(1);
    }
    rx.arrived = 0;
    rx.disabled = false;
    rx.polled = false;
}

static void rx_body(void)
{
    rx.given++;
    (void)uart_rx_enable(uart, rx.buffers[0], 4, 0);
    while (rx.arrived == 0 && !rx.disabled) {
    }
    (void)uart_rx_disable(uart);
    while (!rx.disabled) {
    }
}

/* The buffer is full after a byte: without an answer in time the reception ends by itself. */
static void rx_body_full(void)
{
    rx.given++;
    (void)uart_rx_enable(uart, rx.buffers[0], 1, SYS_FOREVER_US);
    while (rx.arrived == 0 && !rx.disabled) {
    }
    (void)uart_rx_disable(uart);
    while (!rx.disabled) {
    }
}

static void give_second(void)
{
    if (uart_rx_buf_rsp(uart, rx.buffers[1], 4) == 0) {
        rx.given++;
    }
}

/* The thread answers. */
static void rx_body_answer(void)
{
    rx.given++;
    (void)uart_rx_enable(uart, rx.buffers[0], 4, 0);
    give_second();
    (void)uart_rx_disable(uart);
    while (!rx.disabled) {
    }
}

static void rx_check(void)
{
    zassert_equal(rx.given, rx.released, "%u buffers given, %u released, point %u, pc %lx",
                  rx.given, rx.released, sweep_point(), sweep_pc());
}

static void handler_disables(void)
{
    (void)uart_rx_disable(uart);
}

/* The byte belongs to whoever gets it: poll_in while nobody listens, the reception otherwise. */
static void handler_polls_in(void)
{
    unsigned char byte;

    if (uart_poll_in(uart, &byte) == 0) {
        rx_arrived(byte);
    }
}

static void sweep_reception(const char *name, void (*body)(void), void (*handler)(void))
{
    struct sweep sweep = {name, rx_prepare, body, handler, rx_check};

    (void)sweep_run(&sweep);
}

ZTEST(sweep_uart, test_D1_disable_at_every_instruction)
{
    sweep_reception("rx_disable", rx_body, handler_disables);
    sweep_reception("rx_disable, buffer full", rx_body_full, handler_disables);
    sweep_reception("rx_disable, thread answers", rx_body_answer, handler_disables);
}

ZTEST(sweep_uart, test_D1_answer_at_every_instruction)
{
    sweep_reception("rx_buf_rsp", rx_body, give_second);
    sweep_reception("rx_buf_rsp, buffer full", rx_body_full, give_second);
    sweep_reception("rx_buf_rsp, thread answers", rx_body_answer, give_second);
}

ZTEST(sweep_uart, test_D3_poll_in_at_every_instruction)
{
    sweep_reception("poll_in", rx_body, handler_polls_in);
    sweep_reception("poll_in, buffer full", rx_body_full, handler_polls_in);
}
