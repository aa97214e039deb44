/* SPDX-License-Identifier: Apache-2.0 */
/* The seam on a PC: threads are ucontexts, interrupts are simulated at every unlock. Included by
 * kernel/arch.h only. */
#pragma once

#include <ucontext.h>

#include "../../../lib/util.h"

#define ARCH_STACK_ALIGN 16
/* The C library and the sanitizers need far more stack than firmware does. */
#define ARCH_STACK_EXTRA_BYTES 131072

struct arch_context {
    ucontext_t *registers;
    void *sanitizer_stack;
    const void *stack_bottom;
    size_t stack_bytes;
};

void arch_context_init(struct arch_context *context, char *stack, size_t stack_bytes,
                       void (*entry)(void *, void *, void *), void *p1, void *p2, void *p3);

extern unsigned host_irq_locked;
extern unsigned host_isr_depth;
extern bool host_switch_requested;
extern uint64_t host_alarm_ticks;

/* Interrupts and switches that became due while locked. */
void host_deliver(void);

static inline unsigned arch_irq_lock(void)
{
    unsigned key = host_irq_locked;

    host_irq_locked = 1;
    return key;
}

static inline void arch_irq_unlock(unsigned key)
{
    host_irq_locked = key;
    if (key == 0) {
        host_deliver();
    }
}

static inline void arch_irq_relock(unsigned key)
{
    host_irq_locked = key;
}

static inline void arch_irq_mask(void)
{
    host_irq_locked = 1;
}

static inline void arch_irq_unmask(void)
{
    arch_irq_unlock(0);
}

static inline void arch_irq_restore(unsigned key)
{
    arch_irq_unlock(key);
}

static inline bool arch_in_isr(void)
{
    return host_isr_depth != 0;
}

static inline bool arch_can_switch(unsigned key)
{
    return key == 0 && !arch_in_isr();
}

static inline void arch_switch_request(void)
{
    host_switch_requested = true;
}

static inline void arch_switch(unsigned key)
{
    arch_switch_request();
    arch_irq_unlock(key);
}

static inline void arch_switch_thread(void)
{
    arch_switch(0);
}

/* Time passes only while nobody runs, so none has passed since it was told of. */
static inline uint32_t arch_clock_elapsed_locked(void)
{
    return 0;
}

/* The next pass of the idle thread takes that many ticks. */
static inline void arch_clock_alarm_locked(uint64_t ticks)
{
    host_alarm_ticks = ticks;
}

/* A thread that spins lets a tick pass, as the idle thread does; elsewhere time stands still. */
bool arch_spin(void);
