/* SPDX-License-Identifier: Apache-2.0 */
#include "sched.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "inherit.h"
#include "object.h"
#include "pend.h"

BUILD_ASSERT(PRIORITY_COUNT <= 32,
             "CONFIG_NUM_COOP_PRIORITIES + CONFIG_NUM_PREEMPT_PRIORITIES must "
             "be at most 31: the ready map is one word");

/* Stands in for a current thread that no longer exists, until the switch away from it. Nothing is
 * more urgent, so before the scheduler has started `next` stays what it is. */
struct k_thread sched_nobody;

struct kernel _kernel;

/* Here instead of in the definitions, which would take as much flash as they take RAM. */
void sched_init(void)
{
    sched_nobody.state = THREAD_DUMMY;
    sched_nobody.priority = INT8_MIN;
    sched_nobody.base_priority = INT8_MIN;
    sched_nobody.sched_lock_depth = 1;
    _kernel.current = &sched_nobody;
    _kernel.next = &sched_nobody;
}

/*
 * A cooperative or scheduler-locked thread keeps the processor while it is ready. `next == current`
 * matters: when they differ, current has already given the processor away (it yielded), and the
 * switch is only waiting to happen.
 */
static bool current_keeps_processor(void)
{
    const struct k_thread *current = _kernel.current;

    return _kernel.next == current && thread_is_ready(current) &&
           (current->priority < 0 || current->sched_lock_depth != 0);
}

enum consequence choose_next_locked(void)
{
    if (!_kernel.started) {
        return KEEP_RUNNING;
    }
    if (!current_keeps_processor()) {
        _kernel.next = most_urgent();
    }
    return consequence_now();
}

enum consequence thread_unblock_locked(struct k_thread *thread, unsigned reason)
{
    thread->state &= (uint8_t)~reason;
    if (thread->state == 0) {
        make_ready(thread);
    }
    return consequence_now();
}

enum consequence thread_block_locked(struct k_thread *thread, unsigned reason)
{
    if ((thread->state & THREAD_QUEUED) != 0) {
        ready_remove(thread);
    }
    thread->state |= (uint8_t)reason;
    if (thread == _kernel.next) {
        _kernel.next = most_urgent();
    }
    return consequence_now();
}

/* Ends the wait of `thread`; who ends it sets the result. */
static inline void leave_wait(struct k_thread *thread)
{
    wait_queue_remove_locked(thread->pended_on, thread);
    thread->pended_on = NULL;
    thread->timed = 0;
    thread->state &= (uint8_t)~THREAD_PENDING;
    if (thread->state == 0) {
        make_ready(thread);
    }
}

void wait_expired(struct timeout *timeout)
{
    struct k_thread *thread = CONTAINER_OF(timeout, struct k_thread, timeout);
    struct k_thread *owner =
        thread->request == &mutex_wait ? mutex_owner_awaited_locked(thread) : NULL;

    thread->wait_result = -EAGAIN;
    leave_wait(thread);
    if (owner != NULL) {
        inherit_locked(owner);
        superseded(choose_next_locked());
    }
    if (consequence_now() == SWITCH_NEEDED) {
        arch_switch_request();
    }
}

/* Who changes `next` asks for the switch, so nobody else has to. */
void sleep_expired(struct timeout *timeout)
{
    struct k_thread *thread = CONTAINER_OF(timeout, struct k_thread, timeout);
    struct k_thread *next = _kernel.next;

    thread->state &= (uint8_t)~THREAD_SLEEPING;
    if (!likely(thread->state == 0)) {
        return;
    }
    ready_append(thread);
    if (thread->ring < next->threshold || (next != _kernel.current && thread->ring < next->ring)) {
        _kernel.next = thread;
        arch_switch_request();
    }
}

int pend_current_until(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout,
                       void (*expired)(struct timeout *))
{
    return pend_inline(key, wait_q, request, timeout, expired);
}

int pend_current(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout)
{
    return pend_current_until(key, wait_q, request, timeout, wait_expired);
}

int object_wait(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout)
{
    struct k_thread *current = _kernel.current;
    int result;

    ASSERT(!cannot_wait(), "K3 wait in an interrupt or before the scheduler", wait_q, NULL);
    result = pend(key, wait_q, request, timeout, wait_expired);
    current->request = NULL;
    return result;
}

