/* SPDX-License-Identifier: Apache-2.0 */
#include "wait_queue.h"

#include "sched.h"
#include "thread_ring.h"

/*
 * A ring in priority order. The first thread of each priority leads a group and knows the leader of
 * the next group, so that a place is found by going from group to group: the bound is the number of
 * different priorities in the queue, not the number of threads.
 */

struct k_thread *wait_queue_next_locked(const _wait_q_t *wait_q, const struct k_thread *thread)
{
    return thread->ring_next == wait_q->head ? NULL : thread->ring_next;
}

static void insert_behind(_wait_q_t *wait_q, struct k_thread *thread)
{
    struct k_thread *before = NULL;
    struct k_thread *leader = wait_q->head;

    while (leader != NULL && leader->priority < thread->priority) {
        before = leader;
        leader = leader->next_group;
    }
    if (leader != NULL && leader->priority == thread->priority) {
        ring_insert(leader->next_group == NULL ? wait_q->head : leader->next_group, thread);
        return;
    }
    thread->next_group = leader;
    ring_insert(leader == NULL ? wait_q->head : leader, thread);
    if (before == NULL) {
        wait_q->head = thread;
    } else {
        before->next_group = thread;
    }
}

void wait_queue_insert_locked(_wait_q_t *wait_q, struct k_thread *thread)
{
    if (wait_q->head != NULL) {
        insert_behind(wait_q, thread);
    } else {
        thread->next_group = NULL;
        ring_append(&wait_q->head, thread);
    }
}

/* The leader behind which `leader`'s group comes; `leader` is not the first. */
static struct k_thread *leader_before(const _wait_q_t *wait_q, const struct k_thread *leader)
{
    struct k_thread *before = wait_q->head;

    while (before->next_group != leader) {
        before = before->next_group;
    }
    return before;
}

/* `leader` leaves; who leads then, or the next group if nobody is left in this one. */
static struct k_thread *heir_of(const _wait_q_t *wait_q, struct k_thread *leader)
{
    struct k_thread *next = leader->ring_next;

    if (next == wait_q->head || next->priority != leader->priority) {
        return leader->next_group;
    }
    next->next_group = leader->next_group;
    return next;
}

void wait_queue_remove_any_locked(_wait_q_t *wait_q, struct k_thread *thread)
{
    if (thread == wait_q->head) {
        (void)heir_of(wait_q, thread);
    } else if (thread->ring_prev->priority != thread->priority) {
        struct k_thread *before = leader_before(wait_q, thread);

        before->next_group = heir_of(wait_q, thread);
    }
    ring_remove(&wait_q->head, thread);
}
