/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32f4_clock.h"

#include "../lib/errno.h"

/* RM0090, table "RCC register map and reset values". */
struct rcc_registers {
    volatile uint32_t cr;
    volatile uint32_t pllcfgr;
    volatile uint32_t cfgr;
};
#define RCC       ((struct rcc_registers *)0x40023800u)
#define FLASH_ACR (*(volatile uint32_t *)0x40023c00u)

#define CR_HSE_ON    BIT(16)
#define CR_HSE_READY BIT(17)
#define CR_PLL_ON    BIT(24)
#define CR_PLL_READY BIT(25)

#define PLLCFGR_N_SHIFT 6u
#define PLLCFGR_P_SHIFT 16u
#define PLLCFGR_HSE     BIT(22)
#define PLLCFGR_Q_SHIFT 24u

#define CFGR_SW_MASK     3u
#define CFGR_SW_PLL      2u
#define CFGR_SWS_MASK    (3u << 2)
#define CFGR_SWS_PLL     (2u << 2)
#define CFGR_PPRE1_SHIFT 10u
#define CFGR_PPRE2_SHIFT 13u
#define CFGR_PPRE_MASK   (7u << CFGR_PPRE1_SHIFT | 7u << CFGR_PPRE2_SHIFT)

#define ACR_PREFETCH          BIT(8)
#define ACR_INSTRUCTION_CACHE BIT(9)
#define ACR_DATA_CACHE        BIT(10)

/* The crystal takes about 2 ms, the PLL 0.3 ms; a look takes at least three cycles of 16 MHz. */
#define LOOKS 200000u

static int wait_for(const volatile uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (uint32_t looks = 0; looks < LOOKS; looks++) {
        if ((*reg & mask) == value) {
            return 0;
        }
    }
    return -ETIMEDOUT;
}

/* Divisor 1 << shift of an APB: 0 for none, else 4 to 7 (RM0090, RCC_CFGR). */
static uint32_t prescaler(unsigned shift)
{
    return shift == 0 ? 0 : 3u + shift;
}

int stm32f4_clock_init(const struct stm32f4_clock *clock)
{
    RCC->cr |= CR_HSE_ON;
    if (wait_for(&RCC->cr, CR_HSE_READY, CR_HSE_READY) != 0) {
        return -ETIMEDOUT;
    }
    RCC->pllcfgr = clock->m | (uint32_t)clock->n << PLLCFGR_N_SHIFT |
                   (clock->p / 2u - 1) << PLLCFGR_P_SHIFT | PLLCFGR_HSE |
                   (uint32_t)clock->q << PLLCFGR_Q_SHIFT;
    RCC->cr |= CR_PLL_ON;
    if (wait_for(&RCC->cr, CR_PLL_READY, CR_PLL_READY) != 0) {
        return -ETIMEDOUT;
    }
    /* The flash gets its wait states and the buses their divisors before the clock rises. */
    FLASH_ACR = ACR_DATA_CACHE | ACR_INSTRUCTION_CACHE | ACR_PREFETCH | clock->flash_waits;
    RCC->cfgr = (RCC->cfgr & ~CFGR_PPRE_MASK) | prescaler(clock->apb1_shift) << CFGR_PPRE1_SHIFT |
                prescaler(clock->apb2_shift) << CFGR_PPRE2_SHIFT;
    RCC->cfgr = (RCC->cfgr & ~CFGR_SW_MASK) | CFGR_SW_PLL;
    return wait_for(&RCC->cfgr, CFGR_SWS_MASK, CFGR_SWS_PLL);
}
