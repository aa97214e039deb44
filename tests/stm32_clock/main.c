/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock tree and the pins of an STM32F407 on a PC, as ST RM0090 describes them (3 "Embedded
 * Flash memory interface", 7 "Reset and clock control", 8 "General-purpose I/Os"). The drivers reach
 * the registers through mmio_read and mmio_write. What the manual forbids is counted as a violation.
 */
#include <errno.h>
#include <string.h>

#include <zephyr/ztest.h>

#include "../../boot/board/stm32f4_disco/clock.h"
#include "../../drivers/mmio.h"
#include "../../drivers/stm32_pins.h"

#define GPIOA     0x40020000u
#define RCC       0x40023800u
#define CR        0x00u
#define PLLCFGR   0x04u
#define CFGR      0x08u
#define AHB1ENR   0x30u
#define FLASH_ACR 0x40023c00u

#define HSE_ON    REG_BIT(16)
#define HSE_READY REG_BIT(17)
#define PLL_ON    REG_BIT(24)
#define PLL_READY REG_BIT(25)

static uint32_t rcc[0x90 / 4];
static uint32_t gpioa[0x28 / 4];
static uint32_t acr;
static unsigned violations;
static unsigned looks; /* reads since the last write */
static bool crystal_works;
static bool pll_works;

static void reset(void *fixture)
{
    ARG_UNUSED(fixture);
    memset(rcc, 0, sizeof(rcc));
    memset(gpioa, 0, sizeof(gpioa));
    rcc[CR / 4] = 0x83; /* RM0090, reset values */
    rcc[PLLCFGR / 4] = 0x24003010;
    gpioa[0] = 0xa8000000; /* the debug port's pins */
    acr = 0;
    violations = 0;
    looks = 0;
    crystal_works = true;
    pll_works = true;
}

static void no_violations(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_equal(violations, 0, "%u rules of the reference manual were broken", violations);
}

static void require(bool holds, const char *rule)
{
    if (!holds) {
        violations++;
        printk("# RM0090: %s\n", rule);
    }
}

static uint32_t field(unsigned offset, unsigned shift, uint32_t mask)
{
    return rcc[offset / 4] >> shift & mask;
}

static uint32_t vco_hz(void)
{
    return (uint32_t)(BOARD_CRYSTAL_HZ / (int)field(PLLCFGR, 0, 0x3f)) * field(PLLCFGR, 6, 0x1ff);
}

static uint32_t sysclk_hz(void)
{
    return field(CFGR, 2, 3) == 2 ? vco_hz() / (2 * (field(PLLCFGR, 16, 3) + 1)) : 16000000;
}

/* SYSCLK through the prescaler at `shift`: 4 to 7 stand for 2 to 16. */
static uint32_t apb_hz(unsigned shift)
{
    uint32_t prescaler = field(CFGR, shift, 7);

    return prescaler < 4 ? sysclk_hz() : sysclk_hz() >> (prescaler - 3);
}

/* Table "Number of wait states according to CPU clock", 2.7 V to 3.6 V: one for each 30 MHz. */
static void check_running(void)
{
    require(sysclk_hz() <= 168000000, "SYSCLK is at most 168 MHz");
    require(sysclk_hz() <= ((acr & 7) + 1) * 30000000, "too few wait states for this clock");
    require(apb_hz(10) <= 42000000, "APB1 is at most 42 MHz");
    require(apb_hz(13) <= 84000000, "APB2 is at most 84 MHz");
}

/* Oscillator, PLL and switch take their time: the fifth look finds them ready. */
static void settle(void)
{
    uint32_t *cr = &rcc[CR / 4];

    if (++looks % 5 != 0) {
        return;
    }
    if ((*cr & HSE_ON) != 0 && crystal_works) {
        *cr |= HSE_READY;
    }
    if ((*cr & PLL_ON) != 0 && pll_works) {
        *cr |= PLL_READY;
    }
    if ((rcc[CFGR / 4] & 3) == 2 && (*cr & PLL_READY) != 0) {
        rcc[CFGR / 4] = (rcc[CFGR / 4] & ~0xcu) | 2u << 2;
        check_running();
    }
}

static void write_rcc(uint32_t offset, uint32_t value)
{
    if (offset == PLLCFGR) {
        require((rcc[CR / 4] & PLL_ON) == 0, "the PLL is configured while it is off");
    }
    if (offset == CR && (value & PLL_ON) != 0 && (rcc[CR / 4] & PLL_ON) == 0) {
        uint32_t input_hz = (uint32_t)(BOARD_CRYSTAL_HZ / (int)field(PLLCFGR, 0, 0x3f));

        require(field(PLLCFGR, 22, 1) == 1 && (rcc[CR / 4] & HSE_READY) != 0,
                "the PLL's source is ready before it");
        require(input_hz >= 1000000 && input_hz <= 2000000, "the PLL's input is 1 to 2 MHz");
        require(vco_hz() >= 100000000 && vco_hz() <= 432000000, "the VCO is 100 to 432 MHz");
    }
    if (offset == CFGR) {
        require((value & 3) != 2 || (rcc[CR / 4] & PLL_READY) != 0,
                "the PLL is ready before it is switched to");
    }
    rcc[offset / 4] = value;
}

uint32_t mmio_read(uintptr_t address)
{
    if (address == FLASH_ACR) {
        return acr;
    }
    if (address - GPIOA < sizeof(gpioa)) {
        return gpioa[(address - GPIOA) / 4];
    }
    settle();
    return rcc[(address - RCC) / 4];
}

void mmio_write(uintptr_t address, uint32_t value)
{
    looks = 0;
    if (address == FLASH_ACR) {
        acr = value;
    } else if (address - GPIOA < sizeof(gpioa)) {
        require((rcc[AHB1ENR / 4] & 1) != 0, "a port's registers need its clock");
        gpioa[(address - GPIOA) / 4] = value;
    } else {
        write_rcc((uint32_t)(address - RCC), value);
    }
}

static const struct stm32f4_clock disco = BOARD_CLOCK;

ZTEST(stm32_clock, test_disco_runs_at_168_mhz)
{
    zassert_equal(stm32f4_clock_init(&disco), 0);
    zassert_equal(sysclk_hz(), 168000000u);
    zassert_equal(apb_hz(10), 42000000u);
    zassert_equal(apb_hz(13), 84000000u);
    zassert_equal(vco_hz() / field(PLLCFGR, 24, 0xf), 48000000u, "USB");
    zassert_equal(acr, 0x705u, "caches, prefetch, five wait states");
}

ZTEST(stm32_clock, test_each_bus_divisor)
{
    struct stm32f4_clock slow = BOARD_CLOCK;

    for (uint8_t shift = 2; shift <= 4; shift++) {
        reset(NULL);
        slow.apb1_shift = shift;
        slow.apb2_shift = shift;
        zassert_equal(stm32f4_clock_init(&slow), 0);
        zassert_equal(apb_hz(10), 168000000u >> shift);
        zassert_equal(apb_hz(13), 168000000u >> shift);
    }
    slow.p = 8;
    slow.apb1_shift = 0;
    slow.apb2_shift = 0;
    reset(NULL);
    zassert_equal(stm32f4_clock_init(&slow), 0);
    zassert_equal(apb_hz(10), 42000000u);
}

ZTEST(stm32_clock, test_D20_dead_crystal)
{
    crystal_works = false;
    zassert_equal(stm32f4_clock_init(&disco), -ETIMEDOUT);
    zassert_equal(sysclk_hz(), 16000000u, "the internal oscillator goes on");
    zassert_equal(rcc[CR / 4] & PLL_ON, 0u);
}

ZTEST(stm32_clock, test_D20_pll_does_not_lock)
{
    pll_works = false;
    zassert_equal(stm32f4_clock_init(&disco), -ETIMEDOUT);
    zassert_equal(sysclk_hz(), 16000000u);
}

ZTEST(stm32_clock, test_pins_and_no_others)
{
    static const struct stm32_pin low = {
        .port = GPIOA, .gate = {RCC + AHB1ENR, 0}, .pin = 2, .function = 7};
    static const struct stm32_pin high = {
        .port = GPIOA, .gate = {RCC + AHB1ENR, 0}, .pin = 10, .function = 12};

    stm32_pin_init(&low);
    stm32_pin_init(&high);
    zassert_equal(rcc[AHB1ENR / 4], 1u);
    zassert_equal(gpioa[0], 0xa8000000u | 2u << 4 | 2u << 20);
    zassert_equal(gpioa[0x20 / 4], 7u << 8);
    zassert_equal(gpioa[0x24 / 4], 12u << 8);
}

ZTEST_SUITE(stm32_clock, NULL, NULL, reset, no_violations, NULL);
