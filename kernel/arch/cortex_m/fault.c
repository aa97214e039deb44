/* SPDX-License-Identifier: Apache-2.0 */
/* Faults: from the exception to the kernel's fatal_error(), and what is known in words. */
#include "../../fatal.h"
#include "../../irq.h"
#include "../../printk.h"
#include "../../sched.h"
#include "coredump.h"
#include "exception.h"
#include "fault.h"

#define EXC_RETURN_THREAD_MODE BIT(3)

static void print_frame(const struct stacked *frame)
{
    printk("  pc %08lx lr %08lx xpsr %08lx\n", (unsigned long)frame->pc, (unsigned long)frame->lr,
           (unsigned long)frame->xpsr);
    printk("  r0 %08lx r1 %08lx r2 %08lx r3 %08lx r12 %08lx\n", (unsigned long)frame->r0,
           (unsigned long)frame->r1, (unsigned long)frame->r2, (unsigned long)frame->r3,
           (unsigned long)frame->r12);
}

void arch_esf_print(const struct arch_esf *esf)
{
    if (esf == NULL) {
        return;
    }
    printk("  exception %lu, exc_return %08lx\n", (unsigned long)esf->exception,
           (unsigned long)esf->exc_return);
    fault_status_print(&esf->status);
    if (esf->frame != NULL) {
        print_frame(esf->frame);
    } else if (!esf->isr_overflow && !k_is_pre_kernel()) {
        printk("  psp %08lx, the thread's stack begins at %08lx; nothing could be stacked\n",
               (unsigned long)__get_PSP(), (unsigned long)(uintptr_t)_kernel.current->stack);
    }
    if (esf->isr_overflow) {
        printk("  the interrupt stack is full: raise CONFIG_ISR_STACK_SIZE\n");
    }
}

/* coredump.c has another one, which saves registers first. */
__weak __used void fault_report(const struct stacked *frame, uint32_t exc_return)
{
    fault_report_saved(frame, exc_return);
}

__used void fault_report_saved(const struct stacked *frame, uint32_t exc_return)
{
    struct arch_esf esf = {.frame = frame, .exc_return = exc_return};
    bool in_thread = (exc_return & EXC_RETURN_THREAD_MODE) != 0;
    bool overflow;

    esf.exception = __get_IPSR();
    fault_status_read(&esf.status);
    overflow = fault_status_nothing_stacked(&esf);
    if (overflow) {
        esf.frame = NULL;
    }
    overflow |= fault_status_guard_hit(&esf.status, in_thread);
    if (IS_ENABLED(CONFIG_COREDUMP)) {
        coredump_note_fault(esf.frame, exc_return);
    }
    esf.isr_overflow = overflow && !in_thread;
    fatal_error(overflow ? K_ERR_STACK_CHK_FAIL : K_ERR_CPU_EXCEPTION, &esf, in_thread);
    if (IS_ENABLED(CONFIG_COREDUMP)) {
        coredump_note_fault(NULL, 0);
    }
    /* The thread is dead. It may have held the lock; the switch away from it needs it open. */
    __set_PRIMASK(0);
#ifndef CONFIG_IRQ_LOCK_PRIMASK
    __set_BASEPRI(0);
#endif
}

/*
 * When the interrupt stack itself is used up, the report runs on it from its top: nothing on it
 * will be needed again. The limit is lifted first, or the handler's own first push would fault.
 */
__attribute__((naked)) void fault_handler(void)
{
    __asm__ volatile("movs r0, #0\n"
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
                     "msr msplim, r0\n"
#endif
                     "mov r1, lr\n"
                     "mrs r2, msp\n"
                     "ldr r3, =__isr_stack_start + 640\n"
                     "cmp r2, r3\n"
                     "bhs 1f\n"
                     "ldr r2, =__isr_stack_end\n"
                     "msr msp, r2\n"
                     "b 3f\n"
                     "1: movs r3, #4\n"
                     "tst r1, r3\n"
                     "mrs r0, msp\n"
                     "beq 3f\n"
                     "mrs r0, psp\n"
                     "3: push {r1, lr}\n"
                     "bl fault_report\n"
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
                     "ldr r0, =__isr_stack_start\n"
                     "msr msplim, r0\n"
#endif
                     "pop {r1, pc}\n"
                     ".ltorg\n");
}
