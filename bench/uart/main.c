/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a transfer costs, in instructions: through DMA from memory that it reaches, through DMA and
 * the bounce, and with the core moving the bytes, which is what an interrupt-driven driver does.
 *
 *     make APP=bench/uart run < LICENSE
 *
 * Transmission goes to UARTs without a reader, which take every byte at once; reception counts the
 * instructions of the receive interrupt while standard input comes in.
 */
#include <zephyr/kernel.h>

#include "../../drivers/uart_cmsdk.h"
#include "../../kernel/region_heap.h"

#define RECEIVE_BYTES 2000u
#define LONG_BYTES    1000u

/* Arm DAI 0505: CMSDK timer 1 at 20 MHz; DDI 0479, "APB timer": control (bit 0: enable), value
 * (counts down), reload. */
#define TIMER1_CTRL   (*(volatile uint32_t *)0x50001000u)
#define TIMER1_VALUE  (*(volatile uint32_t *)0x50001004u)
#define TIMER1_RELOAD (*(volatile uint32_t *)0x50001008u)

#define TICK_NS        50u
#define INSTRUCTION_NS 64u

/* UART3, whose bytes the core moves (Arm DAI 0505). */
UART_CMSDK_DEFINE(uart3_core, 38, 39, 1, .registers = 0x40203000, .clock_hz = 20000000,
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

static uint32_t instructions_since(uint32_t begin)
{
    return (uint32_t)((uint64_t)(begin - TIMER1_VALUE) * TICK_NS / INSTRUCTION_NS);
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
    printk("# transmit %-28s per byte %3lu, a transfer of 1 byte %4lu\n", name,
           (unsigned long)((many - one) / (LONG_BYTES - 1)), (unsigned long)one);
}

/* Stands before the driver's handler and counts what it takes. */
static uint32_t handler_calls;
static uint64_t handler_instructions;

static void counted_rx_isr(const void *dev)
{
    uint32_t begin = TIMER1_VALUE;

    uart_cmsdk_rx_isr(dev);
    handler_instructions += instructions_since(begin);
    handler_calls++;
}

static void measure_receiving(const char *name, uint8_t *buffer)
{
    DEVICE_DECLARE(uart0);
    const struct device *uart = DEVICE_GET(uart0);

    (void)uart_callback_set(uart, event, NULL);
    IRQ_CONNECT(32, 1, counted_rx_isr, DEVICE_GET(uart0), 0);
    handler_calls = 0;
    handler_instructions = 0;
    arrived = 0;
    over = false;
    (void)uart_rx_enable(uart, buffer, RECEIVE_BYTES, SYS_FOREVER_US);
    while (!over) {
        k_msleep(1);
    }
    printk("# receive  %-28s per byte %3lu in the interrupt (%u bytes, %lu interrupts)\n", name,
           (unsigned long)(handler_instructions / arrived), (unsigned)arrived,
           (unsigned long)handler_calls);
}

int main(void)
{
    static uint8_t far_memory[RECEIVE_BYTES];
    uint8_t *near_memory = region_heap_alloc(REGION_DMA, REGION_EXTERNAL, 0, RECEIVE_BYTES);
    const struct device *uart1 = device_get_binding("uart1");

    TIMER1_RELOAD = UINT32_MAX;
    TIMER1_CTRL = 1;
    measure_sending("DMA", uart1, near_memory);
    measure_sending("DMA, bounced", uart1, far_memory);
    measure_sending("core (interrupt-driven)", DEVICE_GET(uart3_core), near_memory);
    measure_receiving("DMA", near_memory);
    measure_receiving("DMA, bounced", far_memory);
    sys_exit(0);
}
