/* SPDX-License-Identifier: Apache-2.0 */
/* Time slices, the cycle counter and k_busy_wait. */
#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

/* The test is more urgent than the threads that it watches. */
#define TEST_PRIORITY 2
#define SPIN_PRIORITY 5
#define SLICE_TICKS   4
#define RUNS_MAX      40

/* Who ran, and for how many ticks before another one did. */
static struct {
    char letter;
    int64_t first_tick;
} runs[RUNS_MAX];
static unsigned run_count;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    run_count = 0;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void after(void *fixture)
{
    k_sched_time_slice_set(0, 0);
    workers_end(fixture);
}

ZTEST_SUITE(obj_slice, NULL, NULL, before, after, NULL);

static void set_slice(int priority)
{
    k_sched_time_slice_set((int32_t)k_ticks_to_ms_floor64(SLICE_TICKS), priority);
}

static void note_run(char letter)
{
    unsigned key = irq_lock();

    if (run_count < RUNS_MAX && (run_count == 0 || runs[run_count - 1].letter != letter)) {
        runs[run_count].letter = letter;
        runs[run_count].first_tick = k_uptime_ticks();
        run_count++;
    }
    irq_unlock(key);
}

static void spin_a_little(void)
{
    k_busy_wait(k_ticks_to_us_ceil32(1) / 10 + 1);
}

static void spin(void *p1, void *p2, void *p3)
{
    int64_t end_tick = k_uptime_ticks() + (int64_t)(intptr_t)p2;

    ARG_UNUSED(p3);
    while (k_uptime_ticks() < end_tick) {
        note_run(*(const char *)p1);
        spin_a_little();
    }
}

static void start_for(unsigned index, const char *letter, int priority, intptr_t ticks)
{
    worker_start(index, spin, (void *)(uintptr_t)letter, (void *)ticks, priority, K_NO_WAIT);
}

static void start(unsigned index, const char *letter, int priority)
{
    start_for(index, letter, priority, 1000000);
}

/* True when all runs but the first and the last have this length; on a board the spinning thread
 * sees the tick a little later. */
static bool runs_last(int64_t ticks)
{
    for (unsigned i = 1; i + 1 < run_count; i++) {
        int64_t length = runs[i + 1].first_tick - runs[i].first_tick;

        if (length < ticks || length > ticks + !IS_ENABLED(CONFIG_ARCH_HOST)) {
            printk("# run %u of %c lasts %d ticks\n", i, runs[i].letter, (int)length);
            return false;
        }
    }
    return true;
}

static bool letters_are(const char *expected)
{
    char letters[RUNS_MAX + 1] = {0};

    for (unsigned i = 0; i < run_count; i++) {
        letters[i] = runs[i].letter;
    }
    if (strcmp(letters, expected) != 0) {
        printk("# letters %s, expected %s\n", letters, expected);
        return false;
    }
    return true;
}

ZTEST(obj_slice, without_slices_nobody_gives_way)
{
    start(0, "a", SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY);
    k_sleep(K_TICKS(20));
    zassert_true(letters_are("a"));
}

ZTEST(obj_slice, equals_take_turns)
{
    set_slice(0);
    start(0, "a", SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY);
    start(2, "c", SPIN_PRIORITY);
    k_sleep(K_TICKS(SLICE_TICKS * 6 + 2));
    zassert_true(run_count >= 6);
    run_count = 6;
    zassert_true(letters_are("abcabc"));
    zassert_true(runs_last(SLICE_TICKS));
}

ZTEST(obj_slice, less_urgent_threads_get_no_turn)
{
    set_slice(0);
    start(0, "a", SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY + 1);
    k_sleep(K_TICKS(20));
    zassert_true(letters_are("a"));
}

ZTEST(obj_slice, newcomer_waits_no_longer_than_a_slice)
{
    int64_t start_tick;

    set_slice(0);
    start(0, "a", SPIN_PRIORITY);
    k_sleep(K_TICKS(30));
    start_tick = k_uptime_ticks();
    start(1, "b", SPIN_PRIORITY);
    k_sleep(K_TICKS(SLICE_TICKS + 2));
    zassert_true(run_count >= 2);
    zassert_true(runs[1].first_tick - start_tick <= SLICE_TICKS + 1);
}

ZTEST(obj_slice, interruptions_do_not_lengthen_a_slice)
{
    set_slice(0);
    start(0, "a", SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY);
    for (int i = 0; i < SLICE_TICKS * 5; i++) {
        k_sleep(K_TICKS(1)); /* runs in each tick or two */
    }
    zassert_true(run_count >= 4);
    zassert_true(runs_last(SLICE_TICKS));
}

