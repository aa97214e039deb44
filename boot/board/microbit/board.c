/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BBC micro:bit v1 (nRF51822), as QEMU 7.2's microbit has it. Addresses and lines: nRF51 Series
 * Reference Manual v3.0, "Instantiation"; the line of a peripheral is bits 12 to 16 of its address.
 * Pins: micro:bit V1.3B schematic (the interface chip's serial line).
 */
#include "../../../drivers/uart_nrf51.h"
#include "../../board.h"

/* Below the most urgent level, above SysTick. */
#define IRQ_PRIORITY 1

#define UART0 0x40002000u
/* 13.1: the crystal, which a serial line needs, is started by a task. */
#define CLOCK_HFCLKSTART 0x40000000u
/* 14.2: GPIO. */
#define GPIO_OUTSET      0x50000508u
#define GPIO_DIRSET      0x50000518u
#define GPIO_PIN_CNF(n)  (0x50000700u + 4 * (n))
#define PIN_CNF_NO_INPUT BIT(1)

#define PIN_TX 24u
#define PIN_RX 25u

static const struct mmio_change uart0_setup[] = {
    {.address = CLOCK_HFCLKSTART, .set = 1},
    {.address = GPIO_OUTSET, .set = BIT(PIN_TX)},
    {.address = GPIO_DIRSET, .set = BIT(PIN_TX)},
    {.address = GPIO_PIN_CNF(PIN_RX), .clear = PIN_CNF_NO_INPUT},
    {.address = UART0 + UART_NRF51_PSELTXD, .clear = UINT32_MAX, .set = PIN_TX},
    {.address = UART0 + UART_NRF51_PSELRXD, .clear = UINT32_MAX, .set = PIN_RX},
};

UART_NRF51_DEFINE(uart0, 2, IRQ_PRIORITY, .registers = UART0, .baudrate = 115200,
                  .setup = uart0_setup, .setup_count = ARRAY_SIZE(uart0_setup));

const struct device *const board_console = DEVICE_GET(uart0);
