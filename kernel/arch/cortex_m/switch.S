/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch: PendSV, at the lowest priority, from _kernel.current to _kernel.next. An interrupt that changes `next`
 * before or behind it makes PendSV pending again, and a switch from a thread to itself is harmless.
 *
 * In between the kernel's interrupts are masked. A handler that came after `next` was read could abort or suspend that
 * thread and see that `current` is to go on, thus ask for no switch: the dead would run. And one that starts a thread
 * object anew would have its first frame overwritten by the save or skipped by the load.
 *
 * _kernel begins with {current, next}; a thread begins with {r4..r11, psp, psplim} (asserted in thread.c).
 */
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

    .section .text.pendsv_handler, "ax", %progbits
    .global pendsv_handler
    .type pendsv_handler, %function
    .thumb_func
pendsv_handler:
    mrs     r12, psp
    LOCK    r2
    ldr     r3, =_kernel
    ldrd    r0, r1, [r3]
    stmia   r0, {r4-r11, r12}
    str     r1, [r3]
#ifdef CONFIG_SCHED_SWITCH_COUNT
    cmp     r0, r1
    ittt    ne
    ldrne   r2, [r3, #12]
    addne   r2, r2, #1
    strne   r2, [r3, #12]
#endif
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
    ldr     r2, [r1, #36]
    msr     psplim, r2
#endif
    ldmia   r1, {r4-r11, r12}
    msr     psp, r12
    UNLOCK  r2
    bx      lr
    .size pendsv_handler, . - pendsv_handler

/*
 * void cortex_m_enter_first(uint32_t psp, uint32_t psplim): leaves the boot stack, which is the interrupt stack from
 * now on (msp = r2, its top), and goes to thread_entry on the first thread's stack with interrupts unmasked.
 */
    .section .text.cortex_m_enter_first, "ax", %progbits
    .global cortex_m_enter_first
    .type cortex_m_enter_first, %function
    .thumb_func
cortex_m_enter_first:
    msr     psp, r0
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
    msr     psplim, r1
#endif
    movs    r0, #2
    msr     control, r0
    isb
    msr     msp, r2
    movs    r0, #0
#ifdef CONFIG_IRQ_LOCK_PRIMASK
    msr     primask, r0
#else
    msr     basepri, r0
#endif
    isb
    ldr     r0, =thread_entry
    bx      r0
    .size cortex_m_enter_first, . - cortex_m_enter_first
