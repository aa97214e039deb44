/* SPDX-License-Identifier: Apache-2.0 */
#include "thread.h"

#include <string.h>

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "fatal.h"
#include "inherit.h"
#include "irq.h"
#include "sched.h"
#include "thread_usage.h"

/* Room for the first exception frame and a call or two. */
#define STACK_MIN_BYTES 128

/* Rounded up: the members behind it are set anyway. */
#define CLEARED_FROM offsetof(struct k_thread, ring_next)
#define CLEARED_TO   offsetof(struct k_thread, next_thread)
BUILD_ASSERT(ROUND_UP(CLEARED_TO - CLEARED_FROM, sizeof(uintptr_t[4])) -
                     (CLEARED_TO - CLEARED_FROM) <=
                 sizeof(uintptr_t[3]),
             "what is cleared beyond the end is set later: next_thread, prev_thread, alive");

void thread_entry(k_thread_entry_t entry, void *p1, void *p2, void *p3)
{
    entry(p1, p2, p3);
    k_thread_abort(_kernel.current);
    k_panic();
}

static void list_add(struct k_thread *thread)
{
    thread->next_thread = _kernel.threads;
    thread->prev_thread = NULL;
    if (_kernel.threads != NULL) {
        _kernel.threads->prev_thread = thread;
    }
    _kernel.threads = thread;
    thread->alive = THREAD_ALIVE(thread);
}

static void list_remove(struct k_thread *thread)
{
    struct k_thread *next = thread->next_thread;
    struct k_thread *prev = thread->prev_thread;

    if (prev == NULL) {
        _kernel.threads = next;
    } else {
        prev->next_thread = next;
    }
    if (next != NULL) {
        next->prev_thread = prev;
    }
    thread->alive = 0;
}

struct four_words {
    uintptr_t words[4];
};

/* What the kernel keeps of a thread begins as zeros. By four words, because the C library for small
 * code clears byte by byte. */
static void clear_members(struct k_thread *thread)
{
    struct four_words *at = (struct four_words *)(void *)((char *)thread + CLEARED_FROM);
    const struct four_words *end = (struct four_words *)(void *)((char *)thread + CLEARED_TO);

    for (; at < end; at++) {
        *at = (struct four_words){{0}};
        __asm__ volatile("" ::: "memory"); /* lest the compiler call memset */
    }
}

/* Nobody else knows the thread yet: not locked, because stacks can be long. */
static void prepare(struct k_thread *thread, const struct thread_params *params)
{
    ASSERT(params->stack_bytes >= STACK_MIN_BYTES, "K1 thread stack too small", thread,
           params->stack);
    ASSERT(!thread_is_alive(thread), "K1 thread object is in use by a living thread", thread, NULL);
    clear_members(thread);
    thread->state = THREAD_DEAD; /* to an interrupt that still knows it from its last life */
    thread_set_priority(thread, (int8_t)params->priority);
    thread->base_priority = (int8_t)params->priority;
    thread->options = (uint8_t)params->options;
    thread->entry = params->entry;
    thread->stack = params->stack;
    thread->stack_bytes = params->stack_bytes;
#ifdef CONFIG_THREAD_NAME
    thread->name[0] = '\0';
#endif
    thread_stack_fill(params->stack, params->stack_bytes);
    arch_thread_init(thread, params);
}

void thread_create(struct k_thread *thread, const struct thread_params *params, k_timeout_t delay)
{
    enum consequence consequence = KEEP_RUNNING;
    unsigned key;

    prepare(thread, params);
    key = irq_lock();
    ASSERT(!thread_is_alive(thread), "K1 thread object is in use by a living thread", thread, NULL);
    list_add(thread);
    thread->state = THREAD_SLEEPING;
    if (K_TIMEOUT_EQ(delay, K_NO_WAIT)) {
        consequence = thread_unblock_locked(thread, THREAD_SLEEPING);
    } else if (!K_TIMEOUT_EQ(delay, K_FOREVER)) {
        timeout_start_locked(&thread->timeout, delay, sleep_expired);
    }
    reschedule(consequence, key);
}

k_tid_t k_thread_create(struct k_thread *thread, k_thread_stack_t *stack, size_t stack_bytes,
                        k_thread_entry_t entry, void *p1, void *p2, void *p3, int priority,
                        uint32_t options, k_timeout_t delay)
{
    const struct thread_params params = {entry, p1, p2, p3, stack, stack_bytes, priority, options};

    ASSERT(priority_is_valid(priority), "K1 thread priority out of range", thread, NULL);
    thread_create(thread, &params, delay);
    return thread;
}

void k_wakeup(k_tid_t thread)
{
    enum consequence consequence = KEEP_RUNNING;
    unsigned key = irq_lock();

    if ((thread->state & THREAD_SLEEPING) != 0) {
        (void)timeout_stop_locked(&thread->timeout);
        consequence = thread_unblock_locked(thread, THREAD_SLEEPING);
    }
    reschedule(consequence, key);
}

void k_thread_start(k_tid_t thread)
{
    k_wakeup(thread);
}

