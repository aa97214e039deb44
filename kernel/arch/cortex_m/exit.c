/* SPDX-License-Identifier: Apache-2.0 */
#include "../../arch.h"

#ifdef CONFIG_SEMIHOST
/* Arm semihosting 2.0, SYS_EXIT_EXTENDED: {reason, status}; the reason is
 * ADP_Stopped_ApplicationExit. */
#define SYS_EXIT_EXTENDED            0x20u
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

static void semihost_exit(int status)
{
    const uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status};
    register uint32_t operation __asm__("r0") = SYS_EXIT_EXTENDED;
    register const uint32_t *parameter __asm__("r1") = block;

    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(parameter) : "memory");
}
#endif

_Noreturn void arch_exit(int status)
{
#ifdef CONFIG_SEMIHOST
    semihost_exit(status);
#else
    ARG_UNUSED(status);
#endif
    for (;;) {
        __WFI();
    }
}
