/* SPDX-License-Identifier: Apache-2.0 */
#include "thread.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "fatal.h"
#include "inherit.h"
#include "init.h"
#include "irq.h"
#include "object.h"
#include "ready_set.h"
#include "sched.h"
#include "thread_usage.h"
#include "wheel.h"

/* Room for the first exception frame and a call or two. */
#define STACK_MIN_BYTES 128

static inline void list_add(struct k_thread *thread)
{
    struct k_thread *next = _kernel.threads;

    thread->next_thread = next;
    thread->prev_thread = NULL;
    if (next != NULL) {
        next->prev_thread = thread;
    }
    _kernel.threads = thread;
    thread->alive = THREAD_ALIVE(thread);
}

static inline void list_remove(struct k_thread *thread)
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

/* What must be so when a thread begins: nothing is waited for, held, or owned. Nobody else knows
 * the thread yet, so interrupts are not locked. To an interrupt that knows it from its last life it
 * is still dead. */
static ALWAYS_INLINE void set_up(struct k_thread *thread, k_thread_stack_t *stack,
                                 size_t stack_bytes, k_thread_entry_t entry, int priority,
                                 uint32_t options)
{
    thread->pended_on = NULL;
    thread->request = NULL;
    thread->joiners.head = NULL;
    thread->owned = NULL;
    thread->timeout.node.next = NULL;
    thread->options = (uint8_t)options;
    thread->sched_lock_depth = 0;
    thread->timed = 0;
    thread_set_priority(thread, (int8_t)priority);
    thread->base_priority = (int8_t)priority;
    thread->extras = (struct thread_extras){};
    thread->entry = entry;
    thread->stack = stack;
    thread->stack_bytes = stack_bytes;
#ifdef CONFIG_THREAD_NAME
    thread->name[0] = '\0';
#endif
}

