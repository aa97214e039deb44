/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k_stack: words, last in, first out. A word that is pushed while threads wait goes straight to the
 * first; one handed to a thread that died before it saw it goes on to the next or back on the
 * stack; only if that has filled up meanwhile it is lost with its receiver.
 */
#pragma once

#include "malloc.h"
#include "thread.h"

typedef uintptr_t stack_data_t;

/* All members are protected by the interrupt lock. */
struct k_stack {
    _wait_q_t wait_q;
    stack_data_t *base;
    stack_data_t *next; /* the first free place */
    stack_data_t *top;  /* behind the last place */
    uint8_t flags;
};

/* The buffer is the system heap's: k_stack_cleanup frees it. */
#define K_STACK_FLAG_ALLOC BIT(0)

#define Z_STACK_INITIALIZER(stack, buffer, num_entries)                                            \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(stack).wait_q), .base = (buffer), .next = (buffer),              \
        .top = (buffer) + (num_entries),                                                           \
    }

/* Defines an empty stack for `num_entries` words. */
#define K_STACK_DEFINE(name, num_entries)                                                          \
    static stack_data_t name##_buffer[num_entries] __noinit;                                       \
    struct k_stack name = Z_STACK_INITIALIZER(name, name##_buffer, num_entries)

/* Makes `stack` empty in `buffer` of num_entries words. Context: any; nobody may use it. */
void k_stack_init(struct k_stack *stack, stack_data_t *buffer, uint32_t num_entries);

/* As k_stack_init with a buffer from the system heap. 0, -ENOMEM. */
int32_t k_stack_alloc_init(struct k_stack *stack, uint32_t num_entries)
    SYSTEM_HEAP_CALL(k_stack_alloc_init);

/* Frees the buffer of k_stack_alloc_init. 0, -EAGAIN when threads wait. Context: any. */
int k_stack_cleanup(struct k_stack *stack) SYSTEM_HEAP_CALL(k_stack_cleanup);

/* Pushes a word. 0, -ENOMEM when full. Context: any. Bound: constant. */
int k_stack_push(struct k_stack *stack, stack_data_t data);

/*
 * Takes the word pushed last, waiting for one. Returns 0.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: -EBUSY empty and
 * K_NO_WAIT, -EAGAIN empty until the deadline. Bound: constant without waiting.
 */
int k_stack_pop(struct k_stack *stack, stack_data_t *data, k_timeout_t timeout);
