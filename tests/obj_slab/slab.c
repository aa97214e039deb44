/* SPDX-License-Identifier: Apache-2.0 */
/* Memory slabs. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8
#define BLOCK_COUNT   3

K_MEM_SLAB_DEFINE(defined_slab, 10, 4, 16);
K_MEM_SLAB_DEFINE_STATIC(static_slab, 8, 1, 4);
static struct k_mem_slab slab;
static char buffer[BLOCK_COUNT * 16] __aligned(8);
static void *handed[WORKER_COUNT];
static k_timeout_t wait_time;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_ok(k_mem_slab_init(&slab, buffer, sizeof(buffer) / BLOCK_COUNT, BLOCK_COUNT));
    memset(handed, 0, sizeof(handed));
    wait_time = K_FOREVER;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_slab, NULL, NULL, before, workers_end, NULL);

static void take_block(void *p1, void *p2, void *p3)
{
    uintptr_t index = (uintptr_t)p1;
    int result = k_mem_slab_alloc(&slab, &handed[index], wait_time);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(result == 0 ? (char)('A' + index) : result == -EAGAIN ? (char)('a' + index) : '!');
}

static void start(unsigned index, int priority)
{
    worker_start(index, take_block, (void *)(uintptr_t)index, NULL, priority, K_NO_WAIT);
}

static void take_all(void **blocks)
{
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        zassert_ok(k_mem_slab_alloc(&slab, &blocks[i], K_NO_WAIT));
    }
}

ZTEST(obj_slab, defined_slab_is_ready)
{
    void *mem[4];

    zassert_equal(k_mem_slab_num_free_get(&defined_slab), 4);
    zassert_equal(defined_slab.info.block_size, ROUND_UP(10, sizeof(void *)));
    for (int i = 0; i < 4; i++) {
        zassert_ok(k_mem_slab_alloc(&defined_slab, &mem[i], K_NO_WAIT));
        zassert_equal((uintptr_t)mem[i] % sizeof(void *), 0);
        memset(mem[i], i, defined_slab.info.block_size);
    }
    zassert_equal((uintptr_t)mem[0] % 16, 0);
    for (int i = 0; i < 4; i++) {
        zassert_equal(((char *)mem[i])[9], i, "blocks overlap");
        k_mem_slab_free(&defined_slab, mem[i]);
    }
    zassert_ok(k_mem_slab_alloc(&static_slab, &mem[0], K_NO_WAIT));
    k_mem_slab_free(&static_slab, mem[0]);
}

ZTEST(obj_slab, init_refuses_what_cannot_hold_a_pointer)
{
    zassert_equal(k_mem_slab_init(&slab, buffer, sizeof(void *) - 1, 2), -EINVAL);
    zassert_equal(k_mem_slab_init(&slab, buffer + 1, sizeof(void *), 2), -EINVAL);
    zassert_equal(k_mem_slab_init(&slab, buffer, 0, 2), -EINVAL);
}

ZTEST(obj_slab, every_block_once_then_none)
{
    void *blocks[BLOCK_COUNT];
    void *mem = buffer;

    take_all(blocks);
    zassert_true(blocks[0] != blocks[1] && blocks[1] != blocks[2] && blocks[0] != blocks[2]);
    zassert_equal(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT), -ENOMEM);
    zassert_is_null(mem);
    k_mem_slab_free(&slab, blocks[1]);
    zassert_ok(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT));
    zassert_equal_ptr(mem, blocks[1]);
}

ZTEST(obj_slab, counts_and_peak)
{
    void *blocks[BLOCK_COUNT];
    struct sys_memory_stats stats;
    size_t block_bytes = slab.info.block_size;

    take_all(blocks);
    k_mem_slab_free(&slab, blocks[0]);
    k_mem_slab_free(&slab, blocks[2]);
    zassert_equal(k_mem_slab_num_used_get(&slab), 1);
    zassert_equal(k_mem_slab_num_free_get(&slab), 2);
    zassert_equal(k_mem_slab_max_used_get(&slab), 3);
    zassert_ok(k_mem_slab_runtime_stats_get(&slab, &stats));
    zassert_equal(stats.allocated_bytes, block_bytes);
    zassert_equal(stats.free_bytes, 2 * block_bytes);
    zassert_equal(stats.max_allocated_bytes, 3 * block_bytes);
    zassert_ok(k_mem_slab_runtime_stats_reset_max(&slab));
    zassert_equal(k_mem_slab_max_used_get(&slab), 1);
    zassert_equal(k_mem_slab_runtime_stats_get(&slab, NULL), -EINVAL);
    zassert_equal(k_mem_slab_runtime_stats_get(NULL, &stats), -EINVAL);
    zassert_equal(k_mem_slab_runtime_stats_reset_max(NULL), -EINVAL);
}

ZTEST(obj_slab, deadline)
{
    void *blocks[BLOCK_COUNT];
    void *mem = buffer;
    int64_t start_tick;

    take_all(blocks);
    start_tick = next_tick();
    zassert_equal(k_mem_slab_alloc(&slab, &mem, K_TICKS(4)), -EAGAIN);
    zassert_between_inclusive(k_uptime_ticks() - start_tick, 4, 5);
    zassert_is_null(mem);
    start_tick = next_tick();
    zassert_equal(k_mem_slab_alloc(&slab, &mem, K_TIMEOUT_ABS_TICKS(start_tick + 3)), -EAGAIN);
    zassert_equal(k_uptime_ticks(), start_tick + 3);
}

ZTEST(obj_slab, freed_block_goes_to_the_first_waiter)
{
    void *blocks[BLOCK_COUNT];
    void *mem;

    take_all(blocks);
    start(0, TEST_PRIORITY - 1);
    start(1, TEST_PRIORITY - 2);
    start(2, TEST_PRIORITY - 1);
    k_sched_lock();
    k_mem_slab_free(&slab, blocks[2]);
    zassert_equal(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT), -ENOMEM, "it was taken from a waiter");
    zassert_equal(k_mem_slab_num_used_get(&slab), 3);
    k_sched_unlock();
    zassert_true(trace_is("B"));
    zassert_equal_ptr(handed[1], blocks[2]);
    k_mem_slab_free(&slab, blocks[0]);
    k_mem_slab_free(&slab, blocks[1]);
    zassert_true(trace_is("AC"));
}

static void free_in_isr(const void *mem)
{
    k_mem_slab_free(&slab, (void *)(uintptr_t)mem);
    trace(k_mem_slab_alloc(&slab, &handed[5], K_NO_WAIT) == -ENOMEM ? 'i' : '!');
}

ZTEST(obj_slab, isr_frees)
{
    void *blocks[BLOCK_COUNT];

    take_all(blocks);
    start(0, TEST_PRIORITY - 1);
    irq_offload(free_in_isr, blocks[0]);
    zassert_true(trace_is("iA"));
}

ZTEST(obj_slab, dead_waiter_gets_nothing)
{
    void *blocks[BLOCK_COUNT];

    take_all(blocks);
    start(0, TEST_PRIORITY - 1);
    k_thread_abort(worker(0));
    k_mem_slab_free(&slab, blocks[0]);
    zassert_equal(k_mem_slab_num_used_get(&slab), 2);
}

ZTEST(obj_slab, block_handed_to_a_thread_that_dies_unaware_goes_on)
{
    void *blocks[BLOCK_COUNT];

    take_all(blocks);
    start(0, TEST_PRIORITY - 2);
    start(1, TEST_PRIORITY - 1);
    k_sched_lock();
    k_mem_slab_free(&slab, blocks[0]);
    k_thread_abort(worker(0));
    zassert_equal(k_mem_slab_num_used_get(&slab), 3);
    k_sched_unlock();
    zassert_true(trace_is("B"));
    zassert_equal_ptr(handed[1], blocks[0]);
    start(2, TEST_PRIORITY - 2);
    k_sched_lock();
    k_mem_slab_free(&slab, blocks[1]);
    k_thread_abort(worker(2));
    k_sched_unlock();
    zassert_equal(k_mem_slab_num_used_get(&slab), 2, "nobody waits: it is free");
}

ZTEST(obj_slab, thread_that_has_seen_its_block_keeps_it)
{
    void *blocks[BLOCK_COUNT];

    take_all(blocks);
    start(0, TEST_PRIORITY - 1);
    k_mem_slab_free(&slab, blocks[0]);
    zassert_true(trace_is("A"));
    k_thread_abort(worker(0));
    zassert_equal(k_mem_slab_num_used_get(&slab), 3);
}

ZTEST(obj_slab, O2_block_of_no_slab)
{
    void *mem;
    char outside[16] __aligned(8);

    zassert_ok(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT));
    ztest_expect_invariant("O2");
    k_mem_slab_free(&slab, outside);
    zassert_unreachable();
}

ZTEST(obj_slab, O2_middle_of_a_block)
{
    void *mem;

    zassert_ok(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT));
    ztest_expect_invariant("O2");
    k_mem_slab_free(&slab, (char *)mem + 4);
    zassert_unreachable();
}

ZTEST(obj_slab, O2_block_that_was_never_used)
{
    void *mem;

    zassert_ok(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT));
    ztest_expect_invariant("O2");
    k_mem_slab_free(&slab, (char *)mem + slab.info.block_size);
    zassert_unreachable();
}

ZTEST(obj_slab, O2_free_when_none_is_used)
{
    void *mem;

    zassert_ok(k_mem_slab_alloc(&slab, &mem, K_NO_WAIT));
    k_mem_slab_free(&slab, mem);
    ztest_expect_invariant("O2");
    k_mem_slab_free(&slab, mem);
    zassert_unreachable();
}
