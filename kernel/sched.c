/* SPDX-License-Identifier: Apache-2.0 */
#include "sched.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "inherit.h"
#include "irq.h"

/*
 * The ready set: one list per priority and a bitmap of the lists that are not empty. A running
 * thread stays where it is in its list, so preemption moves nothing.
 */
#define PRIORITY_COUNT (CONFIG_NUM_COOP_PRIORITIES + CONFIG_NUM_PREEMPT_PRIORITIES + 1)
BUILD_ASSERT(PRIORITY_COUNT <= 32,
             "CONFIG_NUM_COOP_PRIORITIES + CONFIG_NUM_PREEMPT_PRIORITIES must "
             "be at most 31: the ready bitmap is one word");

static sys_dlist_t ready[PRIORITY_COUNT];
static uint32_t ready_bitmap; /* bit 31 - index, so that the first zero count is the most urgent */

/* Stands in for a current thread that no longer exists, until the switch away from it. */
static struct k_thread nobody = {.state = THREAD_DUMMY};

struct kernel _kernel = {.current = &nobody, .next = &nobody};

static unsigned ready_index(const struct k_thread *thread)
{
    return (unsigned)(thread->priority + CONFIG_NUM_COOP_PRIORITIES);
}

static struct k_thread *thread_of(sys_dnode_t *node)
{
    return CONTAINER_OF(node, struct k_thread, node);
}

static void ready_append(struct k_thread *thread)
{
    unsigned index = ready_index(thread);

    sys_dlist_append(&ready[index], &thread->node);
    ready_bitmap |= UINT32_C(1) << (31 - index);
    thread->state |= THREAD_QUEUED;
}

static void ready_remove(struct k_thread *thread)
{
    unsigned index = ready_index(thread);

    sys_dlist_remove(&thread->node);
    if (sys_dlist_is_empty(&ready[index])) {
        ready_bitmap &= ~(UINT32_C(1) << (31 - index));
    }
    thread->state &= (uint8_t)~THREAD_QUEUED;
}

static struct k_thread *most_urgent(void)
{
    unsigned index = u32_count_leading_zeros(ready_bitmap);

    ASSERT(index < PRIORITY_COUNT, "S1 no thread is ready, not even the idle thread", &_kernel,
           NULL);
    return thread_of(ready[index].next);
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
    return _kernel.next == _kernel.current ? KEEP_RUNNING : SWITCH_NEEDED;
}

enum consequence thread_unblock_locked(struct k_thread *thread, unsigned reason)
{
    thread->state &= (uint8_t)~reason;
    if (thread->state != 0) {
        return KEEP_RUNNING;
    }
    ready_append(thread);
    return choose_next_locked();
}

enum consequence thread_block_locked(struct k_thread *thread, unsigned reason)
{
    if ((thread->state & THREAD_QUEUED) != 0) {
        ready_remove(thread);
    }
    thread->state |= (uint8_t)reason;
    return choose_next_locked();
}

void reschedule(enum consequence consequence, unsigned key)
{
    if (consequence == SWITCH_NEEDED) {
        arch_switch_request();
    }
    irq_unlock(key);
}

bool cannot_wait(void)
{
    return k_is_in_isr() || !_kernel.started;
}

struct k_thread *wait_queue_head_locked(const _wait_q_t *wait_q)
{
    sys_dnode_t *node = wait_q->waiters.next == NULL ? NULL : sys_dlist_peek_head(&wait_q->waiters);

    return node == NULL ? NULL : thread_of(node);
}

struct k_thread *wait_queue_next_locked(const _wait_q_t *wait_q, const struct k_thread *thread)
{
    sys_dnode_t *node = sys_dlist_peek_next(&wait_q->waiters, &thread->node);

    return node == NULL ? NULL : thread_of(node);
}

static void wait_queue_insert(_wait_q_t *wait_q, struct k_thread *thread)
{
    sys_dnode_t *successor;

    SYS_DLIST_FOR_EACH_NODE (&wait_q->waiters, successor) {
        if (thread_of(successor)->priority > thread->priority) {
            sys_dlist_insert(successor, &thread->node);
            return;
        }
    }
    sys_dlist_append(&wait_q->waiters, &thread->node);
}

static void wait_expired(struct timeout *timeout)
{
    struct k_thread *thread = CONTAINER_OF(timeout, struct k_thread, timeout);
    struct k_thread *owner = mutex_owner_awaited_locked(thread);

    superseded(unpend_locked(thread, -EAGAIN));
    inherit_locked(owner);
    if (choose_next_locked() == SWITCH_NEEDED) {
        arch_switch_request();
    }
}

int pend_current(unsigned key, _wait_q_t *wait_q, struct grant *request, k_timeout_t timeout)
{
    struct k_thread *current = _kernel.current;
    enum consequence consequence;

    current->request = request;
    consequence = thread_block_locked(current, THREAD_PENDING);
    current->pended_on = wait_q;
    wait_queue_insert(wait_q, current);
    if (!K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        timeout_start_locked(&current->timeout, timeout, wait_expired);
    }
    /* Blocking gives up the caller's own lock, too: somebody else has to run. */
    reschedule(consequence, 0);
    if (key != 0) {
        (void)irq_lock();
    }
    return current->wait_result;
}

enum consequence unpend_locked(struct k_thread *thread, int result)
{
    sys_dlist_remove(&thread->node);
    thread->pended_on = NULL;
    thread->wait_result = result;
    (void)timeout_stop_locked(&thread->timeout);
    return thread_unblock_locked(thread, THREAD_PENDING);
}

enum consequence unpend_all_locked(_wait_q_t *wait_q, int result)
{
    enum consequence consequence = KEEP_RUNNING;
    struct k_thread *thread;

    while ((thread = wait_queue_head_locked(wait_q)) != NULL) {
        consequence = unpend_locked(thread, result);
    }
    return consequence;
}

void k_yield(void)
{
    unsigned key = irq_lock();
    struct k_thread *current = _kernel.current;

    ASSERT(!cannot_wait(), "K3 yield in an interrupt or before the scheduler", current, NULL);
    ready_remove(current);
    ready_append(current);
    if (current->sched_lock_depth == 0) {
        _kernel.next = most_urgent(); /* also when cooperative */
    }
    reschedule(_kernel.next == current ? KEEP_RUNNING : SWITCH_NEEDED, key);
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

void thread_requeue_locked(struct k_thread *thread, int8_t priority)
{
    if (thread->pended_on != NULL) {
        sys_dlist_remove(&thread->node);
        thread->priority = priority;
        wait_queue_insert(thread->pended_on, thread);
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

void sched_init(void)
{
    for (unsigned i = 0; i < PRIORITY_COUNT; i++) {
        sys_dlist_init(&ready[i]);
    }
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
