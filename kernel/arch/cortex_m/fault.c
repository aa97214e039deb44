/* SPDX-License-Identifier: Apache-2.0 */
/* Faults: what happened, in words. Registers and bits: Armv8-M ARM D1.2 (CFSR, HFSR, SFSR), Armv7-M
 * ARM B3.2.15. */
#include "../../fatal.h"
#include "../../irq.h"
#include "../../printk.h"
#include "../../sched.h"
#include "coredump.h"
#include "exception.h"
#include "stacked.h"
#include "mpu.h"

struct arch_esf {
    const struct stacked *frame; /* NULL when stacking itself failed */
    uint32_t exc_return;
    uint32_t exception;
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    uint32_t sfsr;
    uint32_t sfar;
    bool isr_overflow;
};

#define EXC_RETURN_THREAD_MODE BIT(3)
#define EXC_RETURN_PSP         BIT(2)
#define CFSR_MMARVALID         BIT(7)
#define CFSR_BFARVALID         BIT(15)
#define CFSR_STKOF             BIT(20)
#define CFSR_STACKING          (BIT(4) | BIT(12) | CFSR_STKOF)
#define SFSR_SFARVALID         BIT(6)
#define ADDRESS_NEAR_NULL      4096u

struct fault_bit {
    uint32_t mask;
    const char *text;
};

static const struct fault_bit cfsr_bits[] = {
    {BIT(0), "instruction fetch from memory that must not be executed (IACCVIOL)"},
    {BIT(1), "data access that the MPU forbids (DACCVIOL)"},
    {BIT(3), "MPU violation on exception return (MUNSTKERR)"},
    {BIT(4), "MPU violation on exception entry: stack overflow? (MSTKERR)"},
    {BIT(5), "MPU violation while saving floating-point state (MLSPERR)"},
    {BIT(8), "instruction fetch bus error: jump to a wild address? (IBUSERR)"},
    {BIT(9), "data bus error at this instruction (PRECISERR)"},
    {BIT(10), "data bus error at an earlier store (IMPRECISERR)"},
    {BIT(11), "bus error on exception return (UNSTKERR)"},
    {BIT(12), "bus error on exception entry: stack overflow? (STKERR)"},
    {BIT(13), "bus error while saving floating-point state (LSPERR)"},
    {BIT(16), "undefined instruction (UNDEFINSTR)"},
    {BIT(17), "invalid state: a function pointer without its Thumb bit? (INVSTATE)"},
    {BIT(18), "invalid exception return: damaged stack? (INVPC)"},
    {BIT(19), "no coprocessor or FPU: build without floating point, or enable it (NOCP)"},
    {BIT(20), "stack overflow: make the stack larger (STKOF)"},
    {BIT(24), "unaligned access (UNALIGNED)"},
    {BIT(25), "division by zero (DIVBYZERO)"},
};

static const struct fault_bit sfsr_bits[] = {
    {BIT(0), "secure entry point invalid (INVEP)"},
    {BIT(1), "security integrity signature invalid (INVIS)"},
    {BIT(2), "security violation on exception return (INVER)"},
    {BIT(3), "access to memory of the other security state (AUVIOL)"},
    {BIT(4), "jump to non-secure memory: a call through a null pointer? (INVTRAN)"},
    {BIT(5), "lazy floating-point state violation (LSPERR)"},
};

static const struct fault_bit hfsr_bits[] = {
    {BIT(1), "fault while reading the vector table (VECTTBL)"},
    {BIT(30), "escalated to HardFault (FORCED)"},
    {BIT(31), "breakpoint or semihosting call without a debugger (DEBUGEVT)"},
};

static void print_bits(uint32_t value, const struct fault_bit *bits, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if ((value & bits[i].mask) != 0) {
            printk("  %s\n", bits[i].text);
        }
    }
}

