/* SPDX-License-Identifier: Apache-2.0 */
/* Objects whose buffer comes from the system heap. */
#include "malloc.h"

#if K_HEAP_MEM_POOL_SIZE != 0

#include "../lib/errno.h"
#include "irq.h"
#include "msgq.h"
#include "object.h"
#include "stack.h"

/* False when threads wait: their buffer must stay. */
static bool nobody_waits(const _wait_q_t *wait_q)
{
    unsigned key = irq_lock();
    bool nobody = wait_queue_head_locked(wait_q) == NULL;

    irq_unlock(key);
    return nobody;
}

int k_msgq_alloc_init(struct k_msgq *msgq, size_t msg_size, uint32_t max_msgs)
{
    size_t bytes;
    char *buffer;

    if (size_mul_overflow(msg_size, max_msgs, &bytes)) {
        return -EINVAL;
    }
    buffer = k_malloc(bytes);
    if (buffer == NULL) {
        return -ENOMEM;
    }
    k_msgq_init(msgq, buffer, msg_size, max_msgs);
    msgq->flags = K_MSGQ_FLAG_ALLOC;
    return 0;
}

int k_msgq_cleanup(struct k_msgq *msgq)
{
    if (!nobody_waits(&msgq->wait_q)) {
        return -EBUSY;
    }
    if ((msgq->flags & K_MSGQ_FLAG_ALLOC) != 0) {
        k_free(msgq->buffer_start);
        msgq->flags = 0;
    }
    return 0;
}

int32_t k_stack_alloc_init(struct k_stack *stack, uint32_t num_entries)
{
    size_t bytes;
    stack_data_t *buffer;

    if (size_mul_overflow(num_entries, sizeof(stack_data_t), &bytes)) {
        return -ENOMEM;
    }
    buffer = k_malloc(bytes);
    if (buffer == NULL) {
        return -ENOMEM;
    }
    k_stack_init(stack, buffer, num_entries);
    stack->flags = K_STACK_FLAG_ALLOC;
    return 0;
}

int k_stack_cleanup(struct k_stack *stack)
{
    if (!nobody_waits(&stack->wait_q)) {
        return -EAGAIN;
    }
    if ((stack->flags & K_STACK_FLAG_ALLOC) != 0) {
        k_free(stack->base);
        stack->flags = 0;
    }
    return 0;
}

#endif
