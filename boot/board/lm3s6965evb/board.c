/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stellaris LM3S6965 evaluation board as QEMU 7.2's lm3s6965evb has it. Addresses, lines and pins:
 * LM3S6965 data sheet (DS-LM3S6965), "Memory Map", "Interrupts", "Signal Tables". The chip stays on
 * the clock that it has after reset, which QEMU makes 12.5 MHz.
 */
#include "../../../drivers/uart_pl011.h"
#include "../../board.h"

#define PERIPHERAL_HZ 12500000u

/* Not zero-latency, and one level below the system tick. */
#define IRQ_PRIORITY 1

/* "System Control": run-mode clock gates. */
#define RCGC1 0x400fe104u
#define RCGC2 0x400fe108u
/* "General-Purpose Input/Outputs": alternate function and digital enable of port A, D, G. */
#define GPIOA_AFSEL 0x40004420u
#define GPIOA_DEN   0x4000451cu
#define GPIOD_AFSEL 0x40007420u
#define GPIOD_DEN   0x4000751cu
#define PORT_A      BIT(0)
#define PORT_D      BIT(3)

/* U0RX and U0TX: PA0 and PA1. */
static const struct mmio_change uart0_setup[] = {
    {.address = RCGC1, .set = BIT(0)},
    {.address = RCGC2, .set = PORT_A},
    {.address = GPIOA_AFSEL, .set = BIT(0) | BIT(1)},
    {.address = GPIOA_DEN, .set = BIT(0) | BIT(1)},
};

/* U1RX and U1TX: PD2 and PD3. */
static const struct mmio_change uart1_setup[] = {
    {.address = RCGC1, .set = BIT(1)},
    {.address = RCGC2, .set = PORT_D},
    {.address = GPIOD_AFSEL, .set = BIT(2) | BIT(3)},
    {.address = GPIOD_DEN, .set = BIT(2) | BIT(3)},
};

UART_PL011_DEFINE(uart0, 5, IRQ_PRIORITY, .registers = 0x4000c000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200, .setup = uart0_setup, .setup_count = ARRAY_SIZE(uart0_setup));
UART_PL011_DEFINE(uart1, 6, IRQ_PRIORITY, .registers = 0x4000d000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200, .setup = uart1_setup, .setup_count = ARRAY_SIZE(uart1_setup));

const struct device *const board_console = DEVICE_GET(uart0);
