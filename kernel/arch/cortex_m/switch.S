/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch from _kernel.current to _kernel.next: SVC when a thread gives the processor away, PendSV, at the lowest
 * priority, when an interrupt takes it. Both do the same; a switch from a thread to itself is harmless, so an interrupt
 * that changes `next` before or behind it just makes PendSV pending again.
 *
 * In between the kernel's interrupts are masked. A handler that came after `next` was read could abort or suspend that
 * thread and see that `current` is to go on, thus ask for no switch: the dead would run. And one that starts a thread
 * object anew would have its first frame overwritten by the save or skipped by the load. SVC has the highest priority
 * of the kernel's exceptions and needs no mask for that.
 *
 * _kernel has {current, next} side by side; a thread begins with {r4..r11, psp, psplim} (asserted in thread.c): r4 to r11
 * directly below the stack pointer is what thread-aware debuggers read.
 */
#include "switch.h"

/* Armv7-M ARM B3.5.8: region base address; one store selects the region, too. The exception return is the barrier. */
#define MPU_RBAR 0xe000ed9c

    .syntax unified
    .thumb

/* PendSV runs only when nothing is masked, so that unlocking restores what was. */
    .macro LOCK scratch
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    cpsid   i
#else
    movs    \scratch, #(1 << (8 - CONFIG_IRQ_PRIO_BITS))
    msr     basepri, \scratch
#endif
    .endm

    .macro UNLOCK scratch
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    cpsie   i
#else
    movs    \scratch, #0
    msr     basepri, \scratch
#endif
    .endm

