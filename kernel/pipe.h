/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipe: a stream of bytes through a ring. Readers wait while it is empty, writers while it is full;
 * who comes with bytes or room serves the waiters in order, one call after the other, without
 * mixing the bytes of two calls that need not wait.
 *
 * Bytes that were copied to a reader are read, and bytes that a writer has put are written, even if
 * that thread dies before its call returns; k_pipe_reset begins a new stream.
 */
#pragma once

#include "poll_list.h"
#include "thread.h"

/* All members are protected by the interrupt lock. */
struct k_pipe {
    _wait_q_t readers;
    _wait_q_t writers;
    uint8_t *buffer;
    size_t size_bytes;
    size_t used_bytes;
    size_t first; /* index of the oldest byte */
    bool open;
    struct poll_list pollers;
};

#define Z_PIPE_INITIALIZER(pipe, pipe_buffer, buffer_bytes)                                        \
    {                                                                                              \
        .readers = Z_WAIT_Q_INIT(&(pipe).readers), .writers = Z_WAIT_Q_INIT(&(pipe).writers),      \
        .buffer = (pipe_buffer), .size_bytes = (buffer_bytes), .open = true,                       \
    }

/* Defines an open, empty pipe `name` with a ring of `buffer_bytes` at a multiple of `align`. */
#define K_PIPE_DEFINE(name, buffer_bytes, align)                                                   \
    static uint8_t name##_buffer[buffer_bytes] __noinit __aligned(align);                          \
    struct k_pipe name = Z_PIPE_INITIALIZER(name, name##_buffer, buffer_bytes)

/* Makes `pipe` open and empty with a ring of `buffer_bytes` (0: every byte goes from a writer's
 * buffer straight to a reader's). Context: any; nobody may use it. Bound: constant. */
void k_pipe_init(struct k_pipe *pipe, uint8_t *buffer, size_t buffer_bytes);

/*
 * Writes `len` bytes, waiting for room until all are written. Returns the bytes written: less than
 * `len` after the deadline or with K_NO_WAIT. Context: thread; ISR and before the scheduler with
 * K_NO_WAIT. Fails iff: -EAGAIN none could be written, -EPIPE the pipe is or was closed meanwhile,
 * -ECANCELED it was reset while the call waited, -EOVERFLOW len above INT_MAX. Bound: linear in the
 * bytes copied at once and the readers served, with interrupts locked.
 */
int k_pipe_write(struct k_pipe *pipe, const uint8_t *data, size_t len, k_timeout_t timeout);

/*
 * Reads `len` bytes, waiting for more until all are there. Returns the bytes read: less than `len`
 * after the deadline, with K_NO_WAIT, or when the pipe was closed. Context: thread; ISR and before
 * the scheduler with K_NO_WAIT. Fails iff: -EAGAIN there were none, -EPIPE there were none and the
 * pipe is closed, -ECANCELED it was reset while the call waited, -EOVERFLOW len above INT_MAX.
 * Bound: linear in the bytes copied at once and the writers served, with interrupts locked.
 */
int k_pipe_read(struct k_pipe *pipe, uint8_t *data, size_t len, k_timeout_t timeout);

/* Discards the bytes in the ring; who waits returns -ECANCELED. Context: any. Bound: linear in
 * waiters, interrupts are opened between two. */
void k_pipe_reset(struct k_pipe *pipe);

/* No byte can be written any more, those in the ring can be read; who waits returns. Context: any.
 * Bound: as k_pipe_reset. */
void k_pipe_close(struct k_pipe *pipe);
