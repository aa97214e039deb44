/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Netduino Plus 2 (STM32F405) as QEMU 7.2's netduinoplus2 has it: the core, the memories and the
 * USARTs of ST RM0090; its clock tree, pins and DMA controllers are not emulated. Real boards of
 * the family are folders of their own.
 */
#include "../../../drivers/uart_stm32.h"
#include "../../board.h"
#include "../../linker_symbols.h"

#define RCC_AHB1ENR 0x40023830u
#define RCC_APB2ENR 0x40023844u
#define GPIOC       0x40020800u
#define APB2_HZ     84000000u

/* DS8626, "Alternate function mapping": USART6 is on PC6 and PC7, USART1 on PA9, PA10, PB6, PB7.
 * The board leads the former out; QEMU's first serial line is USART1, which has no pins there. */
static const struct stm32_pin usart6_pins[] = {
    {.port = GPIOC, .gate = {RCC_AHB1ENR, 2}, .pin = 6, .function = 8},
    {.port = GPIOC, .gate = {RCC_AHB1ENR, 2}, .pin = 7, .function = 8},
};

UART_STM32_DEFINE(usart1, .registers = 0x40011000, .clock_hz = APB2_HZ, .baudrate = 115200,
                  .gate = {RCC_APB2ENR, 4});
UART_STM32_DEFINE(usart6, .registers = 0x40011400, .clock_hz = APB2_HZ, .baudrate = 115200,
                  .gate = {RCC_APB2ENR, 5}, .pins = usart6_pins,
                  .pin_count = ARRAY_SIZE(usart6_pins));

const struct device *const board_console = DEVICE_GET(usart1);

#define BOARD_REGIONS(REGION) REGION(sram2, REGION_DMA | REGION_FAST | REGION_EXECUTABLE)
LINKER_REGIONS_DEFINE(BOARD_REGIONS);