enum consequence unpend_locked(struct k_thread *thread, int result)
{
    thread->wait_result = result;
    (void)timeout_stop_locked(&thread->timeout);
    leave_wait(thread);
    return consequence_now();
}

void unpend_first_and_reschedule(_wait_q_t *wait_q, unsigned key)
{
    reschedule(unpend_locked(wait_q->head, 0), key);
}

void append_choose_and_reschedule(struct k_thread *thread, unsigned key)
{
    ready_append(thread);
    reschedule(choose_next_locked(), key);
}

/* As k_yield, wherever the caller stands in its ring, and under the scheduler lock. */
static __attribute__((noinline)) void yield_anyhow(unsigned key)
{
    struct k_thread *current = _kernel.current;

    ASSERT(!cannot_wait(), "K3 yield in an interrupt or before the scheduler", current, NULL);
    ready_remove(current);
    ready_append(current);
    if (current->sched_lock_depth == 0) {
        _kernel.next = most_urgent(); /* also when cooperative */
    }
    reschedule(consequence_now(), key);
}

/*
 * Who may be preempted runs as the head of its ring, and no ring before that one has a thread (S3):
 * the next one of the ring only has to become its head.
 */
void k_yield(void)
{
    unsigned key = irq_lock();
    struct k_thread *current = _kernel.next;
    unsigned ring = current->threshold;

    if (ring != 0 && arch_can_switch(key)) {
        struct k_thread *next = current->ring_next;

        _kernel.ready[ring] = next;
        _kernel.next = next;
        arch_switch_thread();
        return;
    }
    yield_anyhow(key);
}

void sched_hold_locked(void)
{
    struct k_thread *current = _kernel.current;

    current->sched_lock_depth++;
    current->threshold = 0;
}

void sched_let_go_locked(void)
{
    struct k_thread *current = _kernel.current;

    current->sched_lock_depth--;
    thread_set_threshold(current);
}

void k_sched_lock(void)
{
    unsigned key = irq_lock();

    ASSERT(_kernel.current->sched_lock_depth < UINT8_MAX, "S2 scheduler lock nested too deeply",
           _kernel.current, NULL);
    sched_hold_locked();
    /* A switch that was requested under an outer irq_lock and has not happened must not happen now.
     */
    _kernel.next = _kernel.current;
    irq_unlock(key);
}

void k_sched_unlock(void)
{
    unsigned key = irq_lock();

    ASSERT(_kernel.current->sched_lock_depth > 0, "S2 scheduler unlocked but not locked",
           _kernel.current, NULL);
    sched_let_go_locked();
    reschedule(choose_next_locked(), key);
}

void (*sched_waiter_moved)(const struct k_thread *waiter);

void thread_requeue_locked(struct k_thread *thread, int8_t priority)
{
    if (thread->pended_on != NULL) {
        wait_queue_remove_locked(thread->pended_on, thread);
        thread_set_priority(thread, priority);
        wait_queue_insert_locked(thread->pended_on, thread);
        if (sched_waiter_moved != NULL) {
            sched_waiter_moved(thread);
        }
    } else if ((thread->state & THREAD_QUEUED) != 0) {
        ready_remove(thread);
        thread_set_priority(thread, priority);
        ready_append(thread);
    } else {
        thread_set_priority(thread, priority);
    }
}

void k_thread_priority_set(k_tid_t thread, int priority)
{
    unsigned key = irq_lock();

    ASSERT(priority_is_valid(priority), "K1 thread priority out of range", thread, NULL);
    thread->base_priority = (int8_t)priority;
    thread_requeue_locked(thread, inherited_priority_locked(thread));
    inherit_locked(mutex_owner_awaited_locked(thread));
    reschedule(choose_next_locked(), key);
}

struct k_thread *k_current_get(void)
{
    return _kernel.current;
}

int k_is_preempt_thread(void)
{
    return !k_is_in_isr() && _kernel.current->priority >= 0 &&
           _kernel.current->sched_lock_depth == 0;
}

bool k_is_pre_kernel(void)
{
    return !_kernel.started;
}

#ifdef CONFIG_SCHED_SWITCH_COUNT
uint32_t k_sched_switch_count_get(void)
{
    return _kernel.switch_count;
}
#endif
