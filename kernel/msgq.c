/* SPDX-License-Identifier: Apache-2.0 */
#include "msgq.h"

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

/* On the stack of a waiter. */
struct msgq_request {
    struct grant grant; /* first: undo gets it back */
    struct k_msgq *msgq;
    void *data;
    bool reading;
    bool served; /* a reader that was handed a message */
};

/* Between the ring and the caller's `data`. A single word is the most frequent message. */
static ALWAYS_INLINE void copy_message(const struct k_msgq *msgq, void *to, const void *from,
                                       const void *data)
{
    if (msgq->words && ((uintptr_t)data & 3) == 0) {
        *(uint32_t *)to = *(const uint32_t *)from;
    } else {
        object_copy(to, from, msgq->msg_size);
    }
}

static ALWAYS_INLINE char *place_after(const struct k_msgq *msgq, char *place, size_t bytes)
{
    place += bytes;
    return likely(place != msgq->buffer_end) ? place : msgq->buffer_start;
}

static ALWAYS_INLINE void store_last(struct k_msgq *msgq, const void *data)
{
    char *place = msgq->write_ptr;
    size_t bytes = msgq->msg_size;

    msgq->used_msgs++;
    msgq->write_ptr = place_after(msgq, place, bytes);
    copy_message(msgq, place, data, data);
}

static void store_first(struct k_msgq *msgq, const void *data)
{
    size_t bytes = msgq->msg_size;
    char *place =
        (msgq->read_ptr == msgq->buffer_start ? msgq->buffer_end : msgq->read_ptr) - bytes;

    msgq->used_msgs++;
    msgq->read_ptr = place;
    copy_message(msgq, place, data, data);
}

static ALWAYS_INLINE void fetch_first(struct k_msgq *msgq, void *data)
{
    char *place = msgq->read_ptr;
    size_t bytes = msgq->msg_size;

    msgq->used_msgs--;
    msgq->read_ptr = place_after(msgq, place, bytes);
    copy_message(msgq, data, place, data);
}

/* The first waiter if it waits for this. During a purge writers wait beside an empty queue. */
static struct k_thread *waiter_locked(const struct k_msgq *msgq, bool reading)
{
    struct k_thread *waiter = wait_queue_head_locked(&msgq->wait_q);

    if (waiter == NULL || ((struct msgq_request *)(void *)waiter->request)->reading != reading) {
        return NULL;
    }
    return waiter;
}

static enum consequence hand_over_locked(struct k_thread *reader, const void *data)
{
    struct msgq_request *request = (struct msgq_request *)(void *)reader->request;

    object_copy(request->data, data, request->msgq->msg_size);
    request->served = true;
    return unpend_locked(reader, 0);
}

static void pass_message_on(struct grant *grant)
{
    struct msgq_request *request = (struct msgq_request *)(void *)grant;
    struct k_msgq *msgq = request->msgq;
    struct k_thread *reader;

    if (!request->served) {
        return;
    }
    reader = waiter_locked(msgq, true);
    if (reader != NULL) {
        superseded(hand_over_locked(reader, request->data));
    } else if (msgq->used_msgs < msgq->max_msgs) {
        store_first(msgq, request->data);
        (void)poll_notify_locked(&msgq->pollers, POLL_MSGQ);
    }
}

static int wait_locked(unsigned key, struct k_msgq *msgq, void *data, bool reading,
                       k_timeout_t timeout)
{
    struct msgq_request request = {{pass_message_on}, msgq, data, reading, false};

    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        irq_unlock(key);
        return -ENOMSG;
    }
    return object_wait(key, &msgq->wait_q, &request.grant, timeout);
}

static int put(struct k_msgq *msgq, const void *data, k_timeout_t timeout,
               void (*store)(struct k_msgq *, const void *))
{
    unsigned key = irq_lock();
    enum consequence consequence = KEEP_RUNNING;
    struct k_thread *reader = waiter_locked(msgq, true);

    if (reader != NULL) {
        consequence = hand_over_locked(reader, data);
    } else if (msgq->used_msgs < msgq->max_msgs) {
        store(msgq, data);
        if (poll_notify_locked(&msgq->pollers, POLL_MSGQ)) {
            consequence = choose_next_locked();
        }
    } else {
        return wait_locked(key, msgq, (void *)(uintptr_t)data, false, timeout);
    }
    reschedule(consequence, key);
    return 0;
}