#ifdef CONFIG_FPU
/*
 * A thread that has used floating point since its last exception has 18 words more in its frame, which debuggers do not
 * expect: to them the stack pointer would be 72 too low. So the basic part of the frame moves up by that, and the
 * floating-point registers, all of them, go below it: FPSCR at psp - 4, s0 to s31 at psp - 132, and at psp - 136 what
 * the frame has behind FPSCR: the vector predicates of a Cortex-M55 (Armv8-M ARM, VPR), elsewhere nothing. s0 to s15
 * come from the frame (the first access makes the core store what it had put off), because handlers may have used them.
 * In: r0 the thread, whose r4 to r11 and lr are saved, r12 psp. Out: r12. Changes r2, r4 to r11, lr, and the registers.
 */
    .macro SAVE_FP
    ldmia   r12!, {r4-r11}
    vldmia  r12!, {s0-s15}
    ldrd    r2, lr, [r12]
    sub     r12, r12, #24
    stmia   r12, {r4-r11}
    str     r2, [r12, #-4]
    sub     r2, r12, #4
    vstmdb  r2!, {s0-s31}
    str     lr, [r2, #-4]
    .endm

/* In: r1 the thread, r12 psp as saved. Out: r12 psp of the frame as it was. Changes r0, r2 to r11. */
    .macro LOAD_FP
    sub     r0, r12, #136
    ldr     r2, [r0], #4
    vldmia  r0!, {s0-s31}
    ldr     r3, [r0]
    ldmia   r12, {r4-r11}
    sub     r12, r12, #72
    stmia   r12!, {r4-r11}
    vstmia  r12, {s0-s15}
    strd    r3, r2, [r12, #64]
    sub     r12, r12, #32
    .endm
#endif

#ifdef CONFIG_CPU_ARMV6M
/* The same in steps of low registers: only r0 to r7 can be stored. */
    .macro SWITCH
    mrs     r2, psp
    ldr     r3, =_kernel + KERNEL_CURRENT_OFFSET
    ldmia   r3!, {r0, r1}
    stmia   r0!, {r4-r7}
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    mov     r7, r11
    stmia   r0!, {r4-r7}
    str     r2, [r0]
    subs    r3, #8
    str     r1, [r3]
#ifdef CONFIG_SCHED_SWITCH_COUNT
    subs    r0, #32
    cmp     r0, r1
    beq     1f
    ldr     r2, [r3, #8]
    adds    r2, #1
    str     r2, [r3, #8]
1:
#endif
#ifdef CONFIG_THREAD_RUNTIME_STATS
    /* r4 and r5 are saved. */
    mov     r4, r1
    mov     r5, lr
    bl      thread_usage_switched
    mov     lr, r5
    mov     r1, r4
#endif
    adds    r1, #16
    ldmia   r1!, {r4-r7}
    mov     r8, r4
    mov     r9, r5
    mov     r10, r6
    mov     r11, r7
    ldr     r2, [r1]
    subs    r1, #32
    ldmia   r1!, {r4-r7}
    msr     psp, r2
    .endm
#else
    .macro SWITCH
    mrs     r12, psp
    ldr     r3, =_kernel
    ldrd    r0, r1, [r3, #KERNEL_CURRENT_OFFSET]
#ifdef CONFIG_FPU
    stmia   r0, {r4-r11}
    str     lr, [r0, #CONTEXT_EXC_RETURN]
    tst     lr, #0x10
    bne     1f
    SAVE_FP
1:  str     r12, [r0, #32]
#else
    stmia   r0, {r4-r11, r12}
#endif
    str     r1, [r3, #KERNEL_CURRENT_OFFSET]
#ifdef CONFIG_SCHED_SWITCH_COUNT
    cmp     r0, r1
    ittt    ne
    ldrne   r2, [r3, #KERNEL_CURRENT_OFFSET + 8]
    addne   r2, r2, #1
    strne   r2, [r3, #KERNEL_CURRENT_OFFSET + 8]
#endif
#ifdef CONFIG_THREAD_RUNTIME_STATS
    /* r4 and r5 are saved; they keep the stack aligned. */
    push    {r1, r4, r5, lr}
    bl      thread_usage_switched
    pop     {r1, r4, r5, lr}
#endif
#if defined(CONFIG_CPU_HAS_STACK_LIMIT)
    ldr     r2, [r1, #36]
    msr     psplim, r2
#elif defined(CONFIG_MPU_STACK_GUARD)
    ldr     r2, [r1, #36]
    ldr     r3, =MPU_RBAR
    str     r2, [r3]
#endif
#ifdef CONFIG_FPU
    ldr     r12, [r1, #32]
    ldr     lr, [r1, #CONTEXT_EXC_RETURN]
    tst     lr, #0x10
    bne     2f
    LOAD_FP
2:  ldmia   r1, {r4-r11}
#else
    ldmia   r1, {r4-r11, r12}
#endif
    msr     psp, r12
    .endm
#endif

    .section .text.svc_handler, "ax", %progbits
    .global svc_handler
    .type svc_handler, %function
    .thumb_func
svc_handler:
    SWITCH
    bx      lr
    .ltorg
    .size svc_handler, . - svc_handler

    .section .text.pendsv_handler, "ax", %progbits
    .global pendsv_handler
    .type pendsv_handler, %function
    .thumb_func
pendsv_handler:
    LOCK    r2
    SWITCH
    UNLOCK  r2
    bx      lr
    .ltorg
    .size pendsv_handler, . - pendsv_handler

/*
 * void thread_returned(void): where entry functions return to. Behind it is nothing: that is what `undefined` tells
 * debuggers, who look for the caller of a function at the address before the one to which it returns, hence the nop.
 */
    .section .text.thread_entry, "ax", %progbits
    .global thread_returned
    .type thread_returned, %function
    .type thread_entry, %function
    .thumb_func
thread_entry:
    .cfi_startproc
    .cfi_undefined lr
    nop
    .thumb_func
thread_returned:
    bl      thread_exit
    .cfi_endproc
    .size thread_entry, . - thread_entry

/*
 * void cortex_m_enter_first(frame, psplim, msp): leaves the boot stack, which is the interrupt stack from now on, and
 * goes where the first thread's frame says, with the arguments in it, on its stack, with interrupts unmasked. The frame
 * lies below the stack pointer, so it is read before an interrupt can stack over it.
 */
    .section .text.cortex_m_enter_first, "ax", %progbits
    .global cortex_m_enter_first
    .type cortex_m_enter_first, %function
    .thumb_func
cortex_m_enter_first:
    mov     r4, r0
    adds    r0, #32
    msr     psp, r0
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
    msr     psplim, r1
#endif
    movs    r0, #2
    msr     control, r0
    isb
    msr     msp, r2
    ldmia   r4!, {r0-r2}
    ldr     r3, [r4, #8]        /* lr */
    mov     lr, r3
    ldr     r3, [r4, #12]       /* pc */
    adds    r3, #1
    UNLOCK  r5
    isb
    bx      r3
    .ltorg
    .size cortex_m_enter_first, . - cortex_m_enter_first
