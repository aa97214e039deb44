/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is given to an object comes out once: to a taker, to whoever drains it at the end, or it is
 * lost with a taker that was aborted when it perhaps had it. Nobody waits beside a thing that is
 * there. Values are bits.
 */
#include "race.h"

#define TAKERS 3

struct kind {
    void (*init)(void);
    uint32_t (*take)(k_timeout_t timeout); /* 0: nothing */
    bool (*give)(uint32_t value);
    bool (*somebody_waits)(void);
    bool shared;    /* one gift may satisfy several takers */
    bool dies_with; /* what was handed to a taker is lost with it */
};

static const struct kind *kind;

static struct taker {
    k_timeout_t timeout;
    int priority;
    bool started;
    bool answered;
    bool may_lose;
    uint32_t value;
} takers[TAKERS];

static uint32_t given;
static uint32_t taken;
static unsigned taken_twice;
static uint32_t next_value;

static void note_taken(uint32_t value)
{
    taken_twice += (taken & value) != 0;
    taken |= value;
}

static void take_entry(void *p1, void *p2, void *p3)
{
    struct taker *taker = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    taker->value = kind->take(taker->timeout);
    taker->answered = true;
}

static void start_taker(unsigned i)
{
    takers[i].started = true;
    takers[i].answered = false;
    worker_start(i, take_entry, &takers[i], NULL, takers[i].priority, K_NO_WAIT);
}

static void collect(struct taker *taker)
{
    if (taker->answered) {
        note_taken(taker->value);
        taker->value = 0;
    }
}

static void abort_taker(unsigned i)
{
    const struct k_thread *thread = worker(i);

    if (takers[i].started && !takers[i].answered && thread->pended_on == NULL &&
        (thread->request == NULL || kind->dies_with)) {
        takers[i].may_lose = true;
    }
    k_thread_abort(worker(i));
    collect(&takers[i]);
}

static void give_next(void)
{
    uint32_t value = next_value; /* taken first: the interrupt may be in the middle of this */

    next_value <<= 1;
    if (kind->give(value)) {
        given |= value;
    }
}

static void abort_first(void)
{
    abort_taker(0);
}

static void abort_second(void)
{
    abort_taker(1);
}

static void restart_first(void)
{
    abort_taker(0);
    if (!takers[0].may_lose && takers[0].started) {
        start_taker(0);
    }
}

static void suspend_second(void)
{
    if (takers[1].started) {
        k_thread_suspend(worker(1));
    }
}

static void resume_second(void)
{
    k_thread_resume(worker(1));
}

static void raise_third(void)
{
    if (takers[2].started && !takers[2].answered) {
        k_thread_priority_set(worker(2), TEST_PRIORITY - 5);
    }
}

static void take_in_interrupt(void)
{
    note_taken(kind->take(K_NO_WAIT));
}

static void (*const actions[])(void) = {race_tick,     abort_first,    abort_second,
                                        restart_first, suspend_second, resume_second,
                                        raise_third,   give_next,      take_in_interrupt};

static void scenario(void)
{
    for (unsigned i = 0; i < TAKERS; i++) {
        start_taker(i);
    }
    give_next();
    k_sleep(K_TICKS(1));
    give_next();
    note_taken(kind->take(K_TICKS(2)));
    k_sleep(K_TICKS(4));
    give_next();
    give_next();
    k_sleep(K_TICKS(1));
}

static bool nobody_waits_beside_a_thing(void)
{
    uint32_t value;

    if (!kind->somebody_waits()) {
        return true;
    }
    value = kind->take(K_NO_WAIT);
    note_taken(value);
    return value == 0;
}

static void drain(void)
{
    uint32_t value;

    while ((value = kind->take(K_NO_WAIT)) != 0) {
        note_taken(value);
    }
}