ZTEST(obj_slice, more_urgent_than_the_limit)
{
    set_slice(SPIN_PRIORITY + 1);
    start(0, "a", SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY);
    k_sleep(K_TICKS(20));
    zassert_true(letters_are("a"));
    set_slice(SPIN_PRIORITY);
    k_sleep(K_TICKS(SLICE_TICKS + 2));
    zassert_true(letters_are("ab"));
}

ZTEST(obj_slice, cooperative_threads_are_not_sliced)
{
    set_slice(-5);
    start_for(0, "a", -2, 12);
    start_for(1, "b", -2, 12);
    zassert_true(letters_are("ab"));
    zassert_between_inclusive(runs[1].first_tick - runs[0].first_tick, 12, 13);
}

ZTEST(obj_slice, scheduler_lock_holds_a_turn_back)
{
    set_slice(0);
    k_thread_priority_set(k_current_get(), SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY);
    k_sched_lock();
    for (int i = 0; i < SLICE_TICKS * 30; i++) {
        note_run('t');
        spin_a_little();
    }
    zassert_true(letters_are("t"));
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
    k_sched_unlock();
}

ZTEST(obj_slice, off_again)
{
    unsigned count;

    set_slice(0);
    start(0, "a", SPIN_PRIORITY);
    start(1, "b", SPIN_PRIORITY);
    k_sleep(K_TICKS(SLICE_TICKS * 3));
    k_sched_time_slice_set(0, 0);
    k_sleep(K_TICKS(2));
    count = run_count;
    zassert_true(count >= 3);
    k_sleep(K_TICKS(20));
    zassert_equal(run_count, count);
}

static unsigned own_expiries;

static void count_expiry(struct k_thread *thread, void *data)
{
    own_expiries += thread == worker(0) && data == runs && k_is_in_isr();
}

ZTEST(obj_slice, own_slice_and_function)
{
    own_expiries = 0;
    start(0, "a", SPIN_PRIORITY);
    k_thread_time_slice_set(worker(0), 3, count_expiry, runs);
    start(1, "b", SPIN_PRIORITY);
    k_sleep(K_TICKS(5));
    zassert_true(letters_are("ab"));
    zassert_equal(own_expiries, 1);
    k_sleep(K_TICKS(20));
    zassert_true(letters_are("ab"), "b has no slice");
    k_thread_abort(worker(1));
    k_sleep(K_TICKS(10));
    zassert_between_inclusive(own_expiries, 3, 4, "also without equals");
    k_thread_time_slice_set(worker(0), 0, NULL, NULL);
    own_expiries = 0;
    k_sleep(K_TICKS(10));
    zassert_equal(own_expiries, 0);
}

static void abort_thread(struct k_thread *thread, void *data)
{
    ARG_UNUSED(data);
    k_thread_abort(thread);
}

ZTEST(obj_slice, own_function_may_abort_its_thread)
{
    start(0, "a", SPIN_PRIORITY);
    k_thread_time_slice_set(worker(0), 3, abort_thread, NULL);
    start(1, "b", SPIN_PRIORITY);
    k_sleep(K_TICKS(10));
    zassert_true(letters_are("ab"));
    zassert_ok(k_thread_join(worker(0), K_NO_WAIT));
}

ZTEST(obj_slice, cycles_pass_as_ticks_do)
{
    uint64_t cycles_per_tick = k_ticks_to_cyc_floor64(1);
    uint64_t start_cycle;
    uint64_t passed;

    k_sleep(K_TICKS(1));
    start_cycle = k_cycle_get_64();
    k_sleep(K_TICKS(50));
    passed = k_cycle_get_64() - start_cycle;
    zassert_between_inclusive(passed, 50 * cycles_per_tick, 52 * cycles_per_tick);
    zassert_equal(sys_clock_hw_cycles_per_sec(), CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC);
}

ZTEST(obj_slice, cycles_never_stand_back)
{
    uint64_t last = k_cycle_get_64();
    int64_t end_tick = k_uptime_ticks() + 20;

    while (k_uptime_ticks() < end_tick) {
        uint64_t now;

        k_busy_wait(1);
        now = k_cycle_get_64();
        zassert_true(now >= last);
        last = now;
    }
    zassert_true(k_cycle_get_32() - (uint32_t)last < k_ms_to_cyc_ceil32(100));
}

ZTEST(obj_slice, busy_wait_lasts_at_least_that_long)
{
    for (uint32_t us = 1; us < 20000; us = us * 3) {
        uint64_t start_cycle = k_cycle_get_64();

        k_busy_wait(us);
        zassert_true(k_cycle_get_64() - start_cycle >= k_us_to_cyc_floor64(us));
    }
}

ZTEST(obj_slice, busy_wait_does_not_yield)
{
    worker_start(0, spin, "w", (void *)5, TEST_PRIORITY, K_NO_WAIT);
    k_busy_wait(k_ticks_to_us_ceil32(3));
    zassert_equal(run_count, 0);
}
