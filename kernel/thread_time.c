/* SPDX-License-Identifier: Apache-2.0 */
#include "thread_usage.h"

#ifdef CONFIG_THREAD_RUNTIME_STATS

#include "../lib/errno.h"
#include "cycles.h"
#include "irq.h"
#include "sched.h"

/* Protected by the interrupt lock. */
static struct {
    uint64_t since; /* when the running thread was switched to, or this was last looked at */
    uint64_t idle;
    uint64_t busy;
} usage;

/* Accounts the time up to now to the thread that runs. */
static void account_locked(struct k_thread *running)
{
    uint64_t now = k_cycle_get_64();
    uint64_t passed = now - usage.since;

    usage.since = now;
    running->extras.time.cycles += passed;
    if (running->priority == K_IDLE_PRIO) {
        usage.idle += passed;
    } else {
        usage.busy += passed;
    }
}

void thread_usage_switched(struct k_thread *from, struct k_thread *to)
{
    ARG_UNUSED(to);
    account_locked(from);
}

int k_thread_runtime_stats_get(k_tid_t thread, k_thread_runtime_stats_t *stats)
{
    unsigned key;

    if (thread == NULL || stats == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    account_locked(_kernel.current);
    *stats = (k_thread_runtime_stats_t){.execution_cycles = thread->extras.time.cycles,
                                        .total_cycles = thread->extras.time.cycles};
    irq_unlock(key);
    return 0;
}

int k_thread_runtime_stats_all_get(k_thread_runtime_stats_t *stats)
{
    unsigned key;

    if (stats == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    account_locked(_kernel.current);
    *stats = (k_thread_runtime_stats_t){.execution_cycles = usage.busy + usage.idle,
                                        .total_cycles = usage.busy,
                                        .idle_cycles = usage.idle};
    irq_unlock(key);
    return 0;
}

#endif