static void run(void)
{
    static const k_timeout_t timeouts[TAKERS] = {K_FOREVER, K_TICKS(3), K_FOREVER};
    unsigned may_lose = 0;
    unsigned lost;

    kind->init();
    given = 0;
    taken = 0;
    taken_twice = 0;
    next_value = 1;
    for (unsigned i = 0; i < TAKERS; i++) {
        takers[i] =
            (struct taker){.timeout = timeouts[i], .priority = TEST_PRIORITY - 1 - (i == 1)};
    }
    race_begin();
    scenario();
    race_end();
    k_thread_resume(worker(1));
    k_sleep(K_TICKS(1));
    zassert_true(race_check(nobody_waits_beside_a_thing(), "somebody waits beside a thing"));
    for (unsigned i = 0; i < TAKERS; i++) {
        abort_taker(i);
        may_lose += takers[i].may_lose;
    }
    drain();
    zassert_true(race_check(taken_twice == 0 || kind->shared, "a thing came out twice"));
    zassert_true(race_check((taken & ~given) == 0, "a thing came out of nothing"));
    lost = (unsigned)__builtin_popcount(given & ~taken);
    zassert_true(
        race_check(lost <= may_lose || (kind->shared && may_lose != 0), "a thing is lost"));
}

static void sweep(const struct kind *which, unsigned pair_distance)
{
    const struct race race = {run, actions, ARRAY_SIZE(actions), pair_distance};

    kind = which;
    race_sweep(&race);
}

/* Message queue. */

static struct k_msgq msgq;
static uint32_t ring[8];

static void init_msgq(void)
{
    k_msgq_init(&msgq, (char *)ring, sizeof(ring[0]), ARRAY_SIZE(ring));
}

static uint32_t take_message(k_timeout_t timeout)
{
    uint32_t message = 0;

    return k_msgq_get(&msgq, &message, timeout) == 0 ? message : 0;
}

static bool give_message(uint32_t value)
{
    return k_msgq_put(&msgq, &value, K_NO_WAIT) == 0;
}

static bool somebody_waits_for_msgq(void)
{
    return wait_queue_head_locked(&msgq.wait_q) != NULL;
}

ZTEST(obj_race, msgq)
{
    static const struct kind messages = {
        init_msgq, take_message, give_message, somebody_waits_for_msgq, false, false};

    sweep(&messages, 12);
}

/* Queue. */

static struct k_queue queue;
static struct item {
    void *reserved;
    uint32_t value;
} items[32];

static void init_queue(void)
{
    k_queue_init(&queue);
}

static uint32_t take_item(k_timeout_t timeout)
{
    const struct item *item = k_queue_get(&queue, timeout);

    return item == NULL ? 0 : item->value;
}

static bool give_item(uint32_t value)
{
    struct item *item = &items[__builtin_ctz(value)];

    item->value = value;
    k_queue_append(&queue, item);
    return true;
}

static bool somebody_waits_for_queue(void)
{
    return wait_queue_head_locked(&queue.wait_q) != NULL;
}

ZTEST(obj_race, queue)
{
    static const struct kind in_queue = {init_queue, take_item, give_item, somebody_waits_for_queue,
                                         false,      false};

    sweep(&in_queue, 12);
}

static bool give_list_of_one(uint32_t value)
{
    struct item *item = &items[__builtin_ctz(value)];

    *item = (struct item){NULL, value};
    return k_queue_append_list(&queue, item, item) == 0;
}

ZTEST(obj_race, queue_lists)
{
    static const struct kind in_queue = {
        init_queue, take_item, give_list_of_one, somebody_waits_for_queue, false, false};

    sweep(&in_queue, 8);
}

/* Stack. */

static struct k_stack stack;
static stack_data_t words[8];

static void init_stack(void)
{
    k_stack_init(&stack, words, ARRAY_SIZE(words));
}

static uint32_t take_word(k_timeout_t timeout)
{
    stack_data_t word = 0;

    return k_stack_pop(&stack, &word, timeout) == 0 ? (uint32_t)word : 0;
}

static bool give_word(uint32_t value)
{
    return k_stack_push(&stack, value) == 0;
}

static bool somebody_waits_for_stack(void)
{
    return wait_queue_head_locked(&stack.wait_q) != NULL;
}

ZTEST(obj_race, stack)
{
    static const struct kind on_stack = {init_stack, take_word, give_word, somebody_waits_for_stack,
                                         false,      false};

    sweep(&on_stack, 12);
}

/* Slab: a value is a block; all are taken at first. */

static struct k_mem_slab slab;
static void *blocks[8][2];

static void init_slab(void)
{
    void *mem;

    zassert_ok(k_mem_slab_init(&slab, blocks, sizeof(blocks[0]), ARRAY_SIZE(blocks)));
    while (k_mem_slab_alloc(&slab, &mem, K_NO_WAIT) == 0) {
    }
}

