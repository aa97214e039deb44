/* SPDX-License-Identifier: Apache-2.0 */
#include "thread_usage.h"

#ifdef CONFIG_INIT_STACKS

#include <string.h>

#include "../lib/errno.h"

/* Zephyr's value, which debuggers look for, too. */
#define UNUSED_BYTE 0xaa

/* The bottom that an MPU guards is never used and must not be read. */
#define GUARD_BYTES (IS_ENABLED(CONFIG_MPU_STACK_GUARD) ? 2 * ARCH_STACK_ALIGN : 0)

void thread_stack_fill(char *stack, size_t bytes)
{
    memset(stack, UNUSED_BYTE, bytes);
}

/* A PC's sanitizer guards the frames on the stack; this looks at all of it. */
__attribute__((no_sanitize("address"))) static size_t count_unused(const char *bottom,
                                                                   const char *top)
{
    const char *used = bottom;

    while (used < top && (uint8_t)*used == UNUSED_BYTE) {
        used++;
    }
    return (size_t)(used - bottom);
}

int k_thread_stack_space_get(const struct k_thread *thread, size_t *unused_bytes)
{
    if (thread == NULL || unused_bytes == NULL) {
        return -EINVAL;
    }
    *unused_bytes = count_unused(thread->stack + GUARD_BYTES, thread->stack + thread->stack_bytes);
    return 0;
}

#endif
