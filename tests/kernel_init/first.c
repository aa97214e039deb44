/* SPDX-License-Identifier: Apache-2.0 */
/* An interrupt that is pending when the first thread is entered comes before its first instruction. */
#include <zephyr/init.h>
#include <zephyr/irq.h>

#include "../../kernel/arch.h"
#include "../ztest/ztest.h"

#define LINE 5

static volatile unsigned taken;

static void isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    taken++;
}

static unsigned taken_before_the_kernel;

static int pend_early(void)
{
    (void)irq_lock(); /* the first thread begins unlocked */
    IRQ_CONNECT(LINE, 2, isr, NULL, 0);
    irq_enable(LINE);
    arch_irq_pend(LINE);
    taken_before_the_kernel = taken;
    return 0;
}
SYS_INIT(pend_early, PRE_KERNEL_2, 99);

ZTEST(init, first_thread_keeps_its_arguments)
{
    zassert_equal(taken_before_the_kernel, 0u);
    zassert_equal(taken, 1u, "it was taken, and main() was called all the same");
}
