/* SPDX-License-Identifier: Apache-2.0 */
/* What the core reads at reset: the stack pointer, the reset vector, the system exceptions. Lines
 * are connected later. */
#include "../kernel/arch/cortex_m/exception.h"
#include "start.h"

extern char __isr_stack_end[];

struct boot_vectors {
    const void *initial_sp;
    void (*handlers[15])(void);
};

__in_section(".vectors") __used const struct boot_vectors boot_vectors = {
    .initial_sp = __isr_stack_end,
    .handlers =
        {
            [0] = reset_handler,
            [1] = fault_handler /* NMI */,
            [2] = fault_handler /* HardFault */,
            [3] = fault_handler /* MemManage */,
            [4] = fault_handler /* BusFault */,
            [5] = fault_handler /* UsageFault */,
            [6] = fault_handler /* SecureFault */,
            [10] = svc_handler,
            [11] = fault_handler /* DebugMonitor */,
            [13] = pendsv_handler,
            [14] = systick_handler,
        },
};
BUILD_ASSERT(sizeof(boot_vectors) == 64, "16 words (Armv7-M ARM B1.5.3)");
