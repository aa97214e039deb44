/* SPDX-License-Identifier: Apache-2.0 */
#include "event.h"

#include "irq.h"
#include "object.h"

/* On the stack of a waiter. */
struct event_request {
    struct grant grant; /* first: undo gets it back */
    struct k_event *event;
    uint32_t wanted;
    bool all;
    bool consume;
    uint32_t got; /* 0 until served */
};

/* Wakes who waits for what is in `events`, the state that the caller of post made. */
struct post_task {
    struct object_task task; /* first: step gets it back */
    struct k_event *event;
    uint32_t events;
};

static uint32_t match(const struct event_request *request, uint32_t events)
{
    uint32_t found = request->wanted & events;

    return request->all && found != request->wanted ? 0 : found;
}

static bool serve_first(struct object_task *task)
{
    const struct post_task *post = (struct post_task *)(void *)task;
    struct k_event *event = post->event;
    struct k_thread *waiter = wait_queue_head_locked(&event->wait_q);

    while (waiter != NULL) {
        struct event_request *request = (struct event_request *)(void *)waiter->request;

        request->got = match(request, post->events);
        if (request->got != 0) {
            event->events &= request->consume ? ~request->got : UINT32_MAX;
            superseded(unpend_locked(waiter, 0));
            return true;
        }
        waiter = wait_queue_next_locked(&event->wait_q, waiter);
    }
    return false;
}

static void post_again(struct grant *grant)
{
    struct event_request *request = (struct event_request *)(void *)grant;
    struct post_task post = {{.step = serve_first}, request->event, 0};

    if (request->consume && request->got != 0) {
        request->event->events |= request->got;
        post.events = request->event->events;
        while (serve_first(&post.task)) {
        }
    }
}

uint32_t k_event_set_masked(struct k_event *event, uint32_t events, uint32_t events_mask)
{
    struct post_task post = {{.step = serve_first}, event, 0};
    unsigned key = irq_lock();
    uint32_t previous = event->events;

    event->events = (previous & ~events_mask) | (events & events_mask);
    post.events = event->events;
    object_do(key, &post.task);
    return previous & events_mask;
}

uint32_t k_event_post(struct k_event *event, uint32_t events)
{
    return k_event_set_masked(event, events, events);
}

uint32_t k_event_set(struct k_event *event, uint32_t events)
{
    return k_event_set_masked(event, events, UINT32_MAX);
}

uint32_t k_event_clear(struct k_event *event, uint32_t events)
{
    /* Nobody waits for the absence of bits: there is nobody to wake. */
    unsigned key = irq_lock();
    uint32_t previous = event->events & events;

    event->events &= ~events;
    irq_unlock(key);
    return previous;
}

static uint32_t wait(struct event_request *request, bool reset, k_timeout_t timeout)
{
    struct k_event *event = request->event;
    unsigned key = irq_lock();

    event->events = reset ? 0 : event->events;
    request->got = match(request, event->events);
    if (request->got == 0 && request->wanted != 0 && !K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        (void)object_wait(key, &event->wait_q, &request->grant, timeout);
        return request->got;
    }
    event->events &= request->consume ? ~request->got : UINT32_MAX;
    irq_unlock(key);
    return request->got;
}

uint32_t k_event_wait(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout)
{
    struct event_request request = {{post_again}, event, events, false, false, 0};

    return wait(&request, reset, timeout);
}

uint32_t k_event_wait_all(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout)
{
    struct event_request request = {{post_again}, event, events, true, false, 0};

    return wait(&request, reset, timeout);
}

uint32_t k_event_wait_safe(struct k_event *event, uint32_t events, bool reset, k_timeout_t timeout)
{
    struct event_request request = {{post_again}, event, events, false, true, 0};

    return wait(&request, reset, timeout);
}

uint32_t k_event_wait_all_safe(struct k_event *event, uint32_t events, bool reset,
                               k_timeout_t timeout)
{
    struct event_request request = {{post_again}, event, events, true, true, 0};

    return wait(&request, reset, timeout);
}

void k_event_init(struct k_event *event)
{
    wait_queue_init(&event->wait_q);
    event->events = 0;
}
