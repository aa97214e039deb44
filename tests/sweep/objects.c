/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of a hand-over, the handler aborting, moving and serving the
 * threads that take part. Nothing is lost but with a thread that had it, nothing comes out twice,
 * mutexes have living owners, priorities are those that O1 asks for.
 */
#include "sweep.h"

#define TEST_PRIORITY 6
#define TAKERS        2

static struct k_msgq msgq;
static uint32_t ring[4];
static struct k_queue queue;
static struct item {
    void *reserved;
    uint32_t bit;
} items[4];
static struct k_mutex mutex;

/* What the body and the handler gave, what came out, and how much a dead taker may have kept. */
static volatile uint32_t given;
static volatile uint32_t taken;
static volatile bool twice;
static unsigned may_lose;
static volatile bool answered[TAKERS];

static void note_taken(uint32_t bit)
{
    unsigned key = irq_lock();

    twice |= (taken & bit) != 0;
    taken |= bit;
    irq_unlock(key);
}

static void note_given(uint32_t bit)
{
    unsigned key = irq_lock();

    given |= bit;
    irq_unlock(key);
}

static void (*give)(uint32_t bit);
static uint32_t (*take)(k_timeout_t timeout);

static void give_message(uint32_t bit)
{
    if (k_msgq_put(&msgq, &bit, K_NO_WAIT) == 0) {
        note_given(bit);
    }
}

static uint32_t take_message(k_timeout_t timeout)
{
    uint32_t bit = 0;

    return k_msgq_get(&msgq, &bit, timeout) == 0 ? bit : 0;
}

static void give_item(uint32_t bit)
{
    struct item *item = &items[__builtin_ctz(bit)];

    item->bit = bit;
    note_given(bit);
    k_queue_append(&queue, item);
}

static uint32_t take_item(k_timeout_t timeout)
{
    const struct item *item = k_queue_get(&queue, timeout);

    return item == NULL ? 0 : item->bit;
}

static void taker_entry(void *p1, void *p2, void *p3)
{
    uint32_t bit = take(K_FOREVER);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    note_taken(bit);
    answered[(uintptr_t)p1] = true;
}

static void abort_taker(unsigned i)
{
    const struct k_thread *thread = worker(i);

    if (!answered[i] && thread->pended_on == NULL && thread->request == NULL) {
        may_lose++;
    }
    k_thread_abort(worker(i));
    answered[i] = true;
}

static void abort_first(void)
{
    abort_taker(0);
}

static void abort_second(void)
{
    abort_taker(1);
}

static void swap_takers(void)
{
    k_thread_priority_set(worker(0), TEST_PRIORITY - 3);
}

static void give_third(void)
{
    give(4);
}

static void take_one(void)
{
    note_taken(take(K_NO_WAIT));
}

static void pass_a_tick(void)
{
    timeout_announce(1);
}

static void prepare_takers(void)
{
    workers_end(NULL);
    k_msgq_init(&msgq, (char *)ring, sizeof(ring[0]), ARRAY_SIZE(ring));
    k_queue_init(&queue);
    given = 0;
    taken = 0;
    twice = false;
    may_lose = 0;
    for (unsigned i = 0; i < TAKERS; i++) {
        answered[i] = false;
        worker_start(i, taker_entry, (void *)(uintptr_t)i, NULL, TEST_PRIORITY - 1 - (int)i,
                     K_NO_WAIT);
    }
}

static void give_two(void)
{
    give(1);
    give(2);
}

static void check_takers(void)
{
    uint32_t bit;
    unsigned lost;

    while ((bit = take(K_NO_WAIT)) != 0) {
        zassert_true(answered[0] && answered[1], "a thing beside a waiter; point %u, pc %lx",
                     sweep_point(), sweep_pc());
        note_taken(bit);
    }
    lost = (unsigned)__builtin_popcount(given & ~taken);
    zassert_false(twice, "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_true(lost <= may_lose && (taken & ~given) == 0, "given %u, taken %u; point %u, pc %lx",
                 (unsigned)given, (unsigned)taken, sweep_point(), sweep_pc());
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_objects, NULL, NULL, before, workers_end, print_total);

static void sweep_hand_over(const char *name)
{
    static void (*const handlers[])(void) = {abort_first, abort_second, swap_takers,
                                             give_third,  take_one,     pass_a_tick};

    for (unsigned i = 0; i < ARRAY_SIZE(handlers); i++) {
        struct sweep sweep = {name, prepare_takers, give_two, handlers[i], check_takers};

        sweep_run(&sweep);
    }
}

ZTEST(sweep_objects, messages)
{
    give = give_message;
    take = take_message;
    sweep_hand_over("two k_msgq_put to waiting threads");
}

ZTEST(sweep_objects, items)
{
    give = give_item;
    take = take_item;
    sweep_hand_over("two k_queue_append to waiting threads");
}

/* A less urgent worker owns the mutex; the body waits for it, a more urgent worker, too. */

static void own_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutex, K_FOREVER);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY + 1);
    (void)k_mutex_unlock(&mutex);
    k_sleep(K_FOREVER);
}

static void lock_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_mutex_lock(&mutex, K_FOREVER);
    (void)k_mutex_unlock(&mutex);
}

static void prepare_owner(void)
{
    workers_end(NULL);
    zassert_ok(k_mutex_init(&mutex));
    worker_start(0, own_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_equal_ptr(mutex.owner, worker(0));
}

static void lock_and_unlock(void)
{
    (void)k_mutex_lock(&mutex, K_FOREVER);
    (void)k_mutex_unlock(&mutex);
}

static void abort_owner(void)
{
    k_thread_abort(worker(0));
}

static void start_rival(void)
{
    worker_start(1, lock_entry, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
}

static void lower_owner(void)
{
    k_thread_priority_set(worker(0), TEST_PRIORITY + 2);
}

static void raise_owner(void)
{
    k_thread_priority_set(worker(0), TEST_PRIORITY - 3);
}

static void check_owner(void)
{
    /* Whoever is left over runs to its end. */
    k_thread_priority_set(k_current_get(), TEST_PRIORITY + 3);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
    zassert_is_null(mutex.owner, "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_equal(k_thread_priority_get(k_current_get()), TEST_PRIORITY, "point %u, pc %lx",
                  sweep_point(), sweep_pc());
    if (k_thread_join(worker(0), K_NO_WAIT) != 0) {
        zassert_equal(k_thread_priority_get(worker(0)), worker(0)->base_priority,
                      "point %u, pc %lx", sweep_point(), sweep_pc());
    }
    zassert_ok(k_thread_join(worker(1), K_NO_WAIT), "point %u, pc %lx", sweep_point(), sweep_pc());
}

ZTEST(sweep_objects, mutex)
{
    static void (*const handlers[])(void) = {abort_owner, start_rival, lower_owner, raise_owner,
                                             pass_a_tick};

    for (unsigned i = 0; i < ARRAY_SIZE(handlers); i++) {
        struct sweep sweep = {"k_mutex_lock that waits, k_mutex_unlock", prepare_owner,
                              lock_and_unlock, handlers[i], check_owner};

        sweep_run(&sweep);
    }
}
