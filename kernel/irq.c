/* SPDX-License-Identifier: Apache-2.0 */
#include "irq.h"

#include "../lib/assert.h"

void irq_offload(irq_offload_routine_t routine, const void *parameter)
{
    unsigned key = irq_lock();

    ASSERT(!k_is_in_isr() && key == 0, "K4 irq_offload in an interrupt or with interrupts locked",
           parameter, NULL);
    irq_unlock(key);
    arch_irq_offload(routine, parameter);
}