k_tid_t k_thread_create(struct k_thread *thread, k_thread_stack_t *stack, size_t stack_bytes,
                        k_thread_entry_t entry, void *p1, void *p2, void *p3, int priority,
                        uint32_t options, k_timeout_t delay)
{
    unsigned key;

    ASSERT(priority_is_valid(priority) || entry == idle_entry, "K1 thread priority out of range",
           thread, NULL);
    ASSERT(stack_bytes >= STACK_MIN_BYTES, "K1 thread stack too small", thread, stack);
    ASSERT(!thread_is_alive(thread), "K1 thread object is in use by a living thread", thread, NULL);
    set_up(thread, stack, stack_bytes, entry, priority, options);
    thread_stack_fill(stack, stack_bytes);
    arch_context_init(&thread->context, stack, stack_bytes, entry, p1, p2, p3);
    key = irq_lock();
    list_add(thread);
    if (K_TIMEOUT_EQ(delay, K_NO_WAIT)) {
        make_ready(thread);
    } else {
        thread->state = THREAD_SLEEPING;
        if (!K_TIMEOUT_EQ(delay, K_FOREVER)) {
            timeout_start_locked(&thread->timeout, delay, sleep_expired);
        }
    }
    /* In an interrupt between the end of a thread and the switch away from it, whoever gets its
     * stack needs the switch. */
    reschedule(consequence_now(), key);
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

    ready_remove(current);
    current->state = THREAD_SLEEPING;
    if (!K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        current->timeout.expired = sleep_expired;
        timeout_arm_locked(&current->timeout, timeout);
    }
    _kernel.next = most_urgent();
    arch_switch_thread();
    arch_irq_relock(key);
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

    if ((thread->state & (THREAD_DEAD | THREAD_SUSPENDED)) == 0 &&
        (thread->options & THREAD_ENDING) == 0) {
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

/* `thread`, which waits for nothing, does not run any more. */
static inline void stop_running_locked(struct k_thread *thread)
{
    (void)timeout_stop_locked(&thread->timeout);
    if (thread == _kernel.current) {
        sched_forget_current_locked();
    }
    if ((thread->state & THREAD_QUEUED) != 0) {
        ready_remove(thread);
        if (thread == _kernel.next) {
            _kernel.next = most_urgent();
        }
    }
    thread->state = THREAD_DEAD;
}

/* Takes `thread` out of everything it is in: it is dead, but not gone. */
static void detach_locked(struct k_thread *thread)
{
    struct k_thread *owner = NULL;

    if (thread->pended_on != NULL) {
        owner = mutex_owner_awaited_locked(thread);
        wait_queue_remove_locked(thread->pended_on, thread);
        thread->pended_on = NULL;
        thread->wait_result = -ECANCELED; /* nothing was handed to it */
    }
    stop_running_locked(thread);
    inherit_locked(owner);
}

/* Its end concerns others: who was handed something hands it back, mutexes get new owners, joiners
 * wake. */
static inline bool concerns_others(const struct k_thread *thread)
{
    return ((uintptr_t)thread->request | (uintptr_t)thread->owned |
            (uintptr_t)wait_queue_head_locked(&thread->joiners)) != 0;
}

/* Tells one of the others, joiners last. */
static void tell_one_locked(struct k_thread *thread)
{
    struct grant *request = thread->request;

    if (request != NULL) {
        if (!object_undo_step_locked(request)) {
            thread->request = NULL;
        }
    } else if (thread->owned != NULL) {
        mutex_abandon_locked(thread);
    } else {
        superseded(unpend_locked(wait_queue_head_locked(&thread->joiners), 0));
    }
}

struct end_task {
    struct object_task task; /* first: step gets it back */
    struct k_thread *thread;
    bool begun;
    bool detached;
};

/*
 * The first step only lets interrupts in, because much has been done under the lock already. If one
 * of them ends the thread behind our back, and perhaps creates it anew, nothing is left.
 */
static bool end_step(struct object_task *task)
{
    struct end_task *end = (struct end_task *)(void *)task;
    struct k_thread *thread = end->thread;

    if (!end->begun) {
        end->begun = true;
        return true;
    }
    if (!thread_is_alive(thread) || (end->detached && thread->state != THREAD_DEAD)) {
        return false;
    }
    if (thread->state != THREAD_DEAD) {
        detach_locked(thread);
        end->detached = true;
        return true;
    }
    end->detached = true;
    if (concerns_others(thread)) {
        tell_one_locked(thread);
        return true;
    }
    list_remove(thread);
    return false;
}

/* Whoever comes may do it, also while somebody else is at it. */
static __attribute__((noinline)) void end_in_steps(unsigned key, struct k_thread *thread)
{
    struct end_task end = {{.step = end_step}, thread, false, false};

    object_do(key, &end.task);
}

/* The caller's end concerns others. No thread runs until they have been told, and the caller cannot
 * be suspended. If an interrupt aborts it, the abort tells the rest. */
static __attribute__((noinline)) void tell_others_of_own_end(struct k_thread *thread)
{
    thread->options |= THREAD_ENDING;
    thread->sched_lock_depth = 0;
    sched_hold_locked();
    _kernel.next = thread; /* what was to happen when an outer lock ends */
    do {
        tell_one_locked(thread);
        irq_unlock(0);
        (void)irq_lock();
    } while (concerns_others(thread));
}

_Noreturn void thread_exit(void)
{
    struct k_thread *thread = _kernel.current;

    (void)irq_lock();
    ASSERT((thread->options & K_ESSENTIAL) == 0, "K2 an essential thread ended", thread, NULL);
    if (concerns_others(thread)) {
        tell_others_of_own_end(thread);
    }
    list_remove(thread);
    ready_remove(thread);
    thread->state = THREAD_DEAD;
    sched_forget_current_locked();
    _kernel.next = most_urgent();
    arch_switch_thread();
    k_panic();
}

void k_thread_abort(k_tid_t thread)
{
    unsigned key = irq_lock();

    if (!thread_is_alive(thread)) {
        arch_irq_restore(key);
        return;
    }
    if (thread == _kernel.current && !k_is_in_isr()) {
        thread_exit();
    }
    ASSERT((thread->options & K_ESSENTIAL) == 0, "K2 an essential thread ended", thread, NULL);
    if (concerns_others(thread) || thread->pended_on != NULL) {
        end_in_steps(key, thread);
        return;
    }
    stop_running_locked(thread);
    list_remove(thread);
    reschedule(consequence_now(), key);
}

/* True when `thread` waits for `target` to end. */
static bool joins_locked(const struct k_thread *thread, const struct k_thread *target)
{
    return thread->pended_on == &target->joiners;
}

/* A joiner may run before all others have been told, when whoever was at it is suspended. */
static void see_end_through(struct k_thread *thread)
{
    unsigned key = irq_lock();

    if (thread_is_alive(thread) && thread->state == THREAD_DEAD) {
        end_in_steps(key, thread);
    } else {
        irq_unlock(key);
    }
}

static __attribute__((noinline)) int join_living(struct k_thread *thread, k_timeout_t timeout)
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
        result = pend_current(key, &thread->joiners, NULL, timeout);
        if (result == 0) {
            see_end_through(thread);
        }
        return result;
    }
    arch_irq_restore(key);
    return result;
}

int k_thread_join(struct k_thread *thread, k_timeout_t timeout)
{
    return thread_is_alive(thread) ? join_living(thread, timeout) : 0;
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
