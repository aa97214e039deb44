/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A processor made of one PC thread: interrupts are function calls at the places where the kernel
 * unmasks them, time passes only while the idle thread runs, so every run is the same.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../lib/assert.h"
#include "../../sched.h"
#include "../../thread_usage.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

unsigned host_irq_locked = 1;
unsigned host_isr_depth;
bool host_switch_requested;
uint64_t host_alarm_ticks = UINT64_MAX;
void (*host_unlock_hook)(void);

static void (*vectors[HOST_IRQ_COUNT])(void);
static uint32_t enabled_lines;
static uint32_t pending_lines;

struct host_thread {
    ucontext_t registers;
    const struct arch_context *owner;
    k_thread_entry_t entry;
    void *arguments[3];
};

/* Contexts of threads that have ended are used again for the next thread; a PC has room. */
#define HOST_THREADS_MAX 256
static struct host_thread contexts[HOST_THREADS_MAX];
static ucontext_t boot_context;

static void finish_switch(void *sanitizer_stack)
{
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(sanitizer_stack, NULL, NULL);
#else
    ARG_UNUSED(sanitizer_stack);
#endif
}

static void start_switch(void **sanitizer_stack, const struct arch_context *to)
{
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(sanitizer_stack, to->stack_bottom, to->stack_bytes);
#else
    ARG_UNUSED(sanitizer_stack);
    ARG_UNUSED(to);
#endif
}

/* Not inlined: getcontext returns twice, and its caller must hold nothing in registers. */
static __attribute__((noinline)) struct host_thread *context_for(const struct arch_context *context)
{
    struct host_thread *unused = NULL;

    for (unsigned i = 0; i < HOST_THREADS_MAX; i++) {
        if (contexts[i].owner == context) {
            return &contexts[i];
        }
        if (contexts[i].owner == NULL && unused == NULL) {
            unused = &contexts[i];
        }
    }
    ASSERT(unused != NULL, "host: too many threads", context, NULL);
    unused->owner = context;
    return unused;
}

static void first_function(void)
{
    const struct host_thread *host = context_for(&_kernel.current->context);

    finish_switch(NULL);
    arch_irq_unlock(0);
    host->entry(host->arguments[0], host->arguments[1], host->arguments[2]);
    thread_exit();
}

void arch_context_init(struct arch_context *context, char *stack, size_t stack_bytes,
                       void (*entry)(void *, void *, void *), void *p1, void *p2, void *p3)
{
    struct host_thread *host = context_for(context);
    ucontext_t *registers = &host->registers;

    host->entry = entry;
    host->arguments[0] = p1;
    host->arguments[1] = p2;
    host->arguments[2] = p3;
    (void)getcontext(registers);
    registers->uc_stack.ss_sp = stack;
    registers->uc_stack.ss_size = stack_bytes;
    registers->uc_link = NULL;
    makecontext(registers, first_function, 0);
    *context = (struct arch_context){
        .registers = registers, .stack_bottom = stack, .stack_bytes = stack_bytes};
}

_Noreturn void arch_start_first(void)
{
    void *boot_stack;

    _kernel.current = _kernel.next;
    start_switch(&boot_stack, &_kernel.current->context);
    (void)swapcontext(&boot_context, _kernel.current->context.registers);
    abort();
}

static void switch_threads(void)
{
    struct k_thread *from = _kernel.current;
    struct k_thread *to = _kernel.next;
    ucontext_t dead;

    host_switch_requested = false;
    if (from == to) {
        return;
    }
    _kernel.current = to;
    _kernel.switch_count++;
    thread_usage_switched(from, to);
    if (from->context.registers == NULL) {
        /* The thread has ended; its frames are never used again. */
        start_switch(NULL, &to->context);
        (void)swapcontext(&dead, to->context.registers);
        abort();
    }
    start_switch(&from->context.sanitizer_stack, &to->context);
    (void)swapcontext(from->context.registers, to->context.registers);
    /* Running again: `from` is the current thread. */
    finish_switch(from->context.sanitizer_stack);
}

/* Not inlined: tests/explore looks for the frame of host_deliver() by counting. */
static __attribute__((noinline)) void run_handler(void (*handler)(void))
{
    host_isr_depth++;
    handler();
    host_isr_depth--;
}

static bool take_pending_line(void)
{
    uint32_t ready = pending_lines & enabled_lines;
    unsigned line;

    if (ready == 0) {
        return false;
    }
    line = (unsigned)__builtin_ctz(ready);
    pending_lines &= ~(UINT32_C(1) << line);
    run_handler(vectors[line]);
    return true;
}

void host_deliver(void)
{
    static bool in_hook;

    if (host_isr_depth != 0) {
        return;
    }
    if (host_unlock_hook != NULL && !in_hook) {
        in_hook = true;
        run_handler(host_unlock_hook);
        in_hook = false;
    }
    while (take_pending_line()) {
    }
    while (host_switch_requested && host_irq_locked == 0) {
        host_irq_locked = 1;
        switch_threads();
        host_irq_locked = 0;
    }
}

/* Straight to the next deadline; without one, tick by tick. */
static void pass_time(void)
{
    bool jump = IS_ENABLED(CONFIG_TICKLESS_KERNEL) && host_alarm_ticks <= INT64_MAX;

    timeout_announce(jump ? (uint32_t)MIN(host_alarm_ticks, (uint64_t)UINT32_MAX) : 1);
}

void arch_copy_words(void *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes);
}

void arch_idle(void)
{
    run_handler(pass_time);
    arch_irq_unlock(0);
}

static void pass_tick(void)
{
    timeout_announce(1);
}

bool arch_spin(void)
{
    if (host_isr_depth != 0 || host_irq_locked != 0) {
        return false;
    }
    run_handler(pass_tick);
    arch_irq_unlock(0);
    return true;
}

void arch_clock_start(void)
{
}

uint32_t arch_clock_cycles_locked(void)
{
    return 0;
}

static void check_line(unsigned irq)
{
    ASSERT(irq < HOST_IRQ_COUNT, "K6 interrupt line out of range (HOST_IRQ_COUNT)",
           (const void *)(uintptr_t)irq, NULL);
}

void arch_irq_connect(unsigned irq, unsigned priority, unsigned flags, void (*vector)(void))
{
    ARG_UNUSED(priority);
    ARG_UNUSED(flags);
    check_line(irq);
    vectors[irq] = vector;
}

void arch_irq_enable(unsigned irq)
{
    check_line(irq);
    enabled_lines |= UINT32_C(1) << irq;
    if (host_irq_locked == 0) {
        host_deliver();
    }
}

void arch_irq_disable(unsigned irq)
{
    check_line(irq);
    enabled_lines &= ~(UINT32_C(1) << irq);
}

int arch_irq_is_enabled(unsigned irq)
{
    check_line(irq);
    return (enabled_lines >> irq & 1) != 0;
}

void arch_irq_pend(unsigned irq)
{
    check_line(irq);
    pending_lines |= UINT32_C(1) << irq;
    if (host_irq_locked == 0) {
        host_deliver();
    }
}

void arch_irq_offload(void (*routine)(const void *), const void *parameter)
{
    host_isr_depth++;
    routine(parameter);
    host_isr_depth--;
    arch_irq_unlock(host_irq_locked);
}

void arch_esf_print(const struct arch_esf *esf)
{
    ARG_UNUSED(esf);
}

_Noreturn void arch_exit(int status)
{
    (void)fflush(stdout);
    exit(status & 0xff);
}
