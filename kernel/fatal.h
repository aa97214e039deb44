/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the road: broken invariants, faults, panics. */
#pragma once

#include "../lib/assert.h"

enum k_fatal_error_reason {
    K_ERR_CPU_EXCEPTION,  /* a fault of the processor */
    K_ERR_SPURIOUS_IRQ,   /* an interrupt without a handler */
    K_ERR_STACK_CHK_FAIL, /* a stack limit was crossed */
    K_ERR_KERNEL_OOPS,    /* k_oops: the thread cannot go on */
    K_ERR_KERNEL_PANIC,   /* k_panic, a broken invariant: the kernel cannot go on */
};

struct arch_esf;

/*
 * What to do after a fatal error was printed. The default calls k_fatal_halt. A program may define
 * its own; if that returns, the current thread is aborted, and the kernel halts if it is essential
 * or an interrupt was running.
 */
void k_sys_fatal_error_handler(unsigned reason, const struct arch_esf *esf);

/*
 * The text of the invariant or __ASSERT that failed, which begins with an invariant's number; NULL
 * when the error is of another kind. Context: k_sys_fatal_error_handler.
 */
const char *k_fatal_check_text(void);

/* Ends the program with exit status 1 (QEMU, PC) or stops for ever (board). Context: any. */
_Noreturn void k_fatal_halt(unsigned reason);

/*
 * Prints reason, thread and frame, then calls k_sys_fatal_error_handler. If that returns, the
 * current thread is aborted when it is to blame and not essential; otherwise the kernel halts.
 * Returns only in a handler. Context: any.
 */
void fatal_error(unsigned reason, const struct arch_esf *esf, bool thread_is_to_blame);

/* Stops the calling thread in thread context, the kernel elsewhere. Does not return. */
_Noreturn void fatal_stop(unsigned reason);
#define k_oops()  fatal_stop(K_ERR_KERNEL_OOPS)
#define k_panic() fatal_stop(K_ERR_KERNEL_PANIC)

/* Zephyr's assertions: compiled in with CONFIG_ASSERT=y, a text with printk's conversions. */
void assert_print(const char *file, int line, const char *test, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#ifdef CONFIG_ASSERT
#define __ASSERT(test, ...)                                                                        \
    do {                                                                                           \
        if (!(test)) {                                                                             \
            assert_print(__FILE__, __LINE__, #test, __VA_ARGS__);                                  \
            k_panic();                                                                             \
        }                                                                                          \
    } while (0)
#else
#define __ASSERT(test, ...)                                                                        \
    do {                                                                                           \
        if (0) {                                                                                   \
            (void)(test);                                                                          \
        }                                                                                          \
    } while (0)
#endif
#define __ASSERT_NO_MSG(test) __ASSERT(test, "%s", "")

/* Ends the program with `status`, as k_fatal_halt does with 1. Context: any. */
_Noreturn void sys_exit(int status);
