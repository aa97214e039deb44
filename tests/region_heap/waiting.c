/* SPDX-License-Identifier: Apache-2.0 */
/* W1 over several regions. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "pool.h"

struct wait {
    char letter; /* traced when the answer is a block, '~' when it is NULL; 0: no trace */
    struct region_need need;
    size_t bytes;
    k_timeout_t timeout;
    void *old; /* not NULL: realloc of this block */
    void *block;
};

#define A         1u
#define B         2u
#define C         4u
#define BIG_BYTES (REGION_BYTES / 2)

static void *full[3];

static void before(void *fixture)
{
    static const uint32_t attrs[] = {A, B, C};

    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
    pool_make(attrs, 3);
    for (unsigned i = 0; i < 3; i++) {
        full[i] = fill_region(i);
    }
}

static void after(void *fixture)
{
    workers_end(fixture);
    zassert_true(region_pool_validate(&pool));
    zassert_equal(pool.wait_stats.grants, pool.wait_stats.wakeups);
}

ZTEST_SUITE(region_waiting, NULL, NULL, before, after, NULL);

static void wait_entry(void *p1, void *p2, void *p3)
{
    struct wait *wait = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    if (wait->old != NULL) {
        wait->block =
            region_pool_realloc(&pool, &wait->need, wait->old, wait->bytes, wait->timeout);
    } else {
        wait->block = region_pool_alloc(&pool, &wait->need, 0, wait->bytes, wait->timeout);
    }
    if (wait->letter != 0) {
        trace(wait->block == NULL ? '~' : wait->letter);
    }
}

static void start(unsigned index, struct wait *wait, int priority)
{
    worker_start(index, wait_entry, wait, NULL, priority, K_NO_WAIT);
}

static void free_and_run(unsigned index)
{
    region_pool_free(&pool, full[index]);
    k_sleep(K_TICKS(1));
}

ZTEST(region_waiting, W1_a_free_in_any_suitable_region_serves)
{
    struct wait wait = {'w', {.must_not = A}, BIG_BYTES, K_FOREVER, NULL, NULL};

    for (unsigned i = 1; i < 3; i++) {
        before(NULL);
        start(0, &wait, 3);
        zassert_true(trace_is(""));
        region_pool_free(&pool, full[0]);
        zassert_true(trace_is(""), "woken by a region that does not suit");
        region_pool_free(&pool, full[i]);
        zassert_true(trace_is("w"));
        zassert_equal(region_index(wait.block), (int)i);
        zassert_equal(pool.wait_stats.waits, 1);
        zassert_equal(pool.wait_stats.grants, 1);
    }
}

ZTEST(region_waiting, W1_the_block_is_in_hand_before_the_waiter_runs)
{
    struct wait wait = {'w', {.must = B}, BIG_BYTES, K_FOREVER, NULL, NULL};
    static const struct region_need need = {.must = B};

    start(0, &wait, 7);
    k_sleep(K_TICKS(1));
    region_pool_free(&pool, full[1]);
    zassert_is_null(region_pool_alloc(&pool, &need, 0, BIG_BYTES, K_NO_WAIT), "stolen");
    k_sleep(K_TICKS(1));
    zassert_true(trace_is("w"));
}

ZTEST(region_waiting, W1_priority_then_order_and_small_ones_pass)
{
    struct wait big = {'b', {.must_not = C}, BIG_BYTES, K_FOREVER, NULL, NULL};
    struct wait first = {'1', {.must_not = C}, BIG_BYTES, K_FOREVER, NULL, NULL};
    struct wait other = {'o', {.must = C}, BIG_BYTES, K_FOREVER, NULL, NULL};
    struct wait small = {'s', {0}, 8, K_FOREVER, NULL, NULL};

    start(0, &big, 4);
    start(1, &first, 3);
    start(2, &other, 2);
    start(3, &small, 8);
    k_sleep(K_TICKS(1));
    free_and_run(0);
    /* The most urgent suitable one and what is left beside it. */
    zassert_true(trace_is("1s"));
    free_and_run(1);
    zassert_true(trace_is("b"));
    free_and_run(2);
    zassert_true(trace_is("o"));
}

