/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STM32VLDISCOVERY (STM32F100RB), as QEMU 7.2 has it: no clock tree, no GPIO, no DMA controller.
 * Addresses, lines and pins: ST RM0041 and UM0919.
 */
#include "../../../drivers/uart_stm32_irq.h"
#include "../../board.h"

/* Not zero-latency, and one level below the system tick. */
#define IRQ_PRIORITY 1

/* RM0041 chapter 6: half the internal 8 MHz, times six. Selected before it is ready it comes into
 * use when it is (6.2.6). */
#define RCC_CR            0x40021000u
#define RCC_CR_PLLON      BIT(24)
#define RCC_CFGR          0x40021004u
#define RCC_CFGR_PLLMUL_6 (4u << 18)
#define RCC_CFGR_SW_PLL   2u
#define PLL_HZ            24000000u

#define RCC_APB2ENR   0x40021018u
#define APB2ENR_IOPA  BIT(2)
#define APB2ENR_USART BIT(14)

/* RM0041 chapter 7: PA9 drives (alternate function, push-pull, 50 MHz), PA10 floats as after reset.
 */
#define GPIOA_CRH     0x40010804u
#define CRH_PIN9_MASK (0xfu << 4)
#define CRH_PIN9_TX   (0xbu << 4)

static const struct mmio_change usart1_setup[] = {
    {.address = RCC_CFGR, .set = RCC_CFGR_PLLMUL_6},
    {.address = RCC_CR, .set = RCC_CR_PLLON},
    {.address = RCC_CFGR, .set = RCC_CFGR_SW_PLL},
    {.address = RCC_APB2ENR, .set = APB2ENR_IOPA | APB2ENR_USART},
    {.address = GPIOA_CRH, .clear = CRH_PIN9_MASK, .set = CRH_PIN9_TX},
};

UART_STM32_IRQ_DEFINE(uart0, 37, IRQ_PRIORITY, .registers = 0x40013800, .clock_hz = PLL_HZ,
                      .baudrate = 115200, .setup = usart1_setup,
                      .setup_count = ARRAY_SIZE(usart1_setup));

const struct device *const board_console = DEVICE_GET(uart0);