/* Not inlined: the call without waiters must not pay for its registers. */
static __attribute__((noinline)) int put_last(struct k_msgq *msgq, const void *data,
                                              k_timeout_t timeout)
{
    return put(msgq, data, timeout, store_last);
}

int k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout)
{
    unsigned key = irq_lock();

    if (wait_queue_head_locked(&msgq->wait_q) != NULL || msgq->used_msgs >= msgq->max_msgs) {
        arch_irq_restore(key);
        return put_last(msgq, data, timeout);
    }
    store_last(msgq, data);
    if (poll_notify_locked(&msgq->pollers, POLL_MSGQ)) {
        reschedule(choose_next_locked(), key);
    } else {
        arch_irq_restore(key);
    }
    return 0;
}

int k_msgq_put_front(struct k_msgq *msgq, const void *data)
{
    return put(msgq, data, K_NO_WAIT, store_first);
}

static __attribute__((noinline)) int get(struct k_msgq *msgq, void *data, k_timeout_t timeout)
{
    unsigned key = irq_lock();
    enum consequence consequence = KEEP_RUNNING;
    struct k_thread *writer;

    if (msgq->used_msgs == 0) {
        return wait_locked(key, msgq, data, true, timeout);
    }
    fetch_first(msgq, data);
    writer = waiter_locked(msgq, false);
    if (writer != NULL) {
        store_last(msgq, ((struct msgq_request *)(void *)writer->request)->data);
        consequence = unpend_locked(writer, 0);
    }
    reschedule(consequence, key);
    return 0;
}

int k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout)
{
    unsigned key = irq_lock();

    if (wait_queue_head_locked(&msgq->wait_q) != NULL || msgq->used_msgs == 0) {
        arch_irq_restore(key);
        return get(msgq, data, timeout);
    }
    fetch_first(msgq, data);
    arch_irq_restore(key);
    return 0;
}

int k_msgq_peek_at(struct k_msgq *msgq, void *data, uint32_t index)
{
    unsigned key = irq_lock();
    int result = -ENOMSG;

    if (index < msgq->used_msgs) {
        size_t offset = index * msgq->msg_size;
        size_t until_wrap = (size_t)(msgq->buffer_end - msgq->read_ptr);
        const char *message = offset < until_wrap ? msgq->read_ptr + offset
                                                  : msgq->buffer_start + (offset - until_wrap);

        copy_message(msgq, data, message, data);
        result = 0;
    }
    irq_unlock(key);
    return result;
}

int k_msgq_peek(struct k_msgq *msgq, void *data)
{
    return k_msgq_peek_at(msgq, data, 0);
}

void k_msgq_purge(struct k_msgq *msgq)
{
    unsigned key = irq_lock();

    msgq->used_msgs = 0;
    msgq->read_ptr = msgq->write_ptr;
    if (waiter_locked(msgq, false) == NULL) {
        irq_unlock(key); /* who waits now waits for a message */
    } else {
        (void)object_wake_all(key, &msgq->wait_q, -ENOMSG);
    }
}

void k_msgq_init(struct k_msgq *msgq, char *buffer, size_t msg_size, uint32_t max_msgs)
{
    *msgq = (struct k_msgq)Z_MSGQ_INITIALIZER(*msgq, buffer, msg_size, max_msgs,
                                              ((uintptr_t)buffer & 3) == 0);
}

void k_msgq_get_attrs(struct k_msgq *msgq, struct k_msgq_attrs *attrs)
{
    unsigned key = irq_lock();

    attrs->msg_size = msgq->msg_size;
    attrs->max_msgs = msgq->max_msgs;
    attrs->used_msgs = msgq->used_msgs;
    irq_unlock(key);
}
