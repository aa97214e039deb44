/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include "../../drivers/uart_stm32_dma.h"

#define IRQ_PRIORITY 1
#define RCC_AHB1ENR  0x40023830u
#define RCC_APB1ENR  0x40023840u
#define RCC_APB2ENR  0x40023844u

DMA_STM32_DEFINE(dma1, IRQ_PRIORITY, 0, 1, 2, 3, 4, 5, 6, 7, .registers = DMA1,
                 .gate = {RCC_AHB1ENR, 21});
DMA_STM32_DEFINE(dma2, IRQ_PRIORITY, 8, 9, 10, 11, 12, 13, 14, 15, .registers = DMA2,
                 .gate = {RCC_AHB1ENR, 22}, .copies_memory = true);

UART_STM32_DMA_DEFINE(usart1, LINE_USART1, IRQ_PRIORITY, REGION_DMA_BY(2),
                      .usart = {.registers = USART1,
                                .clock_hz = 84000000,
                                .baudrate = 115200,
                                .gate = {RCC_APB2ENR, 4}},
                      .dma = DEVICE_GET(dma2), .tx_stream = USART1_TX, .rx_stream = USART1_RX,
                      .tx_slot = 4, .rx_slot = 4);
UART_STM32_DMA_DEFINE(usart2, LINE_USART2, IRQ_PRIORITY, REGION_DMA_BY(1),
                      .usart = {.registers = USART2,
                                .clock_hz = 42000000,
                                .baudrate = 115200,
                                .gate = {RCC_APB1ENR, 17}},
                      .dma = DEVICE_GET(dma1), .tx_stream = 6, .rx_stream = 5, .tx_slot = 4,
                      .rx_slot = 4);

#define BOTH (REGION_DMA_BY(1) | REGION_DMA_BY(2))

static const struct region regions[] = {
    {"sram", (void *)(uintptr_t)SRAM, 0x4000, REGION_DMA | BOTH, 0},
    {"ccm", (void *)(uintptr_t)CCM, 0x4000, REGION_FAST, 0},
    /* A board's mistake: nobody can reach it but the core. */
    {"wrong", (void *)(uintptr_t)WRONG, 0x1000, REGION_DMA | REGION_RETAINED | BOTH, 0},
    /* As if only DMA2 reached it. */
    {"dma2", (void *)(uintptr_t)(SRAM + 0x4000), 0x1000, REGION_DMA_BY(2), 0},
    {"image", (void *)(uintptr_t)IMAGE, IMAGE_BYTES, REGION_DMA | BOTH, IMAGE_BYTES},
    {"flash", (void *)(uintptr_t)FLASH, FLASH_BYTES, REGION_DMA | BOTH, FLASH_BYTES},
};

static int add_regions(void)
{
    int result = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(regions); i++) {
        result += region_heap_add(&regions[i]);
    }
    return result;
}
SYS_INIT(add_regions, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);

void board_before(void *fixture)
{
    zassert_true(device_is_ready(DEVICE_GET(dma1)) && device_is_ready(DEVICE_GET(dma2)));
    zassert_true(device_is_ready(DEVICE_GET(usart1)) && device_is_ready(DEVICE_GET(usart2)));
    model_stop_delay = 0;
    for (uint32_t stream = 0; stream < 8; stream++) {
        zassert_ok(dma_stop(DEVICE_GET(dma1), stream));
        zassert_ok(dma_stop(DEVICE_GET(dma2), stream));
    }
    model_before(fixture);
    memset(at(SCRATCH), 0, SRAM_BYTES - (SCRATCH - SRAM));
}
