/* SPDX-License-Identifier: Apache-2.0 */
#include "stack.h"

#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

/* On the stack of a waiter. */
struct stack_request {
    struct grant grant; /* first: undo gets it back */
    struct k_stack *stack;
    stack_data_t data;
    bool served;
};

/* False when it is full. */
static bool push_locked(struct k_stack *stack, stack_data_t data, enum consequence *consequence)
{
    struct k_thread *waiter = wait_queue_head_locked(&stack->wait_q);

    *consequence = KEEP_RUNNING;
    if (waiter != NULL) {
        struct stack_request *request = (struct stack_request *)(void *)waiter->request;

        request->data = data;
        request->served = true;
        *consequence = unpend_locked(waiter, 0);
    } else if (stack->next < stack->top) {
        *stack->next++ = data;
    } else {
        return false;
    }
    return true;
}

static void pass_word_on(struct grant *grant)
{
    struct stack_request *request = (struct stack_request *)(void *)grant;
    enum consequence consequence;

    if (request->served) {
        (void)push_locked(request->stack, request->data, &consequence);
    }
}

void k_stack_init(struct k_stack *stack, stack_data_t *buffer, uint32_t num_entries)
{
    *stack = (struct k_stack)Z_STACK_INITIALIZER(*stack, buffer, num_entries);
}

int k_stack_push(struct k_stack *stack, stack_data_t data)
{
    enum consequence consequence;
    unsigned key = irq_lock();
    bool pushed = push_locked(stack, data, &consequence);

    reschedule(consequence, key);
    return pushed ? 0 : -ENOMEM;
}

int k_stack_pop(struct k_stack *stack, stack_data_t *data, k_timeout_t timeout)
{
    struct stack_request request = {{pass_word_on}, stack, 0, false};
    unsigned key = irq_lock();
    int result = 0;

    if (stack->next > stack->base) {
        *data = *--stack->next;
    } else if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        result = -EBUSY;
    } else {
        result = object_wait(key, &stack->wait_q, &request.grant, timeout);
        if (result == 0) {
            *data = request.data;
        }
        return result;
    }
    irq_unlock(key);
    return result;
}
