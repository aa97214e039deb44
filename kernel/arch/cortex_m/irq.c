/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt lines, the vector table in RAM, and irq_offload. */
#include "../../../lib/assert.h"
#include "../../fatal.h"
#include "../../irq.h"
#include "../../printk.h"
#include "../../thread.h"
#include "exception.h"

#define EXCEPTION_COUNT 16
#define VECTOR_COUNT    (EXCEPTION_COUNT + CONFIG_NUM_IRQS)

/* VTOR's low bits are zero: the table lies at a multiple of its size rounded up to a power of two
 * (Armv7-M ARM B3.2.5). */
#define VECTOR_ALIGN 1024
BUILD_ASSERT(VECTOR_COUNT * 4 <= VECTOR_ALIGN, "CONFIG_NUM_IRQS does not fit the vector table");

/* In RAM, so that a handler is connected where it is written, as a plain C function with nothing
 * before or after it. */
static void (*vectors[VECTOR_COUNT])(void) __aligned(VECTOR_ALIGN) __noinit;

/* Level 0 is above the kernel's lock; 1 is taken by it and by the handlers; the last level is
 * PendSV's. */
#define LEVEL_KERNEL_FIRST 1u
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
        vectors[i] = i < EXCEPTION_COUNT ? boot[i] : spurious;
    }
    SCB->VTOR = (uint32_t)(uintptr_t)vectors;
    __DSB();
    NVIC_SetPriority(PendSV_IRQn, LEVEL_LAST);
    NVIC_SetPriority(SysTick_IRQn, LEVEL_LAST - 1);
    NVIC_SetPriority(SVCall_IRQn, LEVEL_LAST - 1);
}

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
    vectors[EXCEPTION_COUNT + irq] = vector;
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

void arch_irq_offload(void (*routine)(const void *), const void *parameter)
{
    /* No other thread may come between the two stores and the call. */
    k_sched_lock();
    offload.routine = routine;
    offload.parameter = parameter;
    __asm__ volatile("svc 0" ::: "memory");
    k_sched_unlock();
}

void svc_handler(void)
{
    offload.routine(offload.parameter);
}