static uint32_t take_block(k_timeout_t timeout)
{
    void *mem;

    if (k_mem_slab_alloc(&slab, &mem, timeout) != 0) {
        return 0;
    }
    return UINT32_C(1) << ((void *(*)[2])mem - blocks);
}

static bool give_block(uint32_t value)
{
    k_mem_slab_free(&slab, blocks[__builtin_ctz(value)]);
    return true;
}

static bool somebody_waits_for_slab(void)
{
    return wait_queue_head_locked(&slab.wait_q) != NULL;
}

ZTEST(obj_race, slab)
{
    static const struct kind in_slab = {init_slab, take_block, give_block, somebody_waits_for_slab,
                                        false,     false};

    sweep(&in_slab, 12);
}

/* Events that a wait clears. */

static struct k_event event;

static void init_event(void)
{
    k_event_init(&event);
}

static uint32_t take_events(k_timeout_t timeout)
{
    return k_event_wait_safe(&event, UINT32_MAX, false, timeout);
}

static bool give_event(uint32_t value)
{
    (void)k_event_post(&event, value);
    return true;
}

static bool somebody_waits_for_event(void)
{
    return wait_queue_head_locked(&event.wait_q) != NULL;
}

ZTEST(obj_race, event)
{
    static const struct kind events = {
        init_event, take_events, give_event, somebody_waits_for_event, true, false};

    sweep(&events, 12);
}

/* Pipe: a byte is the number of a bit. */

static struct k_pipe pipe_;
static uint8_t bytes[8];

static void init_pipe(void)
{
    k_pipe_init(&pipe_, bytes, sizeof(bytes));
}

static uint32_t take_byte(k_timeout_t timeout)
{
    uint8_t byte;

    return k_pipe_read(&pipe_, &byte, 1, timeout) == 1 ? UINT32_C(1) << byte : 0;
}

static bool give_byte(uint32_t value)
{
    uint8_t byte = (uint8_t)__builtin_ctz(value);

    return k_pipe_write(&pipe_, &byte, 1, K_NO_WAIT) == 1;
}

static bool somebody_waits_for_pipe(void)
{
    return wait_queue_head_locked(&pipe_.readers) != NULL;
}

ZTEST(obj_race, pipe)
{
    static const struct kind in_pipe = {init_pipe, take_byte, give_byte, somebody_waits_for_pipe,
                                        false,     true};

    sweep(&in_pipe, 8);
}

/* Semaphore: its units have no names, so the n-th that is taken is called the n-th. */

static struct k_sem sem;
static uint32_t next_unit;

static void init_sem(void)
{
    zassert_ok(k_sem_init(&sem, 0, 32));
    next_unit = 1;
}

static uint32_t take_unit(k_timeout_t timeout)
{
    uint32_t unit;

    if (k_sem_take(&sem, timeout) != 0) {
        return 0;
    }
    unit = next_unit;
    next_unit <<= 1;
    return unit;
}

static bool give_unit(uint32_t value)
{
    ARG_UNUSED(value);
    k_sem_give(&sem);
    return true;
}

static bool somebody_waits_for_sem(void)
{
    return wait_queue_head_locked(&sem.wait_q) != NULL;
}

ZTEST(obj_race, sem)
{
    static const struct kind units = {init_sem, take_unit, give_unit, somebody_waits_for_sem,
                                      false,    false};

    sweep(&units, 12);
}

/* Polls for the queue: they are told of an item, and then try to get it. */

static uint32_t poll_and_take(k_timeout_t timeout)
{
    k_timepoint_t end = sys_timepoint_calc(timeout);

    for (;;) {
        struct k_poll_event poll_event =
            K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &queue);
        uint32_t value = take_item(K_NO_WAIT);

        if (value != 0 || k_poll(&poll_event, 1, sys_timepoint_timeout(end)) != 0) {
            return value;
        }
    }
}

static bool somebody_polls(void)
{
    return queue.pollers.events.next != NULL && !sys_dlist_is_empty(&queue.pollers.events);
}

ZTEST(obj_race, poll)
{
    static const struct kind polled = {init_queue,     poll_and_take, give_item,
                                       somebody_polls, false,         false};

    sweep(&polled, 12);
}
