/* SPDX-License-Identifier: Apache-2.0 */
/* Threads on Cortex-M: the first frame, the first switch, sleeping. */
#include "../../sched.h"
#include "mpu.h"
#include "switch.h"

/* switch.S finds them here: an assembler has no offsetof, and a linker that checks it. */
BUILD_ASSERT(offsetof(struct kernel, next) == offsetof(struct kernel, current) + 4 &&
                 offsetof(struct kernel, switch_count) == offsetof(struct kernel, current) + 8,
             "switch.S loads current and next as a pair and counts behind them");
BUILD_ASSERT(offsetof(struct kernel, current) == KERNEL_CURRENT_OFFSET,
             "switch.S finds current at KERNEL_CURRENT_OFFSET");
BUILD_ASSERT(offsetof(struct k_thread, context.r4_r11) == 0 &&
                 offsetof(struct k_thread, context.psp) == 32,
             "switch.S stores r4 to r11 and psp at the start of a thread");
#if defined(CONFIG_CPU_HAS_STACK_LIMIT) || defined(CONFIG_MPU_STACK_GUARD)
BUILD_ASSERT(offsetof(struct k_thread, context.limit) == 36, "switch.S loads the limit from here");
#endif

#ifdef CONFIG_FPU
BUILD_ASSERT(offsetof(struct k_thread, context.exc_return) == CONTEXT_EXC_RETURN,
             "switch.S finds EXC_RETURN at CONTEXT_EXC_RETURN");
#endif

extern char __isr_stack_end[];
_Noreturn void cortex_m_enter_first(const struct exception_frame *frame, uint32_t psplim,
                                    uint32_t msp);

_Noreturn void arch_start_first(void)
{
    struct arch_context *first = &_kernel.next->context;
    uint32_t psplim = 0;

#if defined(CONFIG_CPU_HAS_STACK_LIMIT)
    psplim = first->limit;
#elif defined(CONFIG_MPU_STACK_GUARD)
    MPU->RBAR = first->limit;
#endif
    _kernel.current = _kernel.next;
    cortex_m_enter_first((const struct exception_frame *)first->psp, psplim,
                         (uint32_t)(uintptr_t)__isr_stack_end);
}

void arch_idle(void)
{
    /* The barrier lets stores finish before the core stops (Armv7-M ARM, WFI). */
    __DSB();
    __WFI();
}
