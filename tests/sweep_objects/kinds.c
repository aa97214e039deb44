/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds.h"

/* More than the units that a sweep makes. */
#define ROOM 4

static struct k_sem sem;
static struct k_msgq msgq;
static struct k_fifo fifo;
static struct k_stack stack;
static struct k_mem_slab slab;
static struct k_pipe pipe;
static struct k_event event;

static uint32_t messages[ROOM];
static stack_data_t entries[ROOM];
static uint8_t pipe_bytes[ROOM];

static void init_sem(void)
{
    k_sem_init(&sem, 0, ROOM);
}

static bool take_sem(enum actor actor, k_timeout_t timeout)
{
    ARG_UNUSED(actor);
    return k_sem_take(&sem, timeout) == 0;
}

static bool give_sem(enum actor actor)
{
    ARG_UNUSED(actor);
    k_sem_give(&sem);
    return true;
}

static unsigned left_sem(void)
{
    return k_sem_count_get(&sem);
}

/* A poll that is answered takes nothing, so it may have to ask again. */
static bool take_polled(enum actor actor, k_timeout_t timeout)
{
    struct k_poll_event polled;

    ARG_UNUSED(actor);
    k_poll_event_init(&polled, K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem);
    do {
        polled.state = K_POLL_STATE_NOT_READY;
        if (k_poll(&polled, 1, timeout) != 0) {
            return false;
        }
    } while (k_sem_take(&sem, K_NO_WAIT) != 0);
    return true;
}

static void init_msgq(void)
{
    k_msgq_init(&msgq, (char *)messages, sizeof(messages[0]), ROOM);
}

static bool take_message(enum actor actor, k_timeout_t timeout)
{
    uint32_t message;

    ARG_UNUSED(actor);
    return k_msgq_get(&msgq, &message, timeout) == 0;
}

static bool give_message(enum actor actor)
{
    uint32_t message = actor;

    return k_msgq_put(&msgq, &message, K_NO_WAIT) == 0;
}

static unsigned left_messages(void)
{
    return msgq.used_msgs;
}

/* The unit is room for a message. */
static void init_room(void)
{
    uint32_t message = 0;

    init_msgq();
    while (k_msgq_put(&msgq, &message, K_NO_WAIT) == 0) {
    }
}

static bool take_room(enum actor actor, k_timeout_t timeout)
{
    uint32_t message = actor;

    return k_msgq_put(&msgq, &message, timeout) == 0;
}

static bool give_room(enum actor actor)
{
    return take_message(actor, K_NO_WAIT);
}

static unsigned left_room(void)
{
    return ROOM - msgq.used_msgs;
}

static struct item {
    void *reserved;
    unsigned actor;
} items[ACTORS][ROOM];
static unsigned next_item[ACTORS];

static void init_fifo(void)
{
    memset(next_item, 0, sizeof(next_item));
    k_fifo_init(&fifo);
}

static bool take_item(enum actor actor, k_timeout_t timeout)
{
    ARG_UNUSED(actor);
    return k_fifo_get(&fifo, timeout) != NULL;
}

static bool give_item(enum actor actor)
{
    if (next_item[actor] == ROOM) {
        return false;
    }
    k_fifo_put(&fifo, &items[actor][next_item[actor]++]);
    return true;
}

/* Items in the queue cannot be counted without taking them. */
static unsigned left_items(void)
{
    unsigned count = 0;

    for (struct item *item = k_fifo_peek_head(&fifo); item != NULL && count < ACTORS * ROOM;
         item = item == k_fifo_peek_tail(&fifo) ? NULL : item->reserved) {
        count++;
    }
    return count;
}

static void init_stack(void)
{
    k_stack_init(&stack, entries, ROOM);
}

static bool take_entry(enum actor actor, k_timeout_t timeout)
{
    stack_data_t data;

    ARG_UNUSED(actor);
    return k_stack_pop(&stack, &data, timeout) == 0;
}

static bool give_entry(enum actor actor)
{
    return k_stack_push(&stack, actor) == 0;
}

static unsigned left_entries(void)
{
    return (unsigned)(stack.next - stack.base);
}

/* Each actor but the waiter begins with blocks to give back. */
static char slab_buffer[ACTORS * ROOM * 8] __aligned(8);
static void *held[ACTORS][ROOM + 2];
static unsigned held_count[ACTORS];

static bool take_block(enum actor actor, k_timeout_t timeout)
{
    void *block;

    if (k_mem_slab_alloc(&slab, &block, timeout) != 0) {
        return false;
    }
    held[actor][held_count[actor]++] = block;
    return true;
}

static bool give_block(enum actor actor)
{
    if (held_count[actor] == 0) {
        return false;
    }
    k_mem_slab_free(&slab, held[actor][--held_count[actor]]);
    return true;
}

static void init_slab(void)
{
    k_mem_slab_init(&slab, slab_buffer, 8, (ACTORS - 1) * 2);
    memset(held_count, 0, sizeof(held_count));
    for (enum actor actor = BODY; actor < ACTORS; actor++) {
        for (unsigned i = 0; i < 2 && actor != WAITER; i++) {
            zassert_true(take_block(actor, K_NO_WAIT));
        }
    }
}

static unsigned left_blocks(void)
{
    return k_mem_slab_num_free_get(&slab);
}

static void init_pipe(void)
{
    k_pipe_init(&pipe, pipe_bytes, sizeof(pipe_bytes));
}

static bool take_byte(enum actor actor, k_timeout_t timeout)
{
    uint8_t byte;

    ARG_UNUSED(actor);
    return k_pipe_read(&pipe, &byte, 1, timeout) == 1;
}

static bool give_byte(enum actor actor)
{
    uint8_t byte = (uint8_t)actor;

    return k_pipe_write(&pipe, &byte, 1, K_NO_WAIT) == 1;
}

static unsigned left_bytes(void)
{
    return (unsigned)pipe.used_bytes;
}

static void init_event(void)
{
    k_event_init(&event);
}

static bool take_event(enum actor actor, k_timeout_t timeout)
{
    ARG_UNUSED(actor);
    return k_event_wait_safe(&event, 1, false, timeout) == 1;
}

static bool give_event(enum actor actor)
{
    ARG_UNUSED(actor);
    (void)k_event_post(&event, 1);
    return true;
}

static unsigned left_events(void)
{
    return k_event_test(&event, 1);
}

const struct kind kinds[] = {
    {"k_sem", init_sem, take_sem, give_sem, left_sem, &sem.wait_q, false, false},
    {"k_poll", init_sem, take_polled, give_sem, left_sem, NULL, false, false},
    {"k_msgq, reading", init_msgq, take_message, give_message, left_messages, &msgq.wait_q, false,
     false},
    {"k_msgq, writing", init_room, take_room, give_room, left_room, &msgq.wait_q, false, true},
    {"k_fifo", init_fifo, take_item, give_item, left_items, &fifo._queue.wait_q, false, false},
    {"k_stack", init_stack, take_entry, give_entry, left_entries, &stack.wait_q, false, false},
    {"k_mem_slab", init_slab, take_block, give_block, left_blocks, &slab.wait_q, false, false},
    {"k_pipe", init_pipe, take_byte, give_byte, left_bytes, &pipe.readers, false, true},
    {"k_event", init_event, take_event, give_event, left_events, &event.wait_q, true, false},
};
const unsigned kind_count = ARRAY_SIZE(kinds);
