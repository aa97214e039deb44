/* SPDX-License-Identifier: Apache-2.0 */
/* What runs between reset and main(), in order of level and priority. */
#pragma once

#include "../lib/section.h"

/* EARLY: no kernel object is ready; PRE_KERNEL: before the scheduler; POST_KERNEL, APPLICATION: in
 * the main thread. */
enum init_level {
    INIT_LEVEL_EARLY,
    INIT_LEVEL_PRE_KERNEL_1,
    INIT_LEVEL_PRE_KERNEL_2,
    INIT_LEVEL_POST_KERNEL,
    INIT_LEVEL_APPLICATION,
};

struct init_entry {
    int (*init)(void);
    uint8_t level;
    uint8_t priority;
};

#define CONFIG_KERNEL_INIT_PRIORITY_OBJECTS 30
#define CONFIG_KERNEL_INIT_PRIORITY_DEFAULT 40
#define CONFIG_KERNEL_INIT_PRIORITY_DEVICE  50
#define CONFIG_APPLICATION_INIT_PRIORITY    90

/* Calls int init_fn(void) at `level` (a word of enum init_level), smaller `prio` (0 to 99) first.
 */
#define SYS_INIT(init_fn, level_word, prio)                                                        \
    BUILD_ASSERT((prio) >= 0 && (prio) <= 99, "SYS_INIT priority must be 0 to 99");                \
    const STRUCT_SECTION_ITERABLE(init_entry, CONCAT(init_entry_, init_fn)) = {                    \
        (init_fn), CONCAT(INIT_LEVEL_, level_word), (prio)}

/* Runs the init levels, makes the main and idle threads and starts the first. Context: the boot
 * stack, once. */
_Noreturn void kernel_start(void);
