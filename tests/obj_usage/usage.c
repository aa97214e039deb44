/* SPDX-License-Identifier: Apache-2.0 */
/* What threads use: time, stack, and an errno of their own. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 5

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_usage, NULL, NULL, before, workers_end, NULL);

static uint64_t cycles_of(k_tid_t thread)
{
    k_thread_runtime_stats_t stats;

    zassert_ok(k_thread_runtime_stats_get(thread, &stats));
    zassert_equal(stats.execution_cycles, stats.total_cycles);
    return stats.execution_cycles;
}

static void spin_ticks(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        k_busy_wait(k_ticks_to_us_ceil32((uint32_t)(uintptr_t)p1));
        k_sleep(K_TICKS(10));
    }
}

ZTEST(obj_usage, time_counts_to_who_runs)
{
    uint64_t tick = k_ticks_to_cyc_floor64(1);

    worker_start(0, spin_ticks, (void *)5, NULL, TEST_PRIORITY - 1, K_FOREVER);
    worker_start(1, spin_ticks, (void *)2, NULL, TEST_PRIORITY - 1, K_FOREVER);
    zassert_equal(cycles_of(worker(0)), 0);
    k_thread_start(worker(0));
    k_thread_start(worker(1));
    k_sleep(K_TICKS(1));
    zassert_between_inclusive(cycles_of(worker(0)), 5 * tick, 6 * tick);
    zassert_between_inclusive(cycles_of(worker(1)), 2 * tick, 3 * tick);
}

ZTEST(obj_usage, running_thread_sees_its_own_time_pass)
{
    uint64_t tick = k_ticks_to_cyc_floor64(1);
    uint64_t start = cycles_of(k_current_get());

    k_busy_wait(k_ticks_to_us_ceil32(3));
    zassert_between_inclusive(cycles_of(k_current_get()) - start, 3 * tick, 4 * tick);
    start = cycles_of(k_current_get());
    k_sleep(K_TICKS(50));
    zassert_true(cycles_of(k_current_get()) - start < tick, "sleep counts");
}

static void sum_cycles(const struct k_thread *thread, void *data)
{
    k_thread_runtime_stats_t stats;

    (void)k_thread_runtime_stats_get((k_tid_t)(uintptr_t)thread, &stats);
    *(uint64_t *)data += stats.execution_cycles;
}

ZTEST(obj_usage, sums_agree)
{
    k_thread_runtime_stats_t first;
    k_thread_runtime_stats_t second;
    uint64_t living_first = 0;
    uint64_t living_second = 0;

    zassert_ok(k_thread_runtime_stats_all_get(&first));
    k_thread_foreach(sum_cycles, &living_first);
    k_busy_wait(k_ticks_to_us_ceil32(4));
    k_sleep(K_TICKS(20));
    zassert_ok(k_thread_runtime_stats_all_get(&second));
    k_thread_foreach(sum_cycles, &living_second);
    zassert_equal(second.execution_cycles, second.total_cycles + second.idle_cycles);
    zassert_true(second.idle_cycles - first.idle_cycles >= k_ticks_to_cyc_floor64(19));
    zassert_true(second.total_cycles - first.total_cycles >= k_ticks_to_cyc_floor64(4));
    zassert_within((int64_t)(living_second - living_first),
                   (int64_t)(second.execution_cycles - first.execution_cycles),
                   (int64_t)k_ticks_to_cyc_floor64(1));
    zassert_within((int64_t)second.execution_cycles, (int64_t)k_cycle_get_64(),
                   (int64_t)k_ticks_to_cyc_floor64(1));
}

ZTEST(obj_usage, time_of_nothing)
{
    k_thread_runtime_stats_t stats;

    zassert_equal(k_thread_runtime_stats_get(NULL, &stats), -EINVAL);
    zassert_equal(k_thread_runtime_stats_get(worker(0), NULL), -EINVAL);
    zassert_equal(k_thread_runtime_stats_all_get(NULL), -EINVAL);
}

/* Bytes that even a small stack has. */
#define ROOM 160

static void use_stack(void *p1, void *p2, void *p3)
{
    volatile char room[ROOM];

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    if (p1 != NULL) {
        for (unsigned i = 0; i < sizeof(room); i++) {
            room[i] = (char)i;
        }
    }
    k_sleep(K_FOREVER);
}

ZTEST(obj_usage, stack_that_was_never_used)
{
    size_t all = 0;
    size_t little;
    size_t much;

    worker_start(0, use_stack, NULL, NULL, TEST_PRIORITY - 1, K_FOREVER);
    zassert_ok(k_thread_stack_space_get(worker(0), &all));
    zassert_true(all >= WORKER_STACK_BYTES - 200, "%u", (unsigned)all);
    k_thread_start(worker(0));
    zassert_ok(k_thread_stack_space_get(worker(0), &little));
    worker_start(1, use_stack, &all, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    zassert_ok(k_thread_stack_space_get(worker(1), &much));
    zassert_true(little < all);
    zassert_true(much <= little && little - much < ROOM + 64);
    /* The first frame, which counts as used from the beginning, was popped. */
    zassert_true(all - much >= ROOM - 64);
    zassert_ok(k_thread_stack_space_get(k_current_get(), &all), "a thread looks at itself");
    zassert_equal(k_thread_stack_space_get(NULL, &all), -EINVAL);
    zassert_equal(k_thread_stack_space_get(worker(0), NULL), -EINVAL);
}

#ifdef CONFIG_ERRNO
static void set_errno(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    trace(errno == 0 ? '0' : '!');
    errno = (int)(uintptr_t)p1;
    k_sleep(K_TICKS(2));
    trace(errno == (int)(uintptr_t)p1 ? '+' : '-');
}

static void set_errno_in_isr(const void *value)
{
    errno = (int)(uintptr_t)value;
}

ZTEST(obj_usage, each_thread_has_its_errno)
{
    errno = EIO;
    worker_start(0, set_errno, (void *)EBUSY, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    worker_start(1, set_errno, (void *)EINVAL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
    irq_offload(set_errno_in_isr, (void *)ENOMEM);
    k_sleep(K_TICKS(4));
    zassert_true(trace_is("00++"));
    zassert_equal(errno, EIO);
}
#endif
