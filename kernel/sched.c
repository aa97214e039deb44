/* SPDX-License-Identifier: Apache-2.0 */
#include "sched.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "inherit.h"
#include "irq.h"
#include "object.h"
#include "thread_ring.h"
#include "wheel.h"

/*
 * The ready set: a ring per priority and a map of the rings that are not empty. A running thread
 * stays where it is in its ring, so preemption moves nothing.
 */
BUILD_ASSERT(PRIORITY_COUNT <= 32,
             "CONFIG_NUM_COOP_PRIORITIES + CONFIG_NUM_PREEMPT_PRIORITIES must "
             "be at most 31: the ready map is one word");

/* Stands in for a current thread that no longer exists, until the switch away from it. Nothing is
 * more urgent, so before the scheduler has started `next` stays what it is. */
static struct k_thread nobody = {
    .state = THREAD_DUMMY, .priority = INT8_MIN, .base_priority = INT8_MIN, .sched_lock_depth = 1};

struct kernel _kernel = {.current = &nobody, .next = &nobody};

static inline unsigned ring_index(const struct k_thread *thread)
{
    return (unsigned)(thread->priority + CONFIG_NUM_COOP_PRIORITIES);
}

/* No reason against running is left in the state. */
static inline void ready_append_at(struct k_thread *thread, int priority)
{
    unsigned index = (unsigned)(priority + CONFIG_NUM_COOP_PRIORITIES);

    thread->state = THREAD_QUEUED;
    ring_append(&_kernel.ready[index], thread);
    _kernel.ready_map |= (UINT32_C(1) << 31) >> index;
}

static inline void ready_append(struct k_thread *thread)
{
    ready_append_at(thread, thread->priority);
}

static inline void ready_remove(struct k_thread *thread)
{
    unsigned index = ring_index(thread);

    ring_remove(&_kernel.ready[index], thread);
    if (_kernel.ready[index] == NULL) {
        _kernel.ready_map &= ~((UINT32_C(1) << 31) >> index);
    }
    thread->state &= (uint8_t)~THREAD_QUEUED;
}

static inline struct k_thread *most_urgent(void)
{
    uint32_t map = _kernel.ready_map;

    ASSERT(map != 0, "S1 no thread is ready, not even the idle thread", &_kernel, NULL);
    return _kernel.ready[__builtin_clz(map)];
}

