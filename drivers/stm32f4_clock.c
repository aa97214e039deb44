/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32f4_clock.h"

#include "../lib/errno.h"
#include "mmio.h"

/* RM0090, tables "RCC register map and reset values" and "Flash register map and reset values". */
#define RCC_CR      0x40023800u
#define RCC_PLLCFGR 0x40023804u
#define RCC_CFGR    0x40023808u
#define FLASH_ACR   0x40023c00u

#define CR_HSE_ON    REG_BIT(16)
#define CR_HSE_READY REG_BIT(17)
#define CR_PLL_ON    REG_BIT(24)
#define CR_PLL_READY REG_BIT(25)

#define PLLCFGR_N_SHIFT 6u
#define PLLCFGR_P_SHIFT 16u
#define PLLCFGR_HSE     REG_BIT(22)
#define PLLCFGR_Q_SHIFT 24u

#define CFGR_SW_MASK     3u
#define CFGR_SW_PLL      2u
#define CFGR_SWS_MASK    (3u << 2)
#define CFGR_SWS_PLL     (2u << 2)
#define CFGR_PPRE1_SHIFT 10u
#define CFGR_PPRE2_SHIFT 13u
#define CFGR_PPRE_MASK   (7u << CFGR_PPRE1_SHIFT | 7u << CFGR_PPRE2_SHIFT)

#define ACR_PREFETCH          REG_BIT(8)
#define ACR_INSTRUCTION_CACHE REG_BIT(9)
#define ACR_DATA_CACHE        REG_BIT(10)

/* The crystal takes about 2 ms, the PLL 0.3 ms; a look takes at least three cycles of 16 MHz. */
#define LOOKS 200000u

static int wait_for(uintptr_t address, uint32_t mask, uint32_t value)
{
    for (uint32_t looks = 0; looks < LOOKS; looks++) {
        if ((mmio_read(address) & mask) == value) {
            return 0;
        }
    }
    return -ETIMEDOUT;
}

static void replace_bits(uintptr_t address, uint32_t mask, uint32_t value)
{
    mmio_write(address, (mmio_read(address) & ~mask) | value);
}

/* Divisor 1 << shift of an APB: 0 for none, else 4 to 7 (RM0090, RCC_CFGR). */
static uint32_t prescaler(unsigned shift)
{
    return shift == 0 ? 0 : 3u + shift;
}

int stm32f4_clock_init(const struct stm32f4_clock *clock)
{
    replace_bits(RCC_CR, 0, CR_HSE_ON);
    if (wait_for(RCC_CR, CR_HSE_READY, CR_HSE_READY) != 0) {
        return -ETIMEDOUT;
    }
    mmio_write(RCC_PLLCFGR, clock->m | (uint32_t)clock->n << PLLCFGR_N_SHIFT |
                                (clock->p / 2u - 1) << PLLCFGR_P_SHIFT | PLLCFGR_HSE |
                                (uint32_t)clock->q << PLLCFGR_Q_SHIFT);
    replace_bits(RCC_CR, 0, CR_PLL_ON);
    if (wait_for(RCC_CR, CR_PLL_READY, CR_PLL_READY) != 0) {
        return -ETIMEDOUT;
    }
    /* The flash gets its wait states and the buses their divisors before the clock rises. */
    mmio_write(FLASH_ACR,
               ACR_DATA_CACHE | ACR_INSTRUCTION_CACHE | ACR_PREFETCH | clock->flash_waits);
    replace_bits(RCC_CFGR, CFGR_PPRE_MASK,
                 prescaler(clock->apb1_shift) << CFGR_PPRE1_SHIFT | prescaler(clock->apb2_shift)
                                                                        << CFGR_PPRE2_SHIFT);
    replace_bits(RCC_CFGR, CFGR_SW_MASK, CFGR_SW_PLL);
    return wait_for(RCC_CFGR, CFGR_SWS_MASK, CFGR_SWS_PLL);
}
