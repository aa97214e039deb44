/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Races of hand-off, timeout, abort and interrupts, on the PC: a scenario of waiting, freeing and
 * moving is run again and again, each time with an interrupt at another of the places where the
 * kernel unmasks interrupts, and with each pair of interrupts up to a distance.
 */
#include "../../kernel/arch/host/host.h"
#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 5
#define HEAP_BYTES    1024
#define BLOCKS        14
#define WAITERS       3
#define PAIR_DISTANCE 40
#define EXTRA_BLOCKS  2

static struct k_heap heap;
static char buffer[HEAP_BYTES] __aligned(8);

/* Allocated blocks by owner; the interrupt and the scenario take each out before they free it. */
static void *blocks[BLOCKS];
static void *extra[EXTRA_BLOCKS];

struct waiter {
    size_t bytes;
    int old; /* index of the block to realloc, -1: plain allocation */
    k_timeout_t timeout;
    int priority;
    bool started;
    bool answered;
    void *block;
    bool may_leak; /* aborted when the block was perhaps already its own */
};

static struct waiter waiters[WAITERS];

static void *take_block(unsigned index)
{
    void *block = blocks[index];

    blocks[index] = NULL;
    return block;
}

static void wait_entry(void *p1, void *p2, void *p3)
{
    struct waiter *waiter = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    if (waiter->old >= 0) {
        waiter->block = k_heap_realloc(&heap, blocks[waiter->old], waiter->bytes, waiter->timeout);
    } else {
        waiter->block = k_heap_alloc(&heap, waiter->bytes, waiter->timeout);
    }
    waiter->answered = true;
}

static void start_waiter(unsigned i)
{
    waiters[i].started = true;
    waiters[i].answered = false;
    worker_start(i, wait_entry, &waiters[i], NULL, waiters[i].priority, K_NO_WAIT);
}

/* Whoever waits, or holds a block that it has not seen, loses nothing when it dies. */
static void abort_waiter(unsigned i)
{
    const struct k_thread *thread = worker(i);

    if (waiters[i].started && !waiters[i].answered && thread->pended_on == NULL &&
        thread->request == NULL) {
        waiters[i].may_leak = true;
    }
    k_thread_abort(worker(i));
}

/* Interrupts. */

static void free_sixth(void)
{
    k_heap_free(&heap, take_block(6));
}

static void free_neighbour_of_old(void)
{
    k_heap_free(&heap, take_block(9));
}

static void allocate_little(void)
{
    for (unsigned i = 0; i < EXTRA_BLOCKS; i++) {
        if (extra[i] == NULL) {
            extra[i] = k_heap_alloc(&heap, 24, K_NO_WAIT);
            return;
        }
    }
}

static void shrink(void)
{
    if (blocks[10] != NULL) {
        zassert_not_null(k_heap_realloc(&heap, blocks[10], 8, K_NO_WAIT));
    }
}

static void tick(void)
{
    timeout_announce(1);
}

static void abort_first(void)
{
    abort_waiter(0);
}

static void abort_second(void)
{
    abort_waiter(1);
}

static void abort_third(void)
{
    abort_waiter(2);
}

static void restart_first(void)
{
    abort_waiter(0);
    if (!waiters[0].answered && !waiters[0].may_leak) {
        start_waiter(0);
    }
}

static void suspend_or_resume(void)
{
    if (waiters[0].started) {
        char state[32];

        if (strstr(k_thread_state_str(worker(0), state, sizeof(state)), "suspended") != NULL) {
            k_thread_resume(worker(0));
        } else {
            k_thread_suspend(worker(0));
        }
    }
}

static void raise_second(void)
{
    k_thread_priority_set(worker(1), 2);
}

static void (*const actions[])(void) = {
    free_sixth,    free_neighbour_of_old, allocate_little, shrink,
    tick,          abort_first,           abort_second,    abort_third,
    restart_first, suspend_or_resume,     raise_second};

/* The interrupts of this run: action `what` at unlock number `when`. */
static struct {
    unsigned when[2];
    unsigned what[2];
    unsigned unlocks;
} plan;

static void at_unlock(void)
{
    for (unsigned i = 0; i < 2; i++) {
        if (plan.unlocks == plan.when[i]) {
            actions[plan.what[i]]();
        }
    }
    plan.unlocks++;
}

static void set_up_run(void)
{
    size_t left;

    k_heap_init(&heap, buffer, sizeof(buffer));
    for (unsigned i = 0; i < BLOCKS; i++) {
        left = sys_heap_largest_free_block(&heap.heap);
        blocks[i] = k_heap_alloc(&heap, i == BLOCKS - 1 ? left : 56, K_NO_WAIT);
        zassert_not_null(blocks[i]);
    }
    zassert_equal(sys_heap_largest_free_block(&heap.heap), 0);
    waiters[0] = (struct waiter){.bytes = 100, .old = -1, .timeout = K_FOREVER, .priority = 4};
    waiters[1] = (struct waiter){.bytes = 56, .old = -1, .timeout = K_TICKS(3), .priority = 6};
    waiters[2] = (struct waiter){.bytes = 120, .old = 8, .timeout = K_FOREVER, .priority = 4};
    memset(extra, 0, sizeof(extra));
}

