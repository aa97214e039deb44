/* SPDX-License-Identifier: Apache-2.0 */
/* What the core says about a fault, in words. Registers and bits: Armv8-M ARM D1.2 (CFSR, HFSR,
 * SFSR), Armv7-M ARM B3.2.15. Armv6-M says nothing. */
#include "../../printk.h"
#include "../../sched.h"
#include "exception.h"
#include "fault.h"
#include "mpu.h"

extern char __isr_stack_start[];

#ifndef CONFIG_CPU_ARMV6M

#define CFSR_MMARVALID    BIT(7)
#define CFSR_BFARVALID    BIT(15)
#define CFSR_STKOF        BIT(20)
#define CFSR_STACKING     (BIT(4) | BIT(12) | CFSR_STKOF)
#define SFSR_SFARVALID    BIT(6)
#define ADDRESS_NEAR_NULL 4096u

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

void fault_status_print(const struct fault_status *status)
{
    printk("  cfsr %08lx, hfsr %08lx, sfsr %08lx\n", (unsigned long)status->cfsr,
           (unsigned long)status->hfsr, (unsigned long)status->sfsr);
    print_bits(status->cfsr, cfsr_bits, ARRAY_SIZE(cfsr_bits));
    print_bits(status->sfsr, sfsr_bits, ARRAY_SIZE(sfsr_bits));
    print_bits(status->hfsr, hfsr_bits, ARRAY_SIZE(hfsr_bits));
    if ((status->cfsr & CFSR_MMARVALID) != 0) {
        print_address("data address", status->mmfar);
    }
    if ((status->cfsr & CFSR_BFARVALID) != 0) {
        print_address("bus address", status->bfar);
    }
    if ((status->sfsr & SFSR_SFARVALID) != 0) {
        print_address("security fault address", status->sfar);
    }
}

void fault_status_read(struct fault_status *status)
{
    *status = (struct fault_status){
        .cfsr = SCB->CFSR, .hfsr = SCB->HFSR, .mmfar = SCB->MMFAR, .bfar = SCB->BFAR};
    SCB->CFSR = status->cfsr; /* write one to clear */
    SCB->HFSR = status->hfsr;
#ifdef CONFIG_ARM_SECURE_FIRMWARE
    status->sfsr = SAU->SFSR;
    status->sfar = SAU->SFAR;
    SAU->SFSR = status->sfsr;
#endif
}

bool fault_status_nothing_stacked(const struct arch_esf *esf)
{
    return (esf->status.cfsr & CFSR_STACKING) != 0;
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

#else

void cortex_m_faults_init(void)
{
}

void fault_status_print(const struct fault_status *status)
{
    ARG_UNUSED(status);
}

void fault_status_read(struct fault_status *status)
{
    *status = (struct fault_status){0};
}

extern char __ram_start[];
extern char __ram_end[];

/* The frame would lie outside of RAM: reading it would be a fault in the fault handler, which is
 * the end. */
bool fault_status_nothing_stacked(const struct arch_esf *esf)
{
    uintptr_t frame = (uintptr_t)esf->frame;

    return frame < (uintptr_t)__ram_start || frame > (uintptr_t)__ram_end - sizeof(struct stacked);
}

#endif

#ifdef CONFIG_MPU_STACK_GUARD
bool fault_status_guard_hit(const struct fault_status *status, bool in_thread)
{
    /* The bits of a region base address below the alignment say which region it is. */
    uint32_t guard = in_thread ? _kernel.current->context.limit & ~(MPU_GUARD_BYTES - 1)
                               : MPU_GUARD_ALIGN((uint32_t)(uintptr_t)__isr_stack_start);

    return (status->cfsr & CFSR_MMARVALID) != 0 && !k_is_pre_kernel() &&
           status->mmfar - guard < MPU_GUARD_BYTES;
}
#else
bool fault_status_guard_hit(const struct fault_status *status, bool in_thread)
{
    ARG_UNUSED(status);
    ARG_UNUSED(in_thread);
    return false;
}
#endif
