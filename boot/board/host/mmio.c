/* SPDX-License-Identifier: Apache-2.0 */
/* The PC has no devices: a program that brings no model of one must not reach for its registers. */
#include "../../../drivers/mmio.h"

#include "../../../lib/assert.h"

__weak uint32_t mmio_read(uintptr_t address)
{
    invariant_failed("host: read of a register, but there is no model", NULL, (void *)address);
}

__weak void mmio_write(uintptr_t address, uint32_t value)
{
    ARG_UNUSED(value);
    invariant_failed("host: write to a register, but there is no model", NULL, (void *)address);
}