/* Sleeps; returns the ticks that were left when k_wakeup ended it. */
static k_ticks_t sleep_ticks(k_timeout_t timeout)
{
    k_timepoint_t end = sys_timepoint_calc(timeout);
    unsigned key = irq_lock();
    struct k_thread *current = _kernel.current;
    enum consequence consequence = thread_block_locked(current, THREAD_SLEEPING);

    if (!K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        timeout_start_locked(&current->timeout, timeout, sleep_expired);
    }
    reschedule(consequence, 0);
    if (key != 0) {
        (void)irq_lock();
    }
    return sys_timepoint_timeout(end).ticks;
}

static k_ticks_t sleep_or_yield(k_timeout_t timeout)
{
    ASSERT(!cannot_wait(), "K3 sleep in an interrupt or before the scheduler", _kernel.current,
           NULL);
    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        k_yield();
        return 0;
    }
    return sleep_ticks(timeout);
}

int32_t k_sleep(k_timeout_t timeout)
{
    k_ticks_t left = sleep_or_yield(timeout);

    if (K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        return -1;
    }
    return (int32_t)MIN(k_ticks_to_ms_ceil64((uint64_t)left), (uint64_t)INT32_MAX);
}

int32_t k_usleep(int32_t us)
{
    k_ticks_t left = sleep_or_yield(K_USEC(us));

    return (int32_t)MIN(k_ticks_to_us_ceil64((uint64_t)left), (uint64_t)INT32_MAX);
}

void k_thread_suspend(k_tid_t thread)
{
    enum consequence consequence = KEEP_RUNNING;
    unsigned key = irq_lock();
    bool self = thread == _kernel.current && !k_is_in_isr();

    if ((thread->state & (THREAD_DEAD | THREAD_SUSPENDED)) == 0) {
        consequence = thread_block_locked(thread, THREAD_SUSPENDED);
    }
    reschedule(consequence, self ? 0 : key);
    if (self && key != 0) {
        (void)irq_lock();
    }
}

void k_thread_resume(k_tid_t thread)
{
    enum consequence consequence = KEEP_RUNNING;
    unsigned key = irq_lock();

    if ((thread->state & THREAD_SUSPENDED) != 0) {
        consequence = thread_unblock_locked(thread, THREAD_SUSPENDED);
    }
    reschedule(consequence, key);
}

/* Takes `thread` out of everything it is in. What was handed to it goes back, which may ready
 * others; the caller chooses the next thread. */
static void thread_end_locked(struct k_thread *thread)
{
    struct grant *request = thread->request;
    struct k_thread *owner = request == &mutex_wait ? mutex_owner_awaited_locked(thread) : NULL;

    if (thread->pended_on != NULL) {
        wait_queue_remove_locked(thread->pended_on, thread);
        thread->pended_on = NULL;
        thread->wait_result = -ECANCELED; /* nothing was handed to it */
    }
    (void)timeout_stop_locked(&thread->timeout);
    list_remove(thread);
    thread->request = NULL;
    if (thread == _kernel.current) {
        sched_forget_current_locked();
    }
    superseded(thread_block_locked(thread, THREAD_DEAD));
    thread->state = THREAD_DEAD;
    if (wait_queue_head_locked(&thread->joiners) != NULL) {
        superseded(unpend_all_locked(&thread->joiners, 0));
    }
    if (request != NULL) {
        request->undo(request);
    }
    if (thread->owned != NULL) {
        mutexes_abandon_locked(thread);
    }
    if (owner != NULL) {
        inherit_locked(owner);
    }
}

void k_thread_abort(k_tid_t thread)
{
    unsigned key = irq_lock();
    bool self = thread == _kernel.current && !k_is_in_isr();

    if (!thread_is_alive(thread)) {
        arch_irq_restore(key);
        return;
    }
    ASSERT((thread->options & K_ESSENTIAL) == 0, "K2 an essential thread ended", thread, NULL);
    thread_end_locked(thread);
    reschedule(choose_next_locked(), self ? 0 : key);
}

/* True when `thread` waits for `target` to end. */
static bool joins_locked(const struct k_thread *thread, const struct k_thread *target)
{
    return thread->pended_on == &target->joiners;
}

int k_thread_join(struct k_thread *thread, k_timeout_t timeout)
{
    unsigned key = irq_lock();
    int result = 0;

    if (!thread_is_alive(thread)) {
        result = 0;
    } else if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        result = -EBUSY;
    } else if (thread == _kernel.current || joins_locked(thread, _kernel.current)) {
        result = -EDEADLK;
    } else {
        ASSERT(!cannot_wait(), "K3 join with a wait in an interrupt", thread, NULL);
        return pend_current(key, &thread->joiners, NULL, timeout);
    }
    arch_irq_restore(key);
    return result;
}

int k_thread_priority_get(k_tid_t thread)
{
    return thread->priority;
}

k_ticks_t k_thread_timeout_remaining_ticks(const struct k_thread *thread)
{
    unsigned key = irq_lock();
    k_ticks_t remaining = timeout_remaining_locked(&thread->timeout);

    irq_unlock(key);
    return remaining;
}

void k_thread_foreach(k_thread_user_cb_t visit, void *data)
{
    unsigned key = irq_lock();

    for (const struct k_thread *thread = _kernel.threads; thread != NULL;
         thread = thread->next_thread) {
        visit(thread, data);
    }
    irq_unlock(key);
}
