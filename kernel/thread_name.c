/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "../lib/errno.h"
#include "printk.h"
#include "sched.h"

int k_thread_name_set(k_tid_t thread, const char *name)
{
#ifdef CONFIG_THREAD_NAME
    struct k_thread *target = thread == NULL ? _kernel.current : thread;

    (void)snprintk(target->name, sizeof(target->name), "%s", name);
#else
    ARG_UNUSED(thread);
    ARG_UNUSED(name);
#endif
    return 0;
}

const char *k_thread_name_get(k_tid_t thread)
{
#ifdef CONFIG_THREAD_NAME
    return thread->name;
#else
    ARG_UNUSED(thread);
    return NULL;
#endif
}

int k_thread_name_copy(k_tid_t thread, char *buffer, size_t buffer_bytes)
{
    const char *name;

    if (thread == NULL) {
        return -EINVAL;
    }
    name = k_thread_name_get(thread);
    if (name == NULL) {
        return -ENOSYS;
    }
    if (strlen(name) >= buffer_bytes) {
        return -ENOSPC;
    }
    memcpy(buffer, name, strlen(name) + 1);
    return 0;
}

static const struct {
    uint8_t state;
    const char *word;
} state_words[] = {
    {THREAD_DUMMY, "dummy"}, {THREAD_PENDING, "pending"},     {THREAD_SLEEPING, "sleeping"},
    {THREAD_DEAD, "dead"},   {THREAD_SUSPENDED, "suspended"}, {THREAD_QUEUED, "queued"},
};

const char *k_thread_state_str(k_tid_t thread, char *buffer, size_t buffer_bytes)
{
    size_t used = 0;

    if (buffer_bytes == 0) {
        return "";
    }
    buffer[0] = '\0';
    for (unsigned i = 0; i < ARRAY_SIZE(state_words); i++) {
        if ((thread->state & state_words[i].state) != 0 && used < buffer_bytes) {
            used += (size_t)snprintk(buffer + used, buffer_bytes - used, "%s%s",
                                     used == 0 ? "" : "+", state_words[i].word);
        }
    }
    return buffer;
}
