/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message queue: a ring of messages of one size, copied in and out. A message that is put while
 * threads wait for one is copied straight to the first of them, and a reader who makes room copies
 * the first waiting writer's message into it.
 *
 * A message handed to a thread that died before it saw it goes to the next reader or back to the
 * front; only if the queue has filled up meanwhile it is lost with its receiver.
 */
#pragma once

#include "malloc.h"
#include "poll_list.h"
#include "thread.h"

/* All members are protected by the interrupt lock. */
struct k_msgq {
    _wait_q_t wait_q; /* readers while it is empty, writers while it is full */
    size_t msg_size;  /* bytes */
    uint32_t max_msgs;
    uint32_t used_msgs;
    char *buffer_start;
    char *buffer_end;
    char *read_ptr;
    char *write_ptr;
    uint8_t flags;
    bool words; /* messages are words, and the ring is of words */
    struct poll_list pollers;
};

struct k_msgq_attrs {
    size_t msg_size; /* bytes */
    uint32_t max_msgs;
    uint32_t used_msgs;
};

/* The buffer is the system heap's: k_msgq_cleanup frees it. */
#define K_MSGQ_FLAG_ALLOC BIT(0)

#define Z_MSGQ_INITIALIZER(msgq, buffer, msg_bytes, msg_count, is_aligned)                         \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(msgq).wait_q), .msg_size = (msg_bytes), .max_msgs = (msg_count), \
        .buffer_start = (buffer), .buffer_end = (buffer) + (msg_bytes) * (msg_count),              \
        .read_ptr = (buffer), .write_ptr = (buffer), .words = (is_aligned) && (msg_bytes) == 4,    \
    }

/* Defines queue `name` for `msg_count` messages of `msg_bytes` bytes in a buffer at a multiple of
 * `align` bytes. */
#define K_MSGQ_DEFINE(name, msg_bytes, msg_count, align)                                           \
    static char name##_buffer[(msg_bytes) * (msg_count)] __noinit __aligned(align);                \
    struct k_msgq name =                                                                           \
        Z_MSGQ_INITIALIZER(name, name##_buffer, msg_bytes, msg_count, (align) % 4 == 0);           \
    BUILD_ASSERT((msg_count) > 0, "message queue " #name ": at least one message")

/* Makes `msgq` an empty queue in `buffer` of msg_size * max_msgs bytes. Context: any; nobody may
 * use it. Bound: constant. */
void k_msgq_init(struct k_msgq *msgq, char *buffer, size_t msg_size, uint32_t max_msgs);

/* As k_msgq_init with a buffer from the system heap. 0, -EINVAL when the product overflows, -ENOMEM
 * without memory. */
int k_msgq_alloc_init(struct k_msgq *msgq, size_t msg_size, uint32_t max_msgs)
    SYSTEM_HEAP_CALL(k_msgq_alloc_init);

/* Frees the buffer of k_msgq_alloc_init. 0, -EBUSY when threads wait. Context: any. */
int k_msgq_cleanup(struct k_msgq *msgq) SYSTEM_HEAP_CALL(k_msgq_cleanup);

/*
 * Puts a copy of the message at `data` behind the others, waiting for room. Returns 0.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: -ENOMSG full and
 * K_NO_WAIT, or purged while it waited; -EAGAIN full until the deadline. Bound: one copy, with
 * interrupts locked: words when the two addresses are multiples of 4, else bytes.
 */
int k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout);

/* As k_msgq_put with K_NO_WAIT, in front of the others. */
int k_msgq_put_front(struct k_msgq *msgq, const void *data);

/*
 * Takes the first message into `data`, waiting for one. Returns 0.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: -ENOMSG empty and
 * K_NO_WAIT, -EAGAIN empty until the deadline. Bound: two copies.
 */
int k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout);

/* Copies the first message, or the one `index` places behind it. 0, -ENOMSG when there is none.
 * Context: any. Bound: one copy. */
int k_msgq_peek(struct k_msgq *msgq, void *data);
int k_msgq_peek_at(struct k_msgq *msgq, void *data, uint32_t index);

/* Discards all messages; threads that wait to put one return -ENOMSG. Context: any. Bound: linear
 * in waiters, interrupts are opened between two. */
void k_msgq_purge(struct k_msgq *msgq);

/* Context: any. Bound: constant. */
void k_msgq_get_attrs(struct k_msgq *msgq, struct k_msgq_attrs *attrs);

static inline uint32_t k_msgq_num_free_get(struct k_msgq *msgq)
{
    return msgq->max_msgs - msgq->used_msgs;
}

static inline uint32_t k_msgq_num_used_get(struct k_msgq *msgq)
{
    return msgq->used_msgs;
}
