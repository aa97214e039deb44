/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where debuggers find the threads: the symbols and the order of offsets that OpenOCD's and pyOCD's
 * Zephyr support read (OpenOCD 0.12 src/rtos/zephyr.c, pyOCD 0.36 pyocd/rtos/zephyr.py). Constant
 * data that nothing in the image refers to; it costs no time and is in every build.
 */
#include "../../sched.h"

/* The offset of something that there is not. */
#define NONE UINT32_MAX

/* Version 1 has 13 entries. Both read u32 pointers, a u8 state and options, and an s8 priority. */
#define VERSION 1

#ifdef CONFIG_THREAD_NAME
#define NAME_OFFSET offsetof(struct k_thread, name)
#else
#define NAME_OFFSET NONE
#endif

/* Nothing refers to them: linker/sections.ld keeps this section. */
#define FOR_DEBUGGERS __in_section(".rodata.for_debuggers") __used

extern const uint32_t _kernel_thread_info_offsets[];
extern const uint32_t _kernel_thread_info_num_offsets;
extern const uint8_t _kernel_thread_info_size_t_size;

FOR_DEBUGGERS const uint32_t _kernel_thread_info_offsets[] = {
    VERSION,
    offsetof(struct kernel, current),
    offsetof(struct kernel, threads),
    offsetof(struct k_thread, entry),
    offsetof(struct k_thread, next_thread),
    offsetof(struct k_thread, state),
    offsetof(struct k_thread, options),
    offsetof(struct k_thread, priority),
    /* r4 to r11 are expected in the 32 bytes below this one. */
    offsetof(struct k_thread, context.psp),
    NAME_OFFSET,
    offsetof(struct k_thread, context),
    /* To OpenOCD a floating-point frame is all threads' or none's. None's: switch.S keeps those
     * registers below the basic frame, so that it looks the same for all. */
    NONE,
    NONE,
};
FOR_DEBUGGERS const uint32_t _kernel_thread_info_num_offsets =
    ARRAY_SIZE(_kernel_thread_info_offsets);
FOR_DEBUGGERS const uint8_t _kernel_thread_info_size_t_size = sizeof(size_t);

BUILD_ASSERT(offsetof(struct k_thread, context.psp) ==
                 offsetof(struct k_thread, context.r4_r11) + 32,
             "debuggers read r4 to r11 directly below the stack pointer");