ZTEST(region_waiting, W1_preference_holds_for_waiters)
{
    struct wait wait = {'w', {.prefer = C, .must_not = A}, BIG_BYTES, K_FOREVER, NULL, NULL};
    unsigned key;

    start(0, &wait, 3);
    /* Two regions have room when the waiter is served: the lock is held around both releases. */
    sys_heap_free(&pool.slots[2].heap, full[2]);
    key = irq_lock();
    region_pool_free(&pool, full[1]);
    irq_unlock(key);
    k_sleep(K_TICKS(1));
    zassert_true(trace_is("w"));
    zassert_equal(region_index(wait.block), 2);
}

ZTEST(region_waiting, deadline_ends_the_wait)
{
    struct wait wait = {'w', {.must = B}, BIG_BYTES, K_TICKS(10), NULL, NULL};

    start(0, &wait, 3);
    k_sleep(K_TICKS(9));
    zassert_true(trace_is(""));
    k_sleep(K_TICKS(3));
    zassert_true(trace_is("~"));
    region_pool_free(&pool, full[1]);
    zassert_equal(pool.wait_stats.grants, 0, "a block went to one who had left");
}

ZTEST(region_waiting, what_could_never_fit_is_refused_at_once)
{
    static const struct region_need nobody = {.must = A | B};
    static const struct region_need a = {.must = A};
    int64_t start_tick = k_uptime_ticks();

    zassert_is_null(region_pool_alloc(&pool, &nobody, 0, 8, K_FOREVER));
    zassert_is_null(region_pool_alloc(&pool, &a, 0, REGION_BYTES, K_FOREVER));
    zassert_is_null(region_pool_alloc(&pool, &a, 0, BIG_BYTES, K_NO_WAIT));
    zassert_equal(pool.wait_stats.waits, 0);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 0, 1);
}

ZTEST(region_waiting, abort_gives_an_unseen_block_to_the_next)
{
    struct wait first = {'1', {.must = B}, BIG_BYTES, K_FOREVER, NULL, NULL};
    struct wait second = {'2', {.must_not = C}, BIG_BYTES, K_FOREVER, NULL, NULL};

    start(0, &first, 6);
    start(1, &second, 7);
    k_sleep(K_TICKS(1));
    region_pool_free(&pool, full[1]);
    k_thread_abort(worker(0));
    k_sleep(K_TICKS(1));
    zassert_true(trace_is("2"));
    zassert_equal(region_index(second.block), 1);
}

ZTEST(region_waiting, a_new_region_serves)
{
    static char more[REGION_BYTES];
    static const struct region region = {.start = more, .size = sizeof(more), .attr = A};
    struct wait wait = {'w', {.must = A}, BIG_BYTES, K_FOREVER, NULL, NULL};

    start(0, &wait, 3);
    zassert_ok(region_pool_add(&pool, &region));
    zassert_true(trace_is("w"));
    zassert_equal_ptr(region_pool_find(&pool, wait.block, BIG_BYTES), &region);
}

ZTEST(region_waiting, realloc_waits_and_keeps_the_content)
{
    static const struct region_need need_a = {.must = A};
    struct wait wait = {'w', {.must = B}, BIG_BYTES, K_FOREVER, NULL, NULL};

    region_pool_free(&pool, full[0]);
    wait.old = region_pool_alloc(&pool, &need_a, 0, 16, K_NO_WAIT);
    memcpy(wait.old, "content", 8);
    (void)fill_region(0);
    start(0, &wait, 3);
    zassert_true(trace_is(""));
    zassert_str_equal((char *)wait.old, "content");
    region_pool_free(&pool, full[1]);
    zassert_true(trace_is("w"));
    zassert_equal(region_index(wait.block), 1);
    zassert_str_equal((char *)wait.block, "content");
}

ZTEST(region_waiting, realloc_waits_for_its_neighbour_where_no_region_suits)
{
    static const struct region_need need_a = {.must = A};
    struct wait wait = {'w', {.must = A | B}, 200, K_FOREVER, NULL, NULL};
    void *neighbour;

    region_pool_free(&pool, full[0]);
    wait.old = region_pool_alloc(&pool, &need_a, 0, 16, K_NO_WAIT);
    neighbour = fill_region(0);
    start(0, &wait, 3);
    zassert_true(trace_is(""));
    region_pool_free(&pool, neighbour);
    zassert_true(trace_is("w"));
    zassert_equal_ptr(wait.block, wait.old);
}

