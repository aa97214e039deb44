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

/* What the core pops on exception return (Armv8-M ARM B3.19, Armv7-M ARM B1.5.6). */
struct exception_frame {
    uint32_t r0;
    uint32_t r1;
    uint32_t r2;
    uint32_t r3;
    uint32_t r12;
    uint32_t lr;
    uint32_t pc;
    uint32_t xpsr;
};
BUILD_ASSERT(sizeof(struct exception_frame) == 32, "the core stacks eight words");

#define XPSR_THUMB BIT(24)
/* To thread mode, process stack, no floating-point registers in the frame (B1.5.8). */
#define EXC_RETURN_BASIC 0xfffffffdu

extern char __isr_stack_end[];
_Noreturn void cortex_m_enter_first(const struct exception_frame *frame, uint32_t psplim,
                                    uint32_t msp);

#if defined(CONFIG_CPU_HAS_STACK_LIMIT)
static void limit_stack(struct arch_context *context, const char *stack)
{
    context->limit = (uint32_t)ROUND_UP((uintptr_t)stack, (uintptr_t)ARCH_STACK_ALIGN);
}
#elif defined(CONFIG_MPU_STACK_GUARD)
static void limit_stack(struct arch_context *context, const char *stack)
{
    context->limit = (uint32_t)ROUND_UP((uintptr_t)stack, (uintptr_t)ARCH_STACK_ALIGN) |
                     MPU_RBAR_VALID_Msk | MPU_REGION_GUARD;
}
#else
static void limit_stack(struct arch_context *context, const char *stack)
{
    ARG_UNUSED(context);
    ARG_UNUSED(stack);
}
#endif

void arch_thread_init(struct k_thread *thread, const struct thread_params *params)
{
    uintptr_t top =
        ROUND_DOWN((uintptr_t)params->stack + params->stack_bytes, (uintptr_t)ARCH_STACK_ALIGN);
    struct exception_frame *frame = (struct exception_frame *)top - 1;

    /* r12 and lr: whatever; nobody returns there. */
    frame->r0 = (uint32_t)(uintptr_t)params->entry;
    frame->r1 = (uint32_t)(uintptr_t)params->p1;
    frame->r2 = (uint32_t)(uintptr_t)params->p2;
    frame->r3 = (uint32_t)(uintptr_t)params->p3;
    frame->lr = 0; /* where a debugger stops unwinding */
    frame->pc = (uint32_t)(uintptr_t)thread_entry & ~UINT32_C(1); /* even: B1.5.8 */
    frame->xpsr = XPSR_THUMB;
    thread->context.psp = (uint32_t)(uintptr_t)frame;
#ifdef CONFIG_FPU
    thread->context.exc_return = EXC_RETURN_BASIC;
#endif
    limit_stack(&thread->context, params->stack);
}

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
