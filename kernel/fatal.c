/* SPDX-License-Identifier: Apache-2.0 */
#include "fatal.h"

#include "irq.h"
#include "printk.h"
#include "sched.h"

static const char *const reason_words[] = {
    [K_ERR_CPU_EXCEPTION] = "processor fault", [K_ERR_SPURIOUS_IRQ] = "interrupt without a handler",
    [K_ERR_STACK_CHK_FAIL] = "stack overflow", [K_ERR_KERNEL_OOPS] = "kernel oops",
    [K_ERR_KERNEL_PANIC] = "kernel panic",
};

static const char *failed_check; /* between a failed check and the end of its handling */

const char *k_fatal_check_text(void)
{
    return failed_check;
}

static const char *current_name(void)
{
    const char *name = k_thread_name_get(_kernel.current);

    return name == NULL || name[0] == '\0' ? "unnamed" : name;
}

__weak void k_sys_fatal_error_handler(unsigned reason, const struct arch_esf *esf)
{
    ARG_UNUSED(esf);
    k_fatal_halt(reason);
}

_Noreturn void k_fatal_halt(unsigned reason)
{
    (void)irq_lock();
    printk_urgent();
    printk("halted: %s\n", reason < ARRAY_SIZE(reason_words) ? reason_words[reason] : "unknown");
    if (IS_ENABLED(CONFIG_COREDUMP)) {
        arch_coredump();
    }
    arch_exit(1);
}

static void report(unsigned reason, const struct arch_esf *esf, bool thread_is_to_blame)
{
    bool pre_kernel = k_is_pre_kernel();
    const char *where = pre_kernel           ? "boot"
                        : thread_is_to_blame ? "thread"
                                             : "an interrupt over thread";

    printk_urgent();
    printk("fatal: %s in %s '%s' (%p)\n",
           reason < ARRAY_SIZE(reason_words) ? reason_words[reason] : "unknown", where,
           pre_kernel ? "-" : current_name(), (void *)_kernel.current);
    arch_esf_print(esf);
}

void fatal_error(unsigned reason, const struct arch_esf *esf, bool thread_is_to_blame)
{
    report(reason, esf, thread_is_to_blame);
    k_sys_fatal_error_handler(reason, esf);
    failed_check = NULL;
    if (!thread_is_to_blame || k_is_pre_kernel() || (_kernel.current->options & K_ESSENTIAL) != 0) {
        k_fatal_halt(reason);
    }
    k_thread_abort(_kernel.current);
}

_Noreturn void fatal_stop(unsigned reason)
{
    fatal_error(reason, NULL, !k_is_in_isr());
    k_fatal_halt(reason);
}

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    printk("broken invariant: %s; object %p, item %p\n", invariant, object, item);
    failed_check = invariant;
    fatal_stop(K_ERR_KERNEL_PANIC);
}

void assert_print(const char *file, int line, const char *test, const char *format, ...)
{
    va_list args;

    printk("assertion failed: %s at %s:%d\n", test, file, line);
    va_start(args, format);
    vprintk(format, args);
    va_end(args);
    printk("\n");
    failed_check = test;
}

_Noreturn void sys_exit(int status)
{
    (void)irq_lock();
    printk_urgent();
    arch_exit(status);
}
