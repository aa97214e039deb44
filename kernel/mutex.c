/* SPDX-License-Identifier: Apache-2.0 */
#include "mutex.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "inherit.h"
#include "irq.h"
#include "object.h"

/* A mutex that was handed over is in its new owner's list, so its death gives it away anyway. */
static void nothing_to_undo(struct grant *grant)
{
    ARG_UNUSED(grant);
}

struct grant mutex_wait = {nothing_to_undo};

struct k_thread *mutex_owner_awaited_locked(const struct k_thread *thread)
{
    if (thread->pended_on == NULL || thread->request != &mutex_wait) {
        return NULL;
    }
    return CONTAINER_OF(thread->pended_on, struct k_mutex, wait_q)->owner;
}

int8_t inherited_priority_locked(const struct k_thread *thread)
{
    int8_t priority = thread->base_priority;

    for (const struct k_mutex *mutex = thread->owned; mutex != NULL; mutex = mutex->next_owned) {
        const struct k_thread *waiter = wait_queue_head_locked(&mutex->wait_q);

        if (waiter != NULL) {
            priority = MIN(priority, waiter->priority);
        }
    }
    return priority;
}

void inherit_locked(struct k_thread *thread)
{
    /* Ends also in a ring of owners: each turn changes a priority towards its final value. */
    while (thread != NULL) {
        int8_t priority = inherited_priority_locked(thread);

        if (priority == thread->priority) {
            return;
        }
        thread_requeue_locked(thread, priority);
        thread = mutex_owner_awaited_locked(thread);
    }
}

/* The caller is about to wait for `owner`: lends its priority along the chain. */
static void lend_locked(struct k_thread *owner, int8_t priority)
{
    while (owner != NULL && priority < owner->priority) {
        thread_requeue_locked(owner, priority);
        owner = mutex_owner_awaited_locked(owner);
    }
}

static ALWAYS_INLINE void own(struct k_mutex *mutex, struct k_thread *thread)
{
    struct k_mutex *before = thread->owned;

    mutex->owner = thread;
    mutex->next_owned = before;
    thread->owned = mutex;
}

static void disown(const struct k_mutex *mutex)
{
    struct k_mutex **link = &mutex->owner->owned;

    while (*link != mutex) {
        link = &(*link)->next_owned;
    }
    *link = mutex->next_owned;
}

/* `mutex` belongs to nobody's list any more. */
static void hand_over_locked(struct k_mutex *mutex)
{
    struct k_thread *waiter = wait_queue_head_locked(&mutex->wait_q);

    mutex->more = 0;
    if (waiter == NULL) {
        mutex->owner = NULL;
    } else {
        own(mutex, waiter);
        superseded(unpend_locked(waiter, 0));
        if (wait_queue_head_locked(&mutex->wait_q) != NULL) {
            mutex->more = MUTEX_AWAITED;
        }
    }
}

void mutex_abandon_locked(struct k_thread *thread)
{
    struct k_mutex *mutex = thread->owned;

    thread->owned = mutex->next_owned;
    hand_over_locked(mutex);
    inherit_locked(thread);
}

int k_mutex_init(struct k_mutex *mutex)
{
    *mutex = (struct k_mutex)Z_MUTEX_INITIALIZER(*mutex);
    return 0;
}

/* Somebody owned it, but that was another masked section. */
static __attribute__((noinline)) int lock_or_wait(struct k_thread **owner, k_timeout_t timeout)
{
    struct k_mutex *mutex = CONTAINER_OF(owner, struct k_mutex, owner);
    unsigned key = irq_lock();
    struct k_thread *current = _kernel.current;
    int result = 0;

    if (mutex->owner == NULL) {
        own(mutex, current);
    } else if (mutex->owner == current) {
        mutex->more += MUTEX_AGAIN;
    } else if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        result = -EBUSY;
    } else {
        mutex->more |= MUTEX_AWAITED;
        lend_locked(mutex->owner, current->priority);
        return object_wait(key, &mutex->wait_q, &mutex_wait, timeout);
    }
    arch_irq_restore(key);
    return result;
}

/* What goes to the other function, here and in k_mutex_unlock: as in k_sem_take. */
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout)
{
    unsigned key = irq_lock();

    CHECK(!k_is_in_isr(), "K3 mutex in an interrupt", mutex, NULL);
    if (mutex->owner != NULL) {
        arch_irq_restore(key);
        return lock_or_wait(&mutex->owner, timeout);
    }
    own(mutex, _kernel.current);
    arch_irq_restore(key);
    return 0;
}

int mutex_unlock_locked(struct k_mutex *mutex)
{
    struct k_thread *current = _kernel.current;

    if (mutex->owner != current) {
        return mutex->owner == NULL ? -EINVAL : -EPERM;
    }
    if (mutex->more >= MUTEX_AGAIN) {
        mutex->more -= MUTEX_AGAIN;
        return 0;
    }
    disown(mutex);
    hand_over_locked(mutex);
    inherit_locked(current);
    return 0;
}

static __attribute__((noinline)) int unlock_entangled(struct k_thread **owner, bool nested)
{
    unsigned key = nested ? irq_lock() : 0;
    int result = mutex_unlock_locked(CONTAINER_OF(owner, struct k_mutex, owner));

    reschedule(choose_next_locked(), key);
    return result;
}

static __attribute__((noinline)) int unlock_latest_entangled(bool nested)
{
    return unlock_entangled(&_kernel.current->owned->owner, nested);
}

int k_mutex_unlock(struct k_mutex *mutex)
{
    unsigned key = irq_lock();
    struct k_thread *current = _kernel.current;

    CHECK(!k_is_in_isr(), "K3 mutex in an interrupt", mutex, NULL);
    if (current->owned != mutex) {
        return unlock_entangled(&mutex->owner, key != 0);
    }
    if (mutex->more != 0) {
        return unlock_latest_entangled(key != 0);
    }
    /* The latest that the caller locked, once, and nobody waits: no priority changes. */
    current->owned = mutex->next_owned;
    mutex->owner = NULL;
    arch_irq_restore(key);
    return 0;
}
