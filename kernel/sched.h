/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: who runs. Everything here is called with interrupts locked.
 *
 * Functions that may change who should run return `enum consequence`; only reschedule() turns that
 * into a switch, so "who can cause a switch" is one search.
 */
#pragma once

#include "thread.h"

enum consequence {
    KEEP_RUNNING,
    SWITCH_NEEDED,
};

/* At most 32: the ready bitmap is one word. */
#define PRIORITY_COUNT (CONFIG_NUM_COOP_PRIORITIES + CONFIG_NUM_PREEMPT_PRIORITIES + 1)

/*
 * The switch code knows where `current`, `next` and `switch_count` are (KERNEL_CURRENT_OFFSET);
 * debuggers find theirs through offset tables. Invariant S3: `next` is the head of the most urgent
 * ring, unless `current` keeps the processor.
 */
struct kernel {
    struct k_thread *ready[PRIORITY_COUNT]; /* rings of ready threads, the running one included */
    uint32_t ready_map;                     /* bit 31 - i: ready[i] is not empty */
    struct k_thread *current;
    struct k_thread *next; /* who should run; differs from current until the switch has happened */
    uint32_t switch_count;
    struct k_thread *threads; /* all that are alive */
    bool started;
};

extern struct kernel _kernel;

/* For a consequence that a later one in the same locked section, which comes from the same state,
 * replaces. */
static inline void superseded(enum consequence consequence)
{
    ARG_UNUSED(consequence);
}

static inline enum consequence consequence_now(void)
{
    return _kernel.next == _kernel.current ? KEEP_RUNNING : SWITCH_NEEDED;
}

static inline bool thread_is_ready(const struct k_thread *thread)
{
    return (thread->state & ~THREAD_QUEUED) == 0;
}

/* Recomputes _kernel.next. */
enum consequence choose_next_locked(void) __must_check;

/* Before everything else: nobody runs. */
void sched_init(void);

/* Clears `reason` from the state; a thread without reasons left becomes ready behind its equals. */
enum consequence thread_unblock_locked(struct k_thread *thread, unsigned reason) __must_check;

/* Adds `reason` to the state; the thread leaves the ready list. */
enum consequence thread_block_locked(struct k_thread *thread, unsigned reason) __must_check;

/*
 * The caller waits in `wait_q` for at most `timeout` (not K_NO_WAIT) and leaves `request` for
 * whoever serves it; may be NULL. Unlocks with `key` when it goes on. Returns the waker's result,
 * -EAGAIN after the deadline.
 */
int pend_current(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout);

/* The same; at the deadline `expired` is called, which calls wait_expired. */
int pend_current_until(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout,
                       void (*expired)(struct timeout *));

/* Ends the wait of the thread whose timeout this is. Context: locked, the clock's interrupt. */
void wait_expired(struct timeout *timeout);

/* Ends the sleep of the thread whose timeout this is. Context: locked, the clock's interrupt. */
void sleep_expired(struct timeout *timeout);

/* Ends the wait of `thread` with `result`. */
enum consequence unpend_locked(struct k_thread *thread, int result) __must_check;

/* Puts `thread` behind its equals in `wait_q`. Bound: linear in the different priorities there. */
void wait_queue_insert_locked(_wait_q_t *wait_q, struct k_thread *thread);

/* Takes `thread` out of `wait_q`, in which it is. Bound: as wait_queue_insert_locked. */
void wait_queue_remove_any_locked(_wait_q_t *wait_q, struct k_thread *thread);

/* The same, quick for the one that waits alone. */
static inline void wait_queue_remove_locked(_wait_q_t *wait_q, struct k_thread *thread)
{
    if (thread->ring_next == thread) {
        wait_q->head = NULL;
    } else {
        wait_queue_remove_any_locked(wait_q, thread);
    }
}

static inline void thread_set_threshold(struct k_thread *thread)
{
    bool keeps_processor = thread->priority < 0 || thread->sched_lock_depth != 0;

    thread->threshold = keeps_processor ? 0 : thread->ring;
}

/* Sets the priority of a thread that is in no ring, and what follows from it. */
static inline void thread_set_priority(struct k_thread *thread, int8_t priority)
{
    thread->priority = priority;
    thread->ring = (uint8_t)(priority + CONFIG_NUM_COOP_PRIORITIES);
    thread->ring_bit = (UINT32_C(1) << 31) >> thread->ring;
    thread_set_threshold(thread);
}

/* Holds the scheduler for the running thread, or one time less. Context: locked. */
void sched_hold_locked(void);
void sched_let_go_locked(void);

/* Called with each thread that has moved in its wait queue; NULL until there are queues in which
 * that matters. */
extern void (*sched_waiter_moved)(const struct k_thread *waiter);

/* Gives `thread` this priority and moves it behind its equals; the caller chooses the next thread.
 */
void thread_requeue_locked(struct k_thread *thread, int8_t priority);

/* Unlocks; a needed switch happens now, or when the interrupt or the outer lock ends. */
static inline void reschedule(enum consequence consequence, unsigned key)
{
    if (consequence == SWITCH_NEEDED) {
        arch_switch(key);
    } else {
        arch_irq_restore(key);
    }
}

/* unpend_locked of the first waiter (there is one) with the result 0, then reschedule. */
void unpend_first_and_reschedule(_wait_q_t *wait_q, unsigned key);

/* `thread`, of which nothing keeps it from running, becomes ready; then choose_next_locked and
 * reschedule. */
void append_choose_and_reschedule(struct k_thread *thread, unsigned key);

/* True when the caller must not wait: in an interrupt or before the first thread. */
static inline bool cannot_wait(void)
{
    return arch_in_isr() || !_kernel.started;
}

/* The running thread's object may be used again before the switch away from it: the switch must not
 * store into it. */
extern struct k_thread sched_nobody;
static inline void sched_forget_current_locked(void)
{
    _kernel.current = &sched_nobody;
}

static inline bool priority_is_valid(int priority)
{
    return priority >= K_HIGHEST_THREAD_PRIO && priority <= K_LOWEST_APPLICATION_THREAD_PRIO;
}

#define THREAD_ALIVE(thread) ((uintptr_t)(thread) ^ (uintptr_t)0x7ead11fe)

static inline bool thread_is_alive(const struct k_thread *thread)
{
    return thread->alive == THREAD_ALIVE(thread);
}

/* In `options`, beside the user's: it has begun to end and is not suspended any more. */
#define THREAD_ENDING BIT(7)

/* The end of the running thread. Context: thread. */
_Noreturn void thread_exit(void);

/* The idle thread. Its priority is its own. */
_Noreturn void idle_entry(void *p1, void *p2, void *p3);
