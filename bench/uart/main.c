/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a transfer costs, in instructions: through DMA from memory that it reaches, through DMA and
 * the bounce, and with the core moving the bytes, which is what an interrupt-driven driver does.
 * Rows for bench/uart/table.py: name, per byte, a transfer of 1 byte (0: not measured).
 *
 *     make APP=bench/uart run < LICENSE
 *
 * Transmission goes to UARTs without a reader, which take every byte at once; reception counts the
 * instructions of the receive interrupt while standard input comes in.
 */
#include <zephyr/kernel.h>

#include "../../drivers/uart_cmsdk.h"
#include "../../kernel/region_heap.h"
#include "request.h"
#include "timer1.h"

#define RECEIVE_BYTES 2000u
#define LONG_BYTES    1000u

/* UART3, whose bytes the core moves (Arm DAI 0505). */
UART_CMSDK_DEFINE(uart3_core, 38, 39, 1, .registers = 0x40203000, .clock_hz = 20000000,
                  .baudrate = 115200);

/* The console's UART once more, for reception by the core. */
UART_CMSDK_DEFINE(uart0_core, 32, 33, 1, .registers = 0x40200000, .clock_hz = 20000000,
                  .baudrate = 115200);

static volatile bool over;
static volatile size_t arrived;

static void event(const struct device *dev, struct uart_event *evt, void *user_data)
{
    ARG_UNUSED(dev);
    ARG_UNUSED(user_data);
    if (evt->type == UART_TX_DONE || evt->type == UART_RX_DISABLED) {
        over = true;
    }
    if (evt->type == UART_RX_RDY) {
        arrived += evt->data.rx.len;
    }
}

static uint32_t send(const struct device *uart, const uint8_t *bytes, size_t count)
{
    uint32_t begin = TIMER1_VALUE;

    over = false;
    (void)uart_tx(uart, bytes, count, SYS_FOREVER_US);
    while (!over) {
    }
    return instructions_since(begin);
}

/* The line through the costs of 1 and of LONG_BYTES bytes. */
static void measure_sending(const char *name, const struct device *uart, const uint8_t *bytes)
{
    uint32_t one;
    uint32_t many;

    (void)uart_callback_set(uart, event, NULL);
    (void)send(uart, bytes, 1); /* the first one warms nothing up here, but on silicon */
    one = send(uart, bytes, 1);
    many = send(uart, bytes, LONG_BYTES);
    printk("%s %lu %lu\n", name, (unsigned long)((many - one) / (LONG_BYTES - 1)),
           (unsigned long)one);
}

/* Stands before the driver's handler and counts what it takes. */
static uint32_t handler_calls;
static uint64_t handler_instructions;

static const struct device *receiver;

static void counted_rx_isr(const void *unused)
{
    uint32_t begin = TIMER1_VALUE;

    ARG_UNUSED(unused);
    uart_cmsdk_rx_isr(receiver);
    handler_instructions += instructions_since(begin);
    handler_calls++;
}

/* A reception into which nothing comes: enabling, asking for a buffer, disabling, giving back. */
static void measure_empty_reception(const char *name, const struct device *uart, uint8_t *buffer)
{
    uint32_t begin;

    (void)uart_callback_set(uart, event, NULL);
    begin = TIMER1_VALUE;
    over = false;
    (void)uart_rx_enable(uart, buffer, RECEIVE_BYTES, SYS_FOREVER_US);
    (void)uart_rx_disable(uart);
    while (!over) {
    }
    printk("%s 0 %lu\n", name, (unsigned long)instructions_since(begin));
}

static void measure_receiving(const char *name, const struct device *uart, uint8_t *buffer)
{
    (void)uart_callback_set(uart, event, NULL);
    receiver = uart;
    IRQ_CONNECT(32, 1, counted_rx_isr, NULL, 0);
    handler_calls = 0;
    handler_instructions = 0;
    arrived = 0;
    over = false;
    (void)uart_rx_enable(uart, buffer, RECEIVE_BYTES, SYS_FOREVER_US);
    while (!over) {
        k_msleep(1);
    }
    printk("%s %lu 0\n", name, (unsigned long)(handler_instructions / arrived));
}

static void measure_polling(const struct device *uart)
{
    uint32_t begin = TIMER1_VALUE;

    for (unsigned i = 0; i < LONG_BYTES; i++) {
        uart_poll_out(uart, 'x');
    }
    printk("polled %lu 0\n", (unsigned long)(instructions_since(begin) / LONG_BYTES));
}

int main(void)
{
    static uint8_t far_memory[RECEIVE_BYTES];
    uint8_t *near_memory = region_heap_alloc(REGION_DMA, REGION_EXTERNAL, 0, RECEIVE_BYTES);
    const struct device *uart1 = device_get_binding("uart1");

    TIMER1_RELOAD = UINT32_MAX;
    TIMER1_CTRL = 1;
    measure_sending("transmit-dma", uart1, near_memory);
    measure_sending("transmit-bounced", uart1, far_memory);
    measure_sending("transmit-core", DEVICE_GET(uart3_core), near_memory);
    measure_polling(uart1);
    measure_empty_reception("empty-dma", uart1, near_memory);
    measure_empty_reception("empty-bounced", uart1, far_memory);
    measure_empty_reception("empty-core", DEVICE_GET(uart3_core), near_memory);
    measure_requests();
    /* Last: from here on it matters when the emulator hands a byte over. */
    measure_receiving("receive-dma", device_get_binding("uart0"), near_memory);
    measure_receiving("receive-bounced", device_get_binding("uart0"), far_memory);
    measure_receiving("receive-core", DEVICE_GET(uart0_core), near_memory);
    sys_exit(0);
}
