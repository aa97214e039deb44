/* SPDX-License-Identifier: Apache-2.0 */
/* ST NUCLEO-F446RE: ST UM1724 (the board), RM0390 (registers and lines), DS10693 (pins). */
#include "../../../drivers/uart_stm32_dma.h"
#include "../../board.h"
#include "../../linker_symbols.h"

#define RCC_AHB1ENR 0x40023830u
#define RCC_APB1ENR 0x40023840u
#define GPIOA       0x40020000u

/* Every bus runs at the internal oscillator's 16 MHz, as after reset. */
#define APB1_HZ CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC

/* Not zero-latency, and one level below the system tick; one level for a USART and its streams. */
#define IRQ_PRIORITY 1

/* Lines: RM0390, "Vector table for STM32F446xx". */
DMA_STM32_DEFINE(dma1, IRQ_PRIORITY, 11, 12, 13, 14, 15, 16, 17, 47, .registers = 0x40026000,
                 .gate = {RCC_AHB1ENR, 21});
DMA_STM32_DEFINE(dma2, IRQ_PRIORITY, 56, 57, 58, 59, 60, 68, 69, 70, .registers = 0x40026400,
                 .gate = {RCC_AHB1ENR, 22}, .copies_memory = true);

/* PA2 and PA3, alternate function 7: wired to the ST-LINK's virtual COM port. */
static const struct stm32_pin usart2_pins[] = {
    {.port = GPIOA, .gate = {RCC_AHB1ENR, 0}, .pin = 2, .function = 7},
    {.port = GPIOA, .gate = {RCC_AHB1ENR, 0}, .pin = 3, .function = 7},
};

/* RM0390, "DMA1 request mapping": USART2 is request 4 of streams 5 and 6. */
UART_STM32_DMA_DEFINE(usart2, 38, IRQ_PRIORITY, REGION_DMA,
                      .usart = {.registers = 0x40004400,
                                .clock_hz = APB1_HZ,
                                .baudrate = 115200,
                                .gate = {RCC_APB1ENR, 17},
                                .pins = usart2_pins,
                                .pin_count = ARRAY_SIZE(usart2_pins)},
                      .dma = DEVICE_GET(dma1), .rx_stream = 5, .tx_stream = 6, .rx_slot = 4,
                      .tx_slot = 4);

const struct device *const board_console = DEVICE_GET(usart2);

#define BOARD_REGIONS(REGION)                                                                      \
    REGION(sram2, REGION_DMA | REGION_FAST | REGION_EXECUTABLE)                                    \
    REGION(sram1, REGION_DMA | REGION_FAST | REGION_EXECUTABLE)                                    \
    REGION(flash, REGION_DMA | REGION_EXECUTABLE) /* to read */
LINKER_REGIONS_DEFINE(BOARD_REGIONS);
