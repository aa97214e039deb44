/* SPDX-License-Identifier: Apache-2.0 */
/* Cortex-M part of the seam that must be inline. Included by kernel/arch.h only. */
#pragma once

#include "core.h"
#include "mpu.h"

/* The switch puts 64 bytes more below the frame of a thread that uses floating point (switch.S),
 * not through the stack pointer: no limit stops that, so it must lie above what others own. */
#if defined(CONFIG_FPU) && defined(CONFIG_CPU_HAS_STACK_LIMIT)
#define ARCH_STACK_UNLIMITED_BYTES 64
#else
#define ARCH_STACK_UNLIMITED_BYTES 0
#endif

#ifdef CONFIG_MPU_STACK_GUARD
/* The smallest region of an Armv7-M MPU, and its alignment. */
#define ARCH_STACK_ALIGN       32
#define ARCH_STACK_EXTRA_BYTES 32
#else
#define ARCH_STACK_ALIGN       8
#define ARCH_STACK_EXTRA_BYTES ARCH_STACK_UNLIMITED_BYTES
#endif

/*
 * What PendSV saves. r4 to r11 lie directly below the stack pointer: thread-aware debuggers
 * (OpenOCD's and pyOCD's Zephyr support) read the callee-saved registers there and the rest from
 * the exception frame that psp points at.
 */
struct arch_context {
    uint32_t r4_r11[8];
    uint32_t psp;
#if defined(CONFIG_CPU_HAS_STACK_LIMIT) || defined(CONFIG_MPU_STACK_GUARD)
    uint32_t limit; /* PSPLIM, or what puts the guard region at the bottom of the stack */
#endif
#ifdef CONFIG_FPU
    uint32_t exc_return; /* bit 4 clear: the floating-point registers lie below psp */
#endif
};

/*
 * BASEPRI masks the kernel's interrupts and leaves those above it alone; PRIMASK masks all (Armv6-M
 * has nothing else). Level 0 is for zero-latency interrupts, level 1 the most urgent that may call
 * the kernel, the last one is PendSV's.
 */
#define ARCH_IRQ_LEVEL(level) ((uint32_t)(level) << (8 - CONFIG_IRQ_PRIO_BITS))
#define ARCH_IRQ_LOCK_LEVEL   ARCH_IRQ_LEVEL(1)

static ALWAYS_INLINE unsigned arch_irq_lock(void)
{
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    unsigned key = __get_PRIMASK();

    __disable_irq();
#else
    unsigned key = __get_BASEPRI();

    /* The barrier is for the compiler; the core takes the new mask at once (Armv7-M ARM B1.4.3,
     * BASEPRI_MAX). */
    __set_BASEPRI_MAX(ARCH_IRQ_LOCK_LEVEL);
    __asm__ volatile("" ::: "memory");
#endif
    return key;
}

static ALWAYS_INLINE void arch_irq_unlock(unsigned key)
{
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    __asm__ volatile("" ::: "memory");
    __set_PRIMASK(key);
#else
    __asm__ volatile("" ::: "memory");
    __set_BASEPRI(key);
#endif
    /* So that a pending switch happens before the caller goes on (Armv7-M ARM B5.2.3). */
    __ISB();
}

static ALWAYS_INLINE void arch_irq_restore(unsigned key)
{
    __asm__ volatile("" ::: "memory");
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    __set_PRIMASK(key);
#else
    __set_BASEPRI(key);
#endif
}

static ALWAYS_INLINE void arch_irq_relock(unsigned key)
{
    arch_irq_restore(key);
}

static ALWAYS_INLINE void arch_irq_mask(void)
{
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    __disable_irq();
#else
    __set_BASEPRI(ARCH_IRQ_LOCK_LEVEL);
    __asm__ volatile("" ::: "memory");
#endif
}

static ALWAYS_INLINE void arch_irq_unmask(void)
{
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    __enable_irq();
#else
    __asm__ volatile("" ::: "memory");
    __set_BASEPRI(0);
#endif
}

