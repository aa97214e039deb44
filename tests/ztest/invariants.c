/* SPDX-License-Identifier: Apache-2.0 */
#include "invariants.h"

#include "../../kernel/inherit.h"
#include "../../kernel/irq.h"
#include "../../kernel/memory_wait.h"

/* A ring that is longer does not close. */
#define RING_MAX 64

static const char *broken_ready_ring(unsigned index)
{
    const struct k_thread *head = _kernel.ready[index];
    const struct k_thread *thread = head;
    unsigned length = 0;

    if ((head != NULL) != ((_kernel.ready_map & (UINT32_C(1) << 31) >> index) != 0)) {
        return "the ready map and a ready ring disagree";
    }
    while (thread != NULL) {
        if (thread->state != THREAD_QUEUED || thread->pended_on != NULL) {
            return "a thread in a ready ring is not ready";
        }
        if (thread->priority + CONFIG_NUM_COOP_PRIORITIES != (int)index) {
            return "a thread is in the ready ring of another priority";
        }
        if (thread->ring_next->ring_prev != thread || ++length > RING_MAX) {
            return "a ready ring is not a ring";
        }
        thread = thread->ring_next == head ? NULL : thread->ring_next;
    }
    return NULL;
}

static bool is_in_ring(const struct k_thread *head, const struct k_thread *thread)
{
    const struct k_thread *member = head;

    for (unsigned length = 0; member != NULL && length < RING_MAX; length++) {
        if (member == thread) {
            return true;
        }
        member = member->ring_next == head ? NULL : member->ring_next;
    }
    return false;
}

/* The queue's order, and that the leader of each group knows the next one. */
static const char *broken_wait_queue(const _wait_q_t *wait_q)
{
    const struct k_thread *leader = wait_q->head;
    const struct k_thread *thread = leader;
    unsigned length = 0;

    while (thread != NULL) {
        const struct k_thread *next = wait_queue_next_locked(wait_q, thread);

        if (thread->pended_on != wait_q || (thread->state & THREAD_PENDING) == 0) {
            return "a thread is in a queue in which it does not wait";
        }
        if (thread->ring_next->ring_prev != thread || ++length > RING_MAX) {
            return "a wait queue is not a ring";
        }
        if (next != NULL && next->priority < thread->priority) {
            return "a wait queue is not in the order of the priorities";
        }
        if (next == NULL || next->priority != thread->priority) {
            if (leader->next_group != next) {
                return "a group of a wait queue does not know the next one";
            }
            leader = next;
        }
        thread = next;
    }
    return NULL;
}

/* What is kept beside the priority, the state and the lock depth, because it is needed quickly. */
static bool derived_is_broken(const struct k_thread *thread)
{
    int ring = thread->priority + CONFIG_NUM_COOP_PRIORITIES;
    bool keeps_processor = thread->priority < 0 || thread->sched_lock_depth != 0;
    bool timed = thread->pended_on != NULL && sys_dnode_is_linked(&thread->timeout.node);

    return thread->ring != ring || thread->ring_bit != (UINT32_C(1) << 31) >> ring ||
           thread->threshold != (keeps_processor ? 0 : ring) || timed != (thread->timed != 0);
}

static const char *broken_thread(const struct k_thread *thread)
{
    bool waits = (thread->state & (THREAD_PENDING | THREAD_SLEEPING)) != 0;

    if (!thread_is_alive(thread) || (thread->state & THREAD_DEAD) != 0) {
        return "a dead thread is in the list of the living";
    }
    if (thread->next_thread != NULL && thread->next_thread->prev_thread != thread) {
        return "the list of threads does not point back";
    }
    if ((thread->pended_on != NULL) != ((thread->state & THREAD_PENDING) != 0)) {
        return "a thread's state and its wait queue disagree";
    }
    if (thread->state == 0) {
        return "a thread has no reason not to run, but is not ready";
    }
    if (thread->state == THREAD_QUEUED &&
        !is_in_ring(_kernel.ready[thread->priority + CONFIG_NUM_COOP_PRIORITIES], thread)) {
        return "a ready thread is not in its ring";
    }
    if (sys_dnode_is_linked(&thread->timeout.node) && !waits) {
        return "a thread that neither waits nor sleeps has a timeout";
    }
    if (derived_is_broken(thread)) {
        return "a thread's ring, threshold or timed is not what it is derived from";
    }
    if (thread->priority != inherited_priority_locked(thread)) {
        return "O1 a thread has a priority that is neither its own nor inherited";
    }
    if (thread->pended_on != NULL && thread->request == &mutex_wait &&
        (CONTAINER_OF(thread->pended_on, struct k_mutex, wait_q)->more & MUTEX_AWAITED) == 0) {
        return "a mutex does not know that a thread waits for it";
    }
    if (thread->pended_on != NULL) {
        return is_in_ring(thread->pended_on->head, thread) ? broken_wait_queue(thread->pended_on)
                                                           : "a waiting thread is not in its queue";
    }
    return NULL;
}

static const char *broken_choice(void)
{
    const struct k_thread *current = _kernel.current;
    const struct k_thread *next = _kernel.next;

    if (next->state != THREAD_QUEUED) {
        return "S3 the next thread is not ready";
    }
    if (next == current && (current->priority < 0 || current->sched_lock_depth != 0)) {
        return NULL; /* it keeps the processor */
    }
    if (next != _kernel.ready[__builtin_clz(_kernel.ready_map)]) {
        return "S3 the next thread is not the first of the most urgent ones";
    }
    return NULL;
}

static const char *broken_locked(void)
{
    const char *broken = NULL;

    for (unsigned i = 0; i < PRIORITY_COUNT && broken == NULL; i++) {
        broken = broken_ready_ring(i);
    }
    for (const struct k_thread *thread = _kernel.threads; thread != NULL && broken == NULL;
         thread = thread->next_thread) {
        broken = broken_thread(thread);
    }
    return broken != NULL ? broken : broken_choice();
}

const char *kernel_broken(void)
{
    unsigned key = irq_lock();
    const char *broken = broken_locked();

    arch_irq_restore(key);
    return broken;
}

bool waiter_must_not_pass(const struct k_thread *waiter)
{
    const struct k_thread *ahead = waiter->pended_on->head;

    while (CONFIG_KHEAP_BYPASS_MAX >= 0 && ahead != waiter) {
        const struct memory_request *request =
            (const struct memory_request *)(const void *)ahead->request;

        if (request->passed == (uint32_t)CONFIG_KHEAP_BYPASS_MAX) {
            return true;
        }
        ahead = ahead->ring_next;
    }
    return false;
}
