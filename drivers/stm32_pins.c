/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32_pins.h"

/* RM0090, table "GPIO register map and reset values". */
struct gpio_registers {
    volatile uint32_t moder; /* two bits a pin */
    volatile uint32_t otyper;
    volatile uint32_t ospeedr;
    volatile uint32_t pupdr;
    volatile uint32_t idr;
    volatile uint32_t odr;
    volatile uint32_t bsrr;
    volatile uint32_t lckr;
    volatile uint32_t afr[2]; /* four bits a pin */
};
BUILD_ASSERT(offsetof(struct gpio_registers, afr) == 0x20, "RM0090");

#define MODE_ALTERNATE UINT32_C(2)

static void replace_field(volatile uint32_t *reg, unsigned shift, uint32_t mask, uint32_t value)
{
    *reg = (*reg & ~(mask << shift)) | value << shift;
}

void stm32_clock_enable(const struct stm32_clock_gate *gate)
{
    volatile uint32_t *enable = (volatile uint32_t *)gate->enable_register;

    *enable |= UINT32_C(1) << gate->bit;
    /* STM32F405 errata ES0182, "Delay after an RCC peripheral clock enabling": a read back takes as
     * long as the clock does. */
    (void)*enable;
}

void stm32_pin_init(const struct stm32_pin *pin)
{
    struct gpio_registers *port = (struct gpio_registers *)pin->port;

    stm32_clock_enable(&pin->gate);
    replace_field(&port->afr[pin->pin / 8], pin->pin % 8u * 4, 0xf, pin->function);
    replace_field(&port->moder, pin->pin * 2u, 0x3, MODE_ALTERNATE);
}
