/* SPDX-License-Identifier: Apache-2.0 */
#include "poll.h"

#ifdef CONFIG_POLL

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "irq.h"
#include "sched.h"

/* One call of k_poll; on its stack. */
struct poller {
    struct grant grant; /* first: undo gets it back */
    struct k_thread *thread;
    _wait_q_t wait_q; /* of the one thread */
    struct k_poll_event *events;
    int num_events;
    unsigned found; /* states of all events */
};

static struct poll_list *list_of(const struct k_poll_event *event)
{
    switch (event->type) {
    case K_POLL_TYPE_SIGNAL:
        return &event->signal->pollers;
    case K_POLL_TYPE_SEM_AVAILABLE:
        return &event->sem->pollers;
    case K_POLL_TYPE_DATA_AVAILABLE:
        return &event->queue->pollers;
    case K_POLL_TYPE_MSGQ_DATA_AVAILABLE:
        return &event->msgq->pollers;
    case K_POLL_TYPE_PIPE_DATA_AVAILABLE:
        return &event->pipe->pollers;
    default:
        return NULL;
    }
}

static bool is_there(const struct k_poll_event *event)
{
    switch (event->type) {
    case K_POLL_TYPE_SIGNAL:
        return event->signal->signaled != 0;
    case K_POLL_TYPE_SEM_AVAILABLE:
        return event->sem->count != 0;
    case K_POLL_TYPE_DATA_AVAILABLE:
        return event->queue->head != NULL;
    case K_POLL_TYPE_MSGQ_DATA_AVAILABLE:
        return event->msgq->used_msgs != 0;
    case K_POLL_TYPE_PIPE_DATA_AVAILABLE:
        return event->pipe->used_bytes != 0;
    default:
        return false;
    }
}

static void tell(struct k_poll_event *event, unsigned state)
{
    event->state |= (uint8_t)state;
    event->poller->found |= state;
}

/* Lists of zeroed objects are not linked to themselves yet. */
static sys_dnode_t *first_of(const struct poll_list *list)
{
    return list->events.next == NULL ? NULL : sys_dlist_peek_head(&list->events);
}

bool poll_notify_locked(struct poll_list *list, unsigned state)
{
    sys_dnode_t *node = first_of(list);
    struct k_poll_event *event = CONTAINER_OF(node, struct k_poll_event, node);

    if (node == NULL) {
        return false;
    }
    sys_dlist_remove(node);
    tell(event, state);
    if (event->poller->thread->pended_on != &event->poller->wait_q) {
        return false; /* it has news already, or is still looking */
    }
    superseded(unpend_locked(event->poller->thread, 0));
    return true;
}

static void register_locked(struct poll_list *list, struct k_poll_event *event)
{
    int priority = event->poller->thread->priority;
    sys_dnode_t *successor;

    if (list->events.next == NULL) {
        sys_dlist_init(&list->events);
    }
    SYS_DLIST_FOR_EACH_NODE (&list->events, successor) {
        const struct k_poll_event *other = CONTAINER_OF(successor, struct k_poll_event, node);

        if (other->poller->thread->priority > priority) {
            sys_dlist_insert(successor, &event->node);
            return;
        }
    }
    sys_dlist_append(&list->events, &event->node);
}

/* Looks for the event, and registers it if it is not there and `may_wait`. */
static void look_locked(struct poller *poller, struct k_poll_event *event, bool may_wait)
{
    struct poll_list *list = list_of(event);

    event->poller = poller;
    sys_dnode_init(&event->node);
    if (is_there(event)) {
        tell(event, event->type);
    } else if (may_wait && list != NULL) {
        register_locked(list, event);
    }
}

static void unregister_locked(struct k_poll_event *event)
{
    if (sys_dnode_is_linked(&event->node)) {
        sys_dlist_remove(&event->node);
    }
}

/* The thread is dead: what it was told the next polls are told. */
static void pass_news_on(struct grant *grant)
{
    struct poller *poller = (struct poller *)(void *)grant;

    for (int i = 0; i < poller->num_events; i++) {
        struct k_poll_event *event = &poller->events[i];

        unregister_locked(event);
        if (event->state != K_POLL_STATE_NOT_READY && is_there(event)) {
            (void)poll_notify_locked(list_of(event), event->state);
        }
    }
}

static void look_for_all(struct poller *poller, bool may_wait)
{
    for (int i = 0; i < poller->num_events; i++) {
        unsigned key = irq_lock();

        look_locked(poller, &poller->events[i], may_wait && poller->found == 0);
        irq_unlock(key);
    }
}

static void unregister_all(const struct poller *poller)
{
    for (int i = 0; i < poller->num_events; i++) {
        unsigned key = irq_lock();

        unregister_locked(&poller->events[i]);
        irq_unlock(key);
    }
}

static bool events_are_valid(struct k_poll_event *events, int num_events)
{
    for (int i = 0; i < num_events; i++) {
        if (events[i].type != K_POLL_TYPE_IGNORE && list_of(&events[i]) == NULL) {
            return false;
        }
        sys_dnode_init(&events[i].node);
    }
    return num_events >= 0;
}

static void wait_for_news(struct poller *poller, k_timeout_t timeout)
{
    unsigned key = irq_lock();

    if (poller->found == 0) {
        (void)pend_current(key, &poller->wait_q, &poller->grant, timeout);
    } else {
        irq_unlock(key);
    }
}

int k_poll(struct k_poll_event *events, int num_events, k_timeout_t timeout)
{
    bool may_wait = !K_TIMEOUT_EQ(timeout, K_NO_WAIT);
    struct poller poller = {.grant = {pass_news_on},
                            .thread = k_current_get(),
                            .events = events,
                            .num_events = num_events};

    if (!events_are_valid(events, num_events)) {
        return -EINVAL;
    }
    wait_queue_init(&poller.wait_q);
    if (may_wait) {
        ASSERT(!cannot_wait(), "K3 wait in an interrupt or before the scheduler", events, NULL);
        /* To the end: an abort must not leave registered events. */
        poller.thread->request = &poller.grant;
    }
    look_for_all(&poller, may_wait);
    if (may_wait) {
        wait_for_news(&poller, timeout);
        unregister_all(&poller);
        poller.thread->request = NULL;
    }
    if ((poller.found & K_POLL_STATE_CANCELLED) != 0) {
        return -EINTR;
    }
    return poller.found != 0 ? 0 : -EAGAIN;
}

void k_poll_event_init(struct k_poll_event *event, uint32_t type, int mode, void *obj)
{
    *event = (struct k_poll_event)K_POLL_EVENT_INITIALIZER((uint8_t)type, (uint8_t)mode, obj);
}

void k_poll_signal_init(struct k_poll_signal *signal)
{
    *signal = (struct k_poll_signal)K_POLL_SIGNAL_INITIALIZER(*signal);
}

int k_poll_signal_raise(struct k_poll_signal *signal, int result)
{
    unsigned key = irq_lock();

    signal->signaled = 1;
    signal->result = result;
    (void)poll_notify_locked(&signal->pollers, K_POLL_STATE_SIGNALED);
    reschedule(choose_next_locked(), key);
    return 0;
}

void k_poll_signal_reset(struct k_poll_signal *signal)
{
    unsigned key = irq_lock();

    signal->signaled = 0;
    irq_unlock(key);
}

void k_poll_signal_check(struct k_poll_signal *signal, unsigned *signaled, int *result)
{
    unsigned key = irq_lock();

    *signaled = signal->signaled;
    *result = signal->result;
    irq_unlock(key);
}

#endif
