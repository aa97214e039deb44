/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt lines, the vector table in RAM, and irq_offload. */
#include "../../../lib/assert.h"
#include "../../fatal.h"
#include "../../irq.h"
#include "../../printk.h"
#include "../../thread.h"
#include "exception.h"

#define EXCEPTION_COUNT  16
#define EXCEPTION_SVCALL 11
#define VECTOR_COUNT     (EXCEPTION_COUNT + CONFIG_NUM_IRQS)

/* VTOR's low bits are zero: the table lies at a multiple of its size rounded up to a power of two,
 * at least 128 (Armv7-M ARM B3.2.5). */
#define VECTOR_ALIGN                                                                               \
    (!IS_ENABLED(CONFIG_CPU_HAS_VTOR) ? 4                                                          \
     : VECTOR_COUNT <= 32             ? 128                                                        \
     : VECTOR_COUNT <= 64             ? 256                                                        \
     : VECTOR_COUNT <= 128            ? 512                                                        \
                                      : 1024)
BUILD_ASSERT(VECTOR_COUNT <= 256, "CONFIG_NUM_IRQS does not fit the vector table");

/* In RAM, so that a handler is connected where it is written, as a plain C function with nothing
 * before or after it. */
__used void (*cortex_m_vectors[VECTOR_COUNT])(void) __aligned(VECTOR_ALIGN)
    __in_section(".vectors_in_ram");

/* Level 0 is above the kernel's lock; 1 is taken by it and by the handlers; the last level is
 * PendSV's. PRIMASK leaves nothing above: level 0 is the kernel's, too. */
#define LEVEL_KERNEL_FIRST (IS_ENABLED(CONFIG_IRQ_LOCK_PRIMASK) ? 0u : 1u)
#define LEVEL_LAST         (BIT(CONFIG_IRQ_PRIO_BITS) - 1)

static void spurious(void)
{
    printk("interrupt %u has no handler: use IRQ_CONNECT before irq_enable\n",
           (unsigned)__get_IPSR() - EXCEPTION_COUNT);
    fatal_error(K_ERR_SPURIOUS_IRQ, NULL, false);
}

void cortex_m_vectors_init(const void *boot_vectors)
{
    void (*const *boot)(void) = (void (*const *)(void))boot_vectors;

    for (unsigned i = 0; i < VECTOR_COUNT; i++) {
        cortex_m_vectors[i] = i < EXCEPTION_COUNT ? boot[i] : spurious;
    }
#ifdef CONFIG_CPU_HAS_VTOR
    SCB->VTOR = (uint32_t)(uintptr_t)cortex_m_vectors;
    __DSB();
#else
    cortex_m_vectors[EXCEPTION_SVCALL] = svc_handler;
#endif
    NVIC_SetPriority(PendSV_IRQn, LEVEL_LAST);
    NVIC_SetPriority(SysTick_IRQn, LEVEL_LAST - 1);
    /* The kernel's interrupts cannot come between: a switch by SVC needs no lock. */
    NVIC_SetPriority(SVCall_IRQn, LEVEL_KERNEL_FIRST);
}

#ifndef CONFIG_CPU_HAS_VTOR
/* lr is still what the core put there: the handler returns from the exception. */
__attribute__((naked)) void cortex_m_vector_in_ram(void)
{
    __asm__ volatile("mrs r0, ipsr\n"
                     "lsls r0, r0, #2\n"
                     "ldr r1, =cortex_m_vectors\n"
                     "ldr r0, [r1, r0]\n"
                     "bx r0\n"
                     ".ltorg\n");
}
#endif

static void check_line(unsigned irq)
{
    ASSERT(irq < CONFIG_NUM_IRQS, "K6 interrupt line out of range (CONFIG_NUM_IRQS)",
           (const void *)(uintptr_t)irq, NULL);
}

void arch_irq_connect(unsigned irq, unsigned priority, unsigned flags, void (*vector)(void))
{
    bool zero_latency = (flags & IRQ_ZERO_LATENCY) != 0;

    check_line(irq);
    ASSERT(zero_latency || priority + LEVEL_KERNEL_FIRST < LEVEL_LAST,
           "K6 interrupt priority out of range (CONFIG_IRQ_PRIO_BITS)",
           (const void *)(uintptr_t)irq, NULL);
    cortex_m_vectors[EXCEPTION_COUNT + irq] = vector;
    NVIC_SetPriority((IRQn_Type)irq, zero_latency ? 0 : priority + LEVEL_KERNEL_FIRST);
    __DSB();
}

void arch_irq_enable(unsigned irq)
{
    check_line(irq);
    NVIC_EnableIRQ((IRQn_Type)irq);
}

void arch_irq_disable(unsigned irq)
{
    check_line(irq);
    NVIC_DisableIRQ((IRQn_Type)irq);
}

int arch_irq_is_enabled(unsigned irq)
{
    check_line(irq);
    return NVIC_GetEnableIRQ((IRQn_Type)irq) != 0;
}

void arch_irq_pend(unsigned irq)
{
    check_line(irq);
    NVIC_SetPendingIRQ((IRQn_Type)irq);
    __DSB();
    __ISB();
}

static struct {
    void (*routine)(const void *);
    const void *parameter;
} offload;

static void offload_handler(void)
{
    cortex_m_vectors[EXCEPTION_SVCALL] = svc_handler;
    __DSB();
    offload.routine(offload.parameter);
}

/* SVC means a switch; for one call it means this. With the scheduler locked no other thread comes
 * between the stores and the call. */
void arch_irq_offload(void (*routine)(const void *), const void *parameter)
{
    k_sched_lock();
    offload.routine = routine;
    offload.parameter = parameter;
    cortex_m_vectors[EXCEPTION_SVCALL] = offload_handler;
    __DSB();
    __asm__ volatile("svc 0" ::: "memory");
    k_sched_unlock();
}