static inline enum consequence consequence_now(void)
{
    return _kernel.next == _kernel.current ? KEEP_RUNNING : SWITCH_NEEDED;
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

/* `priority` is more urgent than `next`, which is neither cooperative nor locks the scheduler. */
static inline bool is_preemptible_for(const struct k_thread *next, int priority)
{
    int own = next->priority;

    return priority < own && own >= 0 && next->sched_lock_depth == 0;
}

/* `thread` has no reason left not to run. */
static inline void make_ready(struct k_thread *thread)
{
    struct k_thread *next = _kernel.next;

    ready_append(thread);
    if (is_preemptible_for(next, thread->priority) ||
        (next != _kernel.current && thread->priority < next->priority)) {
        _kernel.next = thread;
    }
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

    leave_wait(thread); /* the result is -EAGAIN from the beginning */
    if (owner != NULL) {
        inherit_locked(owner);
        superseded(choose_next_locked());
    }
    if (consequence_now() == SWITCH_NEEDED) {
        arch_switch_request();
    }
}

static ALWAYS_INLINE int pend(unsigned key, _wait_q_t *wait_q, struct grant *request,
                              k_timeout_t timeout, void (*expired)(struct timeout *))
{
    struct k_thread *current = _kernel.current;

    ready_remove(current);
    current->state = THREAD_PENDING;
    current->wait_result = -EAGAIN;
    current->request = request;
    current->pended_on = wait_q;
    wait_queue_insert_locked(wait_q, current);
    if (!K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        current->timeout.expired = expired;
        timeout_arm_locked(&current->timeout, timeout);
    }
    _kernel.next = most_urgent();
    /* Blocking gives up the caller's own lock, too: somebody else has to run. */
    arch_switch_thread();
    if (key != 0) {
        (void)irq_lock();
    }
    return current->wait_result;
}

void sleep_expired(struct timeout *timeout)
{
    struct k_thread *thread = CONTAINER_OF(timeout, struct k_thread, timeout);

    thread->state &= (uint8_t)~THREAD_SLEEPING;
    if (thread->state == 0) {
        make_ready(thread);
        if (consequence_now() == SWITCH_NEEDED) {
            arch_switch_request();
        }
    }
}

int pend_current(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout)
{
    return pend(key, wait_q, request, timeout, wait_expired);
}

int pend_current_until(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout,
                       void (*expired)(struct timeout *))
{
    return pend(key, wait_q, request, timeout, expired);
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

static __attribute__((noinline)) void unpend_and_reschedule(struct k_thread *thread, unsigned key)
{
    reschedule(unpend_locked(thread, 0), key);
}

static __attribute__((noinline)) void choose_and_reschedule(unsigned key)
{
    reschedule(choose_next_locked(), key);
}

/* The usual case in few instructions: the waiter is alone, waits for ever, and can run. */
void unpend_first_and_reschedule(_wait_q_t *wait_q, unsigned key)
{
    struct k_thread *thread = wait_q->head;
    struct k_thread *next = _kernel.next;
    int priority = thread->priority;

    if (thread->ring_next != thread || sys_dnode_is_linked(&thread->timeout.node) ||
        thread->state != THREAD_PENDING) {
        unpend_and_reschedule(thread, key);
        return;
    }
    wait_q->head = NULL;
    thread->pended_on = NULL;
    thread->wait_result = 0;
    ready_append_at(thread, priority);
    if (is_preemptible_for(next, priority)) {
        _kernel.next = thread;
        arch_switch(key);
    } else if (next == _kernel.current) {
        arch_irq_restore(key);
    } else {
        choose_and_reschedule(key);
    }
}

enum consequence unpend_all_locked(_wait_q_t *wait_q, int result)
{
    struct k_thread *thread;

    while ((thread = wait_queue_head_locked(wait_q)) != NULL) {
        superseded(unpend_locked(thread, result));
    }
    return consequence_now();
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

static __attribute__((noinline)) void yield_unlocked(void)
{
    yield_anyhow(0);
}

/* Usually the caller is the head of the most urgent ring; the next one only has to become it. */
void k_yield(void)
{
    unsigned key = irq_lock();
    struct k_thread *current = _kernel.next;

    if ((key | current->sched_lock_depth) == 0 && !arch_in_isr()) {
        struct k_thread **head = &_kernel.ready[__builtin_clz(_kernel.ready_map)];

        if (*head == current) {
            *head = current->ring_next;
            _kernel.next = current->ring_next;
            arch_switch_thread();
            return;
        }
        yield_unlocked();
        return;
    }
    yield_anyhow(key);
}

void k_sched_lock(void)
{
    unsigned key = irq_lock();

    ASSERT(_kernel.current->sched_lock_depth < UINT8_MAX, "S2 scheduler lock nested too deeply",
           _kernel.current, NULL);
    _kernel.current->sched_lock_depth++;
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
    _kernel.current->sched_lock_depth--;
    reschedule(choose_next_locked(), key);
}

void (*sched_waiter_moved)(const struct k_thread *waiter);

void thread_requeue_locked(struct k_thread *thread, int8_t priority)
{
    if (thread->pended_on != NULL) {
        wait_queue_remove_locked(thread->pended_on, thread);
        thread->priority = priority;
        wait_queue_insert_locked(thread->pended_on, thread);
        if (sched_waiter_moved != NULL) {
            sched_waiter_moved(thread);
        }
    } else if ((thread->state & THREAD_QUEUED) != 0) {
        ready_remove(thread);
        thread->priority = priority;
        ready_append(thread);
    } else {
        thread->priority = priority;
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

void sched_forget_current_locked(void)
{
    _kernel.current = &nobody;
}

#ifdef CONFIG_SCHED_SWITCH_COUNT
uint32_t k_sched_switch_count_get(void)
{
    return _kernel.switch_count;
}
#endif