static ALWAYS_INLINE bool arch_in_isr(void)
{
    return __get_IPSR() != 0;
}

static ALWAYS_INLINE void arch_switch_request(void)
{
    SCB->ICSR = SCB_ICSR_PENDSVSET_Msk;
}

/* SVC would fault if it were masked, and its handler is the switch. */
static ALWAYS_INLINE void arch_switch_thread(void)
{
    arch_irq_unmask();
    __asm__ volatile("svc 0" ::: "memory");
}

static ALWAYS_INLINE bool arch_can_switch(unsigned key)
{
    return (key | __get_IPSR()) == 0;
}

static inline void arch_switch(unsigned key)
{
    if (arch_can_switch(key)) {
        arch_switch_thread();
    } else {
        arch_switch_request();
        arch_irq_restore(key); /* no barrier: either still masked, or in a handler */
    }
}

#ifdef CONFIG_TICKLESS_KERNEL
uint32_t arch_clock_elapsed_locked(void);
void arch_clock_alarm_locked(uint64_t ticks);
#else
static ALWAYS_INLINE uint32_t arch_clock_elapsed_locked(void)
{
    return 0;
}

static ALWAYS_INLINE void arch_clock_alarm_locked(uint64_t ticks)
{
    ARG_UNUSED(ticks);
}
#endif

static ALWAYS_INLINE bool arch_spin(void)
{
    return true;
}

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
/* To thread mode, process stack, no floating-point registers in the frame (B1.5.8). Armv8-M: bits 0
 * and 6 say that it returns to the secure state (Armv8-M ARM, EXC_RETURN). */
#if defined(CONFIG_CPU_CORTEX_M33) && !defined(CONFIG_ARM_SECURE_FIRMWARE)
#define EXC_RETURN_BASIC 0xffffffbcu
#else
#define EXC_RETURN_BASIC 0xfffffffdu
#endif

/* Where a thread's entry function returns to. */
void thread_returned(void);

static ALWAYS_INLINE void arch_limit_stack(struct arch_context *context, const char *stack)
{
#if defined(CONFIG_CPU_HAS_STACK_LIMIT)
    context->limit = (uint32_t)ROUND_UP((uintptr_t)stack, (uintptr_t)ARCH_STACK_ALIGN) +
                     ARCH_STACK_UNLIMITED_BYTES;
#elif defined(CONFIG_MPU_STACK_GUARD)
    context->limit = (uint32_t)ROUND_UP((uintptr_t)stack, (uintptr_t)ARCH_STACK_ALIGN) |
                     MPU_RBAR_VALID_Msk | MPU_REGION_GUARD;
#else
    ARG_UNUSED(context);
    ARG_UNUSED(stack);
#endif
}

/* r3 and r12 of the frame: whatever. */
static ALWAYS_INLINE void arch_context_init(struct arch_context *context, char *stack,
                                            size_t stack_bytes,
                                            void (*entry)(void *, void *, void *), void *p1,
                                            void *p2, void *p3)
{
    uintptr_t top = ROUND_DOWN((uintptr_t)stack + stack_bytes, (uintptr_t)ARCH_STACK_ALIGN);
    struct exception_frame *frame = (struct exception_frame *)top - 1;

    frame->r0 = (uint32_t)(uintptr_t)p1;
    frame->r1 = (uint32_t)(uintptr_t)p2;
    frame->r2 = (uint32_t)(uintptr_t)p3;
    frame->lr = (uint32_t)(uintptr_t)thread_returned;
    frame->pc = (uint32_t)(uintptr_t)entry & ~UINT32_C(1); /* even: B1.5.8 */
    frame->xpsr = XPSR_THUMB;
    context->psp = (uint32_t)(uintptr_t)frame;
#ifdef CONFIG_FPU
    context->exc_return = EXC_RETURN_BASIC;
#endif
    arch_limit_stack(context, stack);
}