static void print_address(const char *name, uint32_t address)
{
    printk("  %s 0x%08lx%s\n", name, (unsigned long)address,
           address < ADDRESS_NEAR_NULL ? ": a null pointer?" : "");
}

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
    printk("  exception %lu, cfsr %08lx, hfsr %08lx, sfsr %08lx, exc_return %08lx\n",
           (unsigned long)esf->exception, (unsigned long)esf->cfsr, (unsigned long)esf->hfsr,
           (unsigned long)esf->sfsr, (unsigned long)esf->exc_return);
    print_bits(esf->cfsr, cfsr_bits, ARRAY_SIZE(cfsr_bits));
    print_bits(esf->sfsr, sfsr_bits, ARRAY_SIZE(sfsr_bits));
    print_bits(esf->hfsr, hfsr_bits, ARRAY_SIZE(hfsr_bits));
    if ((esf->cfsr & CFSR_MMARVALID) != 0) {
        print_address("data address", esf->mmfar);
    }
    if ((esf->cfsr & CFSR_BFARVALID) != 0) {
        print_address("bus address", esf->bfar);
    }
    if ((esf->sfsr & SFSR_SFARVALID) != 0) {
        print_address("security fault address", esf->sfar);
    }
    if (esf->frame != NULL) {
        print_frame(esf->frame);
    } else if (!esf->isr_overflow) {
        printk("  psp %08lx, the thread's stack begins at %08lx; nothing could be stacked\n",
               (unsigned long)__get_PSP(), (unsigned long)(uintptr_t)_kernel.current->stack);
    }
    if (esf->isr_overflow) {
        printk("  the interrupt stack is full: raise CONFIG_ISR_STACK_SIZE\n");
    }
}

static void read_status(struct arch_esf *esf)
{
    esf->exception = __get_IPSR();
    esf->cfsr = SCB->CFSR;
    esf->hfsr = SCB->HFSR;
    esf->mmfar = SCB->MMFAR;
    esf->bfar = SCB->BFAR;
    SCB->CFSR = esf->cfsr; /* write one to clear, so that the next fault is told apart */
    SCB->HFSR = esf->hfsr;
#ifdef CONFIG_ARM_SECURE_FIRMWARE
    esf->sfsr = SAU->SFSR;
    esf->sfar = SAU->SFAR;
    SAU->SFSR = esf->sfsr;
#endif
}

extern char __isr_stack_start[];

#ifdef CONFIG_MPU_STACK_GUARD
/* The bottom of the stack in use was touched; of the running thread's or of the interrupts'. */
static bool is_guard_hit(const struct arch_esf *esf, bool in_thread)
{
    /* The bits of a region base address below the alignment say which region it is. */
    uint32_t guard = in_thread ? _kernel.current->context.limit & ~(MPU_GUARD_BYTES - 1)
                               : MPU_GUARD_ALIGN((uint32_t)(uintptr_t)__isr_stack_start);

    return (esf->cfsr & CFSR_MMARVALID) != 0 && !k_is_pre_kernel() &&
           esf->mmfar - guard < MPU_GUARD_BYTES;
}
#else
static bool is_guard_hit(const struct arch_esf *esf, bool in_thread)
{
    ARG_UNUSED(esf);
    ARG_UNUSED(in_thread);
    return false;
}
#endif

/* coredump.c has another one, which saves registers first. */
__weak void fault_report(const struct stacked *frame, uint32_t exc_return)
{
    fault_report_saved(frame, exc_return);
}

void fault_report_saved(const struct stacked *frame, uint32_t exc_return)
{
    struct arch_esf esf = {.frame = frame, .exc_return = exc_return};
    bool in_thread = (exc_return & EXC_RETURN_THREAD_MODE) != 0;
    bool overflow;

    read_status(&esf);
    overflow = (esf.cfsr & CFSR_STACKING) != 0;
    if (overflow) {
        esf.frame = NULL;
    }
    overflow |= is_guard_hit(&esf, in_thread);
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
                     "1: tst lr, #4\n"
                     "ite eq\n"
                     "mrseq r0, msp\n"
                     "mrsne r0, psp\n"
                     "3: push {r1, lr}\n"
                     "bl fault_report\n"
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
                     "ldr r0, =__isr_stack_start\n"
                     "msr msplim, r0\n"
#endif
                     "pop {r1, pc}\n"
                     ".ltorg\n");
}

void cortex_m_faults_init(void)
{
#ifdef CONFIG_FPU
    SCB->CPACR |= 0xfu << 20; /* coprocessors 10 and 11: full access (Armv7-M ARM B3.2.20) */
    __DSB();
    __ISB();
#endif
    SCB->SHCSR |= SCB_SHCSR_MEMFAULTENA_Msk | SCB_SHCSR_BUSFAULTENA_Msk | SCB_SHCSR_USGFAULTENA_Msk;
#ifdef CONFIG_ARM_SECURE_FIRMWARE
    SCB->SHCSR |= SCB_SHCSR_SECUREFAULTENA_Msk;
#endif
    SCB->CCR |= SCB_CCR_DIV_0_TRP_Msk;
#ifdef CONFIG_TRAP_UNALIGNED_ACCESS
    SCB->CCR |= SCB_CCR_UNALIGN_TRP_Msk;
#endif
}
