/* SPDX-License-Identifier: Apache-2.0 */
#include "pipe.h"

#include <limits.h>

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

/* One call's bytes; on its stack. */
struct transfer {
    struct grant grant; /* first: found through the thread */
    uint8_t *data;      /* the next byte */
    size_t left_bytes;
};

static void nothing_to_undo(struct grant *grant)
{
    ARG_UNUSED(grant);
}

static struct transfer *transfer_of(const struct k_thread *waiter)
{
    return (struct transfer *)(void *)waiter->request;
}

/* Moves bytes between two calls. */
static void pass(struct transfer *to, struct transfer *from)
{
    size_t bytes = MIN(to->left_bytes, from->left_bytes);

    object_copy(to->data, from->data, bytes);
    to->data += bytes;
    to->left_bytes -= bytes;
    from->data += bytes;
    from->left_bytes -= bytes;
}

/* The bytes from index `at` to the end of the ring or to `limit`, whichever comes first. */
static struct transfer stretch(struct k_pipe *pipe, size_t at, size_t limit_bytes)
{
    at = at >= pipe->size_bytes ? at - pipe->size_bytes : at;
    return (struct transfer){.data = pipe->buffer + at,
                             .left_bytes = MIN(limit_bytes, pipe->size_bytes - at)};
}

static void ring_put(struct k_pipe *pipe, struct transfer *from)
{
    while (from->left_bytes != 0 && pipe->used_bytes < pipe->size_bytes) {
        struct transfer room =
            stretch(pipe, pipe->first + pipe->used_bytes, pipe->size_bytes - pipe->used_bytes);
        size_t room_bytes = room.left_bytes;

        pass(&room, from);
        pipe->used_bytes += room_bytes - room.left_bytes;
    }
}

static void ring_get(struct k_pipe *pipe, struct transfer *to)
{
    while (to->left_bytes != 0 && pipe->used_bytes != 0) {
        struct transfer bytes = stretch(pipe, pipe->first, pipe->used_bytes);
        const uint8_t *start = bytes.data;

        pass(to, &bytes);
        pipe->used_bytes -= (size_t)(bytes.data - start);
        pipe->first = (size_t)(bytes.data - pipe->buffer);
        pipe->first = pipe->first == pipe->size_bytes ? 0 : pipe->first;
    }
}

/* Ends the wait of whoever has nothing left to do; returns whether it did. */
static bool finish(struct k_thread *waiter)
{
    if (transfer_of(waiter)->left_bytes != 0) {
        return false;
    }
    superseded(unpend_locked(waiter, 0));
    return true;
}

/* Readers wait only while the ring is empty, so they come first. */
static void write_locked(struct k_pipe *pipe, struct transfer *from)
{
    struct k_thread *reader;

    while (from->left_bytes != 0 && (reader = wait_queue_head_locked(&pipe->readers)) != NULL) {
        pass(transfer_of(reader), from);
        (void)finish(reader);
    }
    ring_put(pipe, from);
}

/* Writers wait only while the ring is full: their bytes follow those in it. */
static void read_locked(struct k_pipe *pipe, struct transfer *to)
{
    struct k_thread *writer;

    ring_get(pipe, to);
    while ((writer = wait_queue_head_locked(&pipe->writers)) != NULL) {
        pass(to, transfer_of(writer));
        ring_put(pipe, transfer_of(writer));
        if (!finish(writer)) {
            return;
        }
    }
}

/* Waits, if it may, for the rest of `transfer`. Returns 0 when nothing is left. */
static int wait_for_rest(unsigned key, _wait_q_t *wait_q, struct transfer *transfer,
                         k_timeout_t timeout)
{
    if (transfer->left_bytes == 0 || K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        reschedule(choose_next_locked(), key);
        return transfer->left_bytes == 0 ? 0 : -EAGAIN;
    }
    return object_wait(key, wait_q, &transfer->grant, timeout);
}

int k_pipe_write(struct k_pipe *pipe, const uint8_t *data, size_t len, k_timeout_t timeout)
{
    struct transfer from = {{nothing_to_undo}, (uint8_t *)(uintptr_t)data, len};
    unsigned key = irq_lock();
    int written;
    int result;

    if (len > INT_MAX || !pipe->open) {
        irq_unlock(key);
        return len > INT_MAX ? -EOVERFLOW : -EPIPE;
    }
    write_locked(pipe, &from);
    if (pipe->used_bytes != 0) {
        (void)poll_notify_locked(&pipe->pollers, POLL_PIPE);
    }
    result = wait_for_rest(key, &pipe->writers, &from, timeout);
    written = (int)(len - from.left_bytes);
    return result == 0 || (result == -EAGAIN && written != 0) ? written : result;
}

int k_pipe_read(struct k_pipe *pipe, uint8_t *data, size_t len, k_timeout_t timeout)
{
    struct transfer to = {{nothing_to_undo}, data, len};
    unsigned key = irq_lock();
    int read;
    int result;

    if (len > INT_MAX) {
        irq_unlock(key);
        return -EOVERFLOW;
    }
    read_locked(pipe, &to);
    if (pipe->open) {
        result = wait_for_rest(key, &pipe->readers, &to, timeout);
    } else {
        reschedule(choose_next_locked(), key);
        result = to.left_bytes == 0 ? 0 : -EPIPE;
    }
    read = (int)(len - to.left_bytes);
    return result == 0 || (result != -ECANCELED && read != 0) ? read : result;
}

struct wake_task {
    struct object_task task; /* first: step gets it back */
    struct k_pipe *pipe;
    int result;
};

static bool wake_one(struct object_task *task)
{
    struct wake_task *wake = (struct wake_task *)(void *)task;
    struct k_thread *waiter = wait_queue_head_locked(&wake->pipe->readers);

    waiter = waiter == NULL ? wait_queue_head_locked(&wake->pipe->writers) : waiter;
    if (waiter == NULL) {
        return false;
    }
    superseded(unpend_locked(waiter, wake->result));
    return true;
}

void k_pipe_reset(struct k_pipe *pipe)
{
    struct wake_task wake = {{.step = wake_one}, pipe, -ECANCELED};
    unsigned key = irq_lock();

    pipe->used_bytes = 0;
    object_do(key, &wake.task);
}

void k_pipe_close(struct k_pipe *pipe)
{
    struct wake_task wake = {{.step = wake_one}, pipe, -EPIPE};
    unsigned key = irq_lock();

    pipe->open = false;
    object_do(key, &wake.task);
}

void k_pipe_init(struct k_pipe *pipe, uint8_t *buffer, size_t buffer_bytes)
{
    *pipe = (struct k_pipe)Z_PIPE_INITIALIZER(*pipe, buffer, buffer_bytes);
}
