/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seam between the kernel and a processor. Each folder below arch/ implements all of it and
 * nothing else. How a switch happens: the scheduler keeps _kernel.next; arch_switch() and its
 * relatives ask for a switch to it, which takes place as soon as interrupts are unlocked and no
 * handler runs. The kernel never switches by itself.
 */
#pragma once

#include "../lib/util.h"

#if defined(CONFIG_ARCH_CORTEX_M)
#include "arch/cortex_m/context.h"
#elif defined(CONFIG_ARCH_HOST)
#include "arch/host/context.h"
#else
#error "No architecture is selected: choose a board whose defconfig sets CONFIG_ARCH_..."
#endif

struct k_thread;
struct arch_esf;

/*
 * Inline in context.h of each architecture, because every kernel call needs them:
 *
 *   unsigned arch_irq_lock(void)        masks kernel interrupts; key 0: they were unmasked
 *   void arch_irq_unlock(unsigned key)  restores; with key 0 a requested switch happens before it
 *                                       returns
 *   void arch_irq_mask(void)            the same where interrupts are known to be unmasked
 *   void arch_irq_unmask(void)          and where they shall be
 *   void arch_irq_restore(unsigned key) arch_irq_unlock where no switch was requested meanwhile
 *   void arch_irq_relock(unsigned key)  unlocked: locks as it was when `key` was got
 *   bool arch_in_isr(void)              true in handler mode
 *   void arch_switch_request(void)      locked: the switch happens after the unlock
 *   void arch_switch(unsigned key)      locked: unlocks; the switch happens before it returns in a
 *                                       thread whose key is 0, else when it can
 *   bool arch_can_switch(unsigned key)  locked with `key`: a switch can happen here and now
 *   void arch_switch_thread(void)       arch_switch in a thread, and with the key 0
 *   struct arch_context                 what a thread that does not run is made of; first member of
 *                                       k_thread
 *   void arch_context_init(context, stack, stack_bytes, entry, p1, p2, p3)
 *                                       the first switch to it calls entry(p1, p2, p3) on that
 *                                       stack, and then thread_exit()
 *   ARCH_STACK_ALIGN                    alignment of stacks in bytes (their size may be anything)
 */

/* Leaves the boot stack for _kernel.next. Does not return. Context: before the scheduler. */
_Noreturn void arch_start_first(void);

/* Copies `bytes`, a multiple of 4, between places at multiples of 4 that do not overlap. */
void arch_copy_words(void *to, const void *from, size_t bytes);

/* Sleeps the processor until an interrupt. Context: the idle thread. */
void arch_idle(void);

/*
 * The clock calls timeout_announce() in its interrupt with the ticks that have passed. With
 * CONFIG_TICKLESS_KERNEL it does so when it was asked to, otherwise at each tick, and the last two
 * functions are inline and do nothing.
 */

/* Starts the clock. Context: before the scheduler. */
void arch_clock_start(void);

/* Processor cycles that have passed since the last announcement. */
uint32_t arch_clock_cycles_locked(void);

/* bool arch_spin(void): inline, one turn of a loop that waits for time to pass; false: here it does
 * not. */

/* uint32_t arch_clock_elapsed_locked(void): ticks that have passed since the last announcement. */

/* void arch_clock_alarm_locked(uint64_t ticks): has ticks be announced as soon as `ticks` have
 * passed since the last announcement, or earlier. */

/* Interrupt lines. Numbers count from the first line after the system exceptions. */
void arch_irq_connect(unsigned irq, unsigned priority, unsigned flags, void (*vector)(void));
void arch_irq_enable(unsigned irq);
void arch_irq_disable(unsigned irq);
int arch_irq_is_enabled(unsigned irq);
void arch_irq_pend(unsigned irq);

/* Runs routine(parameter) as an interrupt would. Context: thread, interrupts unlocked. */
void arch_irq_offload(void (*routine)(const void *), const void *parameter);

/* Prints what the fault frame holds; `esf` may be NULL. Context: any. */
void arch_esf_print(const struct arch_esf *esf);

/* Prints the registers of what failed and the image's RAM, for tools/coredump.py. Only with
 * CONFIG_COREDUMP. Context: locked, nothing else will run. */
void arch_coredump(void);

/* Ends the program: leaves the emulator or the process with `status`; on a board sleeps for ever.
 */
_Noreturn void arch_exit(int status);
