/* SPDX-License-Identifier: Apache-2.0 */
/* The C library asks __errno() where errno is (newlib's hook); here it is the thread's. */
#include "sched.h"

#ifdef CONFIG_ERRNO

#include "irq.h"

int *__errno(void);
int *__errno(void)
{
    static int of_interrupts;

    return k_is_in_isr() ? &of_interrupts : &_kernel.current->extras.error.value;
}

#endif
