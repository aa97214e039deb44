/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k_poll: waits for any of several objects. It takes nothing: a poll that returns says what was
 * there, and others may have taken it meanwhile. Threads that wait for the object itself are served
 * first; of several polls one is told, the one whose thread was the most urgent when it began. A
 * poll whose thread dies leaves no trace, and if it had been told, the next one is.
 */
#pragma once

#include "msgq.h"
#include "pipe.h"
#include "poll_list.h"
#include "queue.h"
#include "sem.h"

/* What an event waits for. */
#define K_POLL_TYPE_IGNORE              0
#define K_POLL_TYPE_SIGNAL              POLL_SIGNAL
#define K_POLL_TYPE_SEM_AVAILABLE       POLL_SEM
#define K_POLL_TYPE_DATA_AVAILABLE      POLL_QUEUE
#define K_POLL_TYPE_FIFO_DATA_AVAILABLE K_POLL_TYPE_DATA_AVAILABLE
#define K_POLL_TYPE_MSGQ_DATA_AVAILABLE POLL_MSGQ
#define K_POLL_TYPE_PIPE_DATA_AVAILABLE POLL_PIPE

/* What it found. */
#define K_POLL_STATE_NOT_READY           0
#define K_POLL_STATE_SIGNALED            POLL_SIGNAL
#define K_POLL_STATE_SEM_AVAILABLE       POLL_SEM
#define K_POLL_STATE_DATA_AVAILABLE      POLL_QUEUE
#define K_POLL_STATE_FIFO_DATA_AVAILABLE K_POLL_STATE_DATA_AVAILABLE
#define K_POLL_STATE_MSGQ_DATA_AVAILABLE POLL_MSGQ
#define K_POLL_STATE_PIPE_DATA_AVAILABLE POLL_PIPE
#define K_POLL_STATE_CANCELLED           POLL_CANCELLED

enum k_poll_modes {
    K_POLL_MODE_NOTIFY_ONLY, /* the only one */
};

/* Protected by the interrupt lock. */
struct k_poll_signal {
    struct poll_list pollers;
    unsigned signaled;
    int result;
};

#define K_POLL_SIGNAL_INITIALIZER(signal)                                                          \
    {                                                                                              \
        .signaled = 0                                                                              \
    }

struct poller;

/* The caller sets `state` to K_POLL_STATE_NOT_READY before each poll. */
struct k_poll_event {
    sys_dnode_t node; /* in the object's list while a poll waits */
    struct poller *poller;
    uint8_t tag; /* the user's */
    uint8_t type;
    uint8_t state;
    uint8_t mode;
    union {
        void *obj;
        void *typed_K_POLL_TYPE_IGNORE;
        struct k_poll_signal *signal, *typed_K_POLL_TYPE_SIGNAL;
        struct k_sem *sem, *typed_K_POLL_TYPE_SEM_AVAILABLE;
        struct k_fifo *fifo, *typed_K_POLL_TYPE_FIFO_DATA_AVAILABLE;
        struct k_queue *queue, *typed_K_POLL_TYPE_DATA_AVAILABLE;
        struct k_msgq *msgq, *typed_K_POLL_TYPE_MSGQ_DATA_AVAILABLE;
        struct k_pipe *pipe, *typed_K_POLL_TYPE_PIPE_DATA_AVAILABLE;
    };
};

#define K_POLL_EVENT_INITIALIZER(event_type, event_mode, event_obj)                                \
    {                                                                                              \
        .type = (event_type), .mode = (event_mode), .obj = (event_obj)                             \
    }
#define K_POLL_EVENT_STATIC_INITIALIZER(event_type, event_mode, event_obj, event_tag)              \
    {                                                                                              \
        .tag = (event_tag), .type = (event_type), .mode = (event_mode), .obj = (event_obj)         \
    }

#ifdef CONFIG_POLL
/* Makes `event` one that waits for `type` of `obj`. Context: any. */
void k_poll_event_init(struct k_poll_event *event, uint32_t type, int mode, void *obj);

/*
 * Waits until at least one of the events is there; each that is has a state other than
 * K_POLL_STATE_NOT_READY then. Returns 0. Context: thread; ISR and before the scheduler with
 * K_NO_WAIT. Fails iff: -EAGAIN none is there and K_NO_WAIT, or not until the deadline; -EINTR a
 * queue's wait was cancelled; -EINVAL num_events negative or a type unknown. Bound: linear in
 * events and, for each, in the polls that wait for its object; interrupts are opened between two
 * events.
 */
int k_poll(struct k_poll_event *events, int num_events, k_timeout_t timeout);

/* Makes `signal` one that is not raised. Context: any. */
void k_poll_signal_init(struct k_poll_signal *signal);

/* Raises the signal with `result`, until it is reset. Returns 0. Context: any. Bound: constant. */
int k_poll_signal_raise(struct k_poll_signal *signal, int result);

/* Context: any. Bound: constant. */
void k_poll_signal_reset(struct k_poll_signal *signal);

/* Stores whether it is raised, and with which result. Context: any. Bound: constant. */
void k_poll_signal_check(struct k_poll_signal *signal, unsigned *signaled, int *result);
#endif
