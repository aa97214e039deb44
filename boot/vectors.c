/* SPDX-License-Identifier: Apache-2.0 */
/* What the core reads at reset: the stack pointer, the reset vector, the system exceptions. Lines
 * are connected later, in a table in RAM; a core that has no other table than this one gets there
 * from here. */
#include "../kernel/arch/cortex_m/exception.h"
#include "start.h"

extern char __isr_stack_end[];

#ifdef CONFIG_CPU_HAS_VTOR
#define LINE_COUNT 0
#define SVC_VECTOR svc_handler
#else
#define LINE_COUNT CONFIG_NUM_IRQS
#define SVC_VECTOR cortex_m_vector_in_ram
#endif

struct boot_vectors {
    const void *initial_sp;
    void (*handlers[15])(void);
    void (*lines[LINE_COUNT])(void);
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
            [10] = SVC_VECTOR,
            [11] = fault_handler /* DebugMonitor */,
            [13] = pendsv_handler,
            [14] = systick_handler,
        },
#ifndef CONFIG_CPU_HAS_VTOR
    .lines = {[0 ... LINE_COUNT - 1] = cortex_m_vector_in_ram},
#endif
};
BUILD_ASSERT(sizeof(boot_vectors) == 64 + 4 * LINE_COUNT, "16 words, then lines (B1.5.3)");
