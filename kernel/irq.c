/* SPDX-License-Identifier: Apache-2.0 */
#include "irq.h"

#include "../lib/assert.h"

void irq_offload(irq_offload_routine_t routine, const void *parameter)
{
    ASSERT(!k_is_in_isr(), "K4 irq_offload in an interrupt", (const void *)parameter, NULL);
    arch_irq_offload(routine, parameter);
}