ZTEST(region_waiting, realloc_that_could_never_fit_beside_the_old_block)
{
    static const struct region_need need_a = {.must = A};
    void *first;
    void *middle;

    region_pool_free(&pool, full[0]);
    first = region_pool_alloc(&pool, &need_a, 0, 150, K_NO_WAIT);
    middle = region_pool_alloc(&pool, &need_a, 0, 16, K_NO_WAIT);
    /* The empty region would hold it, but neither side of the old block does. */
    zassert_is_null(region_pool_realloc(&pool, &need_a, middle, 350, K_TICKS(50)));
    zassert_equal(pool.wait_stats.waits, 0);
    region_pool_free(&pool, first);
    middle = region_pool_realloc(&pool, &need_a, middle, 350, K_NO_WAIT);
    zassert_equal_ptr(middle, first, "it slides into the free space at its left");
    region_pool_free(&pool, middle);
    zassert_not_null(region_pool_alloc(&pool, &need_a, 0, 350, K_NO_WAIT));
}

ZTEST(region_waiting, realloc_that_shrinks_serves)
{
    static const struct region_need need_a = {.must = A};
    struct wait wait = {'w', {.must = A}, 100, K_FOREVER, NULL, NULL};

    start(0, &wait, 3);
    zassert_equal_ptr(region_pool_realloc(&pool, &need_a, full[0], 100, K_NO_WAIT), full[0]);
    zassert_true(trace_is("w"));
}

static void use_in_isr(const void *parameter)
{
    static const struct region_need need = {.must = B};
    void *block;

    ARG_UNUSED(parameter);
    region_pool_free(&pool, full[1]);
    block = region_pool_alloc(&pool, &need, 0, 8, K_NO_WAIT);
    trace(block == NULL ? 'n' : 'i');
    trace(region_pool_alloc(&pool, &need, 0, BIG_BYTES, K_NO_WAIT) == NULL ? 'n' : 'i');
}

ZTEST(region_waiting, interrupts_free_and_take_without_waiting)
{
    struct wait wait = {'w', {.must = B}, BIG_BYTES, K_FOREVER, NULL, NULL};

    start(0, &wait, 3);
    irq_offload(use_in_isr, NULL);
    zassert_true(trace_is("inw"));
}

/* Random requests of several threads: after each step nobody sleeps beside its block. */

static struct wait waits[WORKER_COUNT];
static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

static void check_waiters(void)
{
    for (unsigned i = 0; i < WORKER_COUNT; i++) {
        if (worker(i)->pended_on == &pool.wait_q) {
            void *block = region_pool_alloc(&pool, &waits[i].need, 0, waits[i].bytes, K_NO_WAIT);

            zassert_is_null(block, "waiter %u sleeps beside its block", i);
        }
    }
}

/* Some waiters are less urgent than the test: they are aborted with a block that they have not
 * seen. */
static void step(unsigned i)
{
    struct wait *wait = &waits[i];
    bool alive = k_thread_join(worker(i), K_NO_WAIT) == -EBUSY;

    if (random_below(4) == 0) {
        k_sleep(K_TICKS(1));
    } else if (alive && random_below(4) == 0) {
        k_thread_abort(worker(i));
    } else if (!alive && wait->block != NULL) {
        region_pool_free(&pool, wait->block);
        wait->block = NULL;
    } else if (!alive) {
        *wait = (struct wait){.need = {.prefer = random_below(8), .must_not = random_below(7)},
                              .bytes = 1 + random_below(350),
                              .timeout = K_FOREVER};
        start(i, wait, (int)random_below(10));
    }
}

ZTEST(region_waiting, W1_random_walk)
{
    size_t left = 0;

    for (unsigned i = 0; i < 3; i++) {
        region_pool_free(&pool, full[i]);
    }
    memset(waits, 0, sizeof(waits));
    seed = 7;
    for (unsigned i = 0; i < 3000; i++) {
        step(random_below(WORKER_COUNT));
        check_waiters();
    }
    printk("# %u waits, %u grants\n", (unsigned)pool.wait_stats.waits,
           (unsigned)pool.wait_stats.grants);
    zassert_true(pool.wait_stats.grants > 100);
    workers_end(NULL);
    for (unsigned i = 0; i < WORKER_COUNT; i++) {
        region_pool_free(&pool, waits[i].block);
    }
    for (unsigned i = 0; i < 3; i++) {
        left += pool.slots[i].heap.allocated_bytes;
    }
    zassert_equal(left, 0, "%zu bytes are lost", left);
}
