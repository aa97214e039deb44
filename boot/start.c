/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to the kernel, once: stack limit, memory, vectors, faults, the board, then
 * kernel_start(). */
#include "start.h"

#include <string.h>

#include "../kernel/arch/cortex_m/exception.h"
#include "../kernel/init.h"
#include "board.h"
#include "join.h"

/* From linker/sections.ld. */
extern char __data_start[];
extern char __data_end[];
extern const char __data_load[];
extern char __bss_start[];
extern char __bss_end[];
extern char __isr_stack_start[];

static void init_memory(void)
{
    memcpy(__data_start, __data_load, (size_t)(__data_end - __data_start));
    memset(__bss_start, 0, (size_t)(__bss_end - __bss_start));
}

_Noreturn void reset_handler(void)
{
#ifdef CONFIG_CPU_HAS_STACK_LIMIT
    __set_MSPLIM((uint32_t)(uintptr_t)__isr_stack_start);
#endif
    init_memory();
    cortex_m_vectors_init(&boot_vectors);
    cortex_m_faults_init();
    cortex_m_mpu_init(&boot_vectors);
    boot_join_early();
    kernel_start();
}
