/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32_pins.h"

#include "mmio.h"

/* RM0090, table "GPIO register map and reset values". */
#define GPIO_MODER 0x00u /* two bits a pin */
#define GPIO_AFRL  0x20u /* four bits a pin, pins 0 to 7; the others in the next word */

#define MODE_ALTERNATE UINT32_C(2)

static void replace_field(uintptr_t address, unsigned shift, uint32_t mask, uint32_t value)
{
    mmio_write(address, (mmio_read(address) & ~(mask << shift)) | value << shift);
}

void stm32_clock_enable(const struct stm32_clock_gate *gate)
{
    mmio_write(gate->enable_register, mmio_read(gate->enable_register) | REG_BIT(gate->bit));
    /* STM32F405 errata ES0182, "Delay after an RCC peripheral clock enabling": a read back takes as
     * long as the clock does. */
    (void)mmio_read(gate->enable_register);
}

void stm32_pin_init(const struct stm32_pin *pin)
{
    uintptr_t function = pin->port + GPIO_AFRL + pin->pin / 8u * 4;

    stm32_clock_enable(&pin->gate);
    /* The function first: the pin must not be another peripheral's for a moment. */
    replace_field(function, pin->pin % 8u * 4, 0xf, pin->function);
    replace_field(pin->port + GPIO_MODER, pin->pin * 2u, 0x3, MODE_ALTERNATE);
}