static void scenario(void)
{
    void *mine;

    start_waiter(0);
    start_waiter(1);
    start_waiter(2);
    k_sleep(K_TICKS(1));
    k_heap_free(&heap, take_block(2));
    k_heap_free(&heap, take_block(3));
    if (blocks[5] != NULL) {
        zassert_not_null(k_heap_realloc(&heap, blocks[5], 16, K_NO_WAIT));
    }
    mine = k_heap_alloc(&heap, 40, K_TICKS(2));
    k_sleep(K_TICKS(3));
    k_heap_free(&heap, mine);
    k_heap_free(&heap, take_block(4));
    k_sleep(K_TICKS(1));
}

static void free_everything(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        k_thread_resume(worker(i));
        abort_waiter(i);
        if (waiters[i].answered && waiters[i].block != NULL) {
            k_heap_free(&heap, waiters[i].block);
            if (waiters[i].old >= 0) {
                blocks[waiters[i].old] = NULL; /* moved, or the same block */
            }
        }
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        bool perhaps_moved = waiters[2].may_leak && i == (unsigned)waiters[2].old;

        if (!perhaps_moved) {
            k_heap_free(&heap, take_block(i));
        }
    }
    for (unsigned i = 0; i < EXTRA_BLOCKS; i++) {
        k_heap_free(&heap, extra[i]);
    }
}

/* W1: nobody waits beside memory that would do. */
static void check_waiters(void)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        void *block;

        if (worker(i)->pended_on == &heap.wait_q) {
            block = k_heap_alloc(&heap, waiters[i].bytes, K_NO_WAIT);
            zassert_is_null(block, "waiter %u sleeps beside its block; interrupts %u, %u at %u, %u",
                            i, plan.what[0], plan.what[1], plan.when[0], plan.when[1]);
        }
    }
}

static unsigned runs;

static void run_once(unsigned when_0, unsigned what_0, unsigned when_1, unsigned what_1)
{
    struct k_heap_wait_stats stats;
    struct sys_memory_stats memory;
    bool may_leak;

    set_up_run();
    plan.when[0] = when_0;
    plan.what[0] = what_0;
    plan.when[1] = when_1;
    plan.what[1] = what_1;
    plan.unlocks = 0;
    host_unlock_hook = at_unlock;
    scenario();
    host_unlock_hook = NULL;
    runs++;
    check_waiters();
    zassert_true(sys_heap_validate(&heap.heap));
    free_everything();
    may_leak = waiters[0].may_leak || waiters[1].may_leak || waiters[2].may_leak;
    zassert_ok(k_heap_wait_stats_get(&heap, &stats));
    zassert_ok(sys_heap_runtime_stats_get(&heap.heap, &memory));
    zassert_equal(stats.grants, stats.wakeups, "interrupts %u, %u at %u, %u", what_0, what_1,
                  when_0, when_1);
    zassert_true(memory.allocated_bytes == 0 || may_leak,
                 "a block is lost; interrupts %u, %u at %u, %u", what_0, what_1, when_0, when_1);
    zassert_true(sys_heap_validate(&heap.heap));
    workers_end(NULL);
}

#define NEVER UINT32_MAX

static unsigned unlocks_of_scenario(void)
{
    run_once(NEVER, 0, NEVER, 0);
    return plan.unlocks;
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    runs = 0;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void after(void *fixture)
{
    host_unlock_hook = NULL;
    workers_end(fixture);
}

ZTEST_SUITE(kheap_race, NULL, NULL, before, after, NULL);

ZTEST(kheap_race, undisturbed_scenario_serves_all)
{
    set_up_run();
    scenario();
    zassert_not_null(waiters[0].block);
    zassert_true(waiters[1].answered);
    zassert_false(waiters[2].answered, "its room never comes without an interrupt");
    free_everything();
}

ZTEST(kheap_race, one_interrupt_anywhere)
{
    unsigned places = unlocks_of_scenario();

    for (unsigned when = 0; when < places; when++) {
        for (unsigned what = 0; what < ARRAY_SIZE(actions); what++) {
            run_once(when, what, NEVER, 0);
        }
    }
    printk("# %u places, %u runs\n", places, runs);
}

ZTEST(kheap_race, two_interrupts_anywhere)
{
    unsigned places = unlocks_of_scenario();

    for (unsigned when = 0; when < places; when++) {
        for (unsigned distance = 0; distance < PAIR_DISTANCE; distance++) {
            for (unsigned what = 0; what < ARRAY_SIZE(actions) * ARRAY_SIZE(actions); what++) {
                run_once(when, what % ARRAY_SIZE(actions), when + distance,
                         what / ARRAY_SIZE(actions));
            }
        }
    }
    printk("# %u places, %u runs\n", places, runs);
}
