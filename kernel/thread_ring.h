/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: rings of threads, each held by its head, NULL when empty. A thread is in one
 * ring at most: that of its priority while it is ready, or that of the queue in which it waits.
 */
#pragma once

#include "thread.h"

/* Puts `thread` before `successor`; before the head that is the end of the ring. */
static inline void ring_insert(struct k_thread *successor, struct k_thread *thread)
{
    struct k_thread *prev = successor->ring_prev;

    thread->ring_next = successor;
    thread->ring_prev = prev;
    prev->ring_next = thread;
    successor->ring_prev = thread;
}

static inline void ring_append(struct k_thread **head, struct k_thread *thread)
{
    if (*head != NULL) {
        ring_insert(*head, thread);
    } else {
        thread->ring_next = thread;
        thread->ring_prev = thread;
        *head = thread;
    }
}

static inline void ring_remove(struct k_thread **head, struct k_thread *thread)
{
    struct k_thread *next = thread->ring_next;
    struct k_thread *prev = thread->ring_prev;

    if (next == thread) {
        *head = NULL;
        return;
    }
    prev->ring_next = next;
    next->ring_prev = prev;
    if (*head == thread) {
        *head = next;
    }
}
