/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What threads use: processor time with CONFIG_THREAD_RUNTIME_STATS, stack with CONFIG_INIT_STACKS.
 * Both are measured exactly; an interrupt's time counts to the thread that it interrupts. Without
 * the options nothing is done at a switch or at a creation.
 */
#pragma once

#include "thread.h"

typedef struct k_thread_runtime_stats {
    uint64_t execution_cycles; /* that it ran; of all: that have passed */
    uint64_t total_cycles;     /* the same; of all: those of the threads but idle */
    uint64_t idle_cycles;      /* of all: those of the idle thread; else 0 */
} k_thread_runtime_stats_t;

#ifdef CONFIG_THREAD_RUNTIME_STATS
/* Cycles that `thread` ran since its creation. 0, -EINVAL for NULL. Context: any. Bound: constant.
 */
int k_thread_runtime_stats_get(k_tid_t thread, k_thread_runtime_stats_t *stats);

/* The sums over all threads since boot. 0, -EINVAL for NULL. Context: any. Bound: constant. */
int k_thread_runtime_stats_all_get(k_thread_runtime_stats_t *stats);

/* Kernel-internal: the processor goes from one thread to another. Context: the switch. */
void thread_usage_switched(struct k_thread *from, struct k_thread *to);
#else
static inline void thread_usage_switched(struct k_thread *from, struct k_thread *to)
{
    ARG_UNUSED(from);
    ARG_UNUSED(to);
}
#endif

#ifdef CONFIG_INIT_STACKS
/*
 * Stores the bytes at the bottom of the thread's stack that it has never used. 0, -EINVAL for NULL.
 * Context: any. Bound: linear in those bytes, interrupts open; the creation of a thread fills its
 * stack with interrupts locked.
 */
int k_thread_stack_space_get(const struct k_thread *thread, size_t *unused_bytes);

/* Kernel-internal: marks what has not been used. */
void thread_stack_fill(char *stack, size_t bytes);
#else
static inline void thread_stack_fill(char *stack, size_t bytes)
{
    ARG_UNUSED(stack);
    ARG_UNUSED(bytes);
}
#endif
