/* SPDX-License-Identifier: Apache-2.0 */
#include "../../kernel/timeout.h"

#include "../../kernel/irq.h"
#include "bench.h"

#define SLEEPERS_MAX 128

/* Armv7-M ARM, B3.2.4: interrupt control and state register, bit 26 pends SysTick. */
#define SCB_ICSR  ((volatile uint32_t *)0xe000ed04u)
#define PENDSTSET BIT(26)

static const unsigned counts[] = {0, 1, 8, 32, 128};

/* What sleeps: timeouts as a sleeping thread has them, without 128 stacks. */
static struct timeout sleepers[SLEEPERS_MAX];

static void nothing(struct timeout *timeout)
{
    ARG_UNUSED(timeout);
}

static void sleepers_start(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned key = irq_lock();

        timeout_start_locked(&sleepers[i], bench_far(), nothing);
        irq_unlock(key);
    }
}

static void sleepers_stop(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned key = irq_lock();

        (void)timeout_stop_locked(&sleepers[i]);
        irq_unlock(key);
    }
}

static void name_row(char *name, size_t bytes, const char *stem, unsigned count)
{
    (void)snprintk(name, bytes, "%s%u", stem, count);
}

static void bench_tick(unsigned count)
{
    char name[40];
    struct row row = {0};

    name_row(name, sizeof(name), "K7.tick_sleepers_", count);
    (void)meter_mark("K7.tick");
    sleepers_start(count);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        meter_pend(SCB_ICSR, PENDSTSET);
        row_measured(&row, METER_CALL);
    }
    sleepers_stop(count);
    row_print(name, &row);
}

static struct k_timer timer;
void bench_timer_start(void);

static void bench_timer(unsigned count)
{
    char name[40];
    struct row start = {0};
    struct row stop = {0};

    k_timer_init(&timer, NULL, NULL);
    (void)meter_mark("K8a.timer");
    sleepers_start(count);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        k_timeout_t delay = bench_far();

        (void)meter_call(bench_timer_start, (uintptr_t)&timer, 0, LOW(delay), HIGH(delay));
        row_measured(&start, METER_CALL + 5);
        (void)meter_call(FN(k_timer_stop), (uintptr_t)&timer, 0, 0, 0);
        row_measured(&stop, METER_CALL);
    }
    sleepers_stop(count);
    name_row(name, sizeof(name), "K8a.timer_start_pend_", count);
    row_print(name, &start);
    name_row(name, sizeof(name), "K8a.timer_stop_pend_", count);
    row_print(name, &stop);
}

/* Each start is earlier than all before: the alarm has to be brought forward. */
static void bench_earliest(void)
{
    struct row start = {0};

    k_timer_init(&timer, NULL, NULL);
    (void)meter_mark("K8a.timer_earliest");
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        k_timeout_t delay = K_TICKS(50000 - i);

        (void)meter_call(bench_timer_start, (uintptr_t)&timer, 0, LOW(delay), HIGH(delay));
        row_measured(&start, METER_CALL + 5);
        k_timer_stop(&timer);
    }
    row_print("K8a.timer_start_earliest", &start);
}

/* k_timer_start(timer, duration, period): puts the period K_NO_WAIT where the calling convention
 * wants it; five instructions around. */
/* clang-format off */
__asm__(".syntax unified\n.thumb\n.text\n"
        ".thumb_func\n.global bench_timer_start\n.type bench_timer_start, %function\n"
        "bench_timer_start:\n"
        "    push {r1, lr}\n"
        "    strd r1, r1, [sp, #-8]!\n"
        "    bl   k_timer_start\n"
        "    add  sp, #8\n"
        "    pop  {r1, pc}\n");
/* clang-format on */

static K_SEM_DEFINE(sem, 0, UINT32_MAX);
static k_timeout_t wait_for;

static void take_for_ever(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)k_sem_take(&sem, wait_for);
    }
}

/* Give to a more urgent thread, which waits again: there and back. */
static void bench_roundtrip(const char *name, bool timed)
{
    struct row row = {0};

    (void)meter_mark("K8b.roundtrip");
    wait_for = K_FOREVER;
    bench_start(0, take_for_ever, NULL, HIGHER);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        wait_for = timed ? bench_far() : K_FOREVER;
        (void)meter_call(FN(k_sem_give), (uintptr_t)&sem, 0, 0, 0);
        row_measured(&row, METER_CALL);
    }
    bench_abort(1);
    row_print(name, &row);
}

static void sleep_until(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)k_sleep(*(k_timeout_t *)p1);
    }
}

/* Eight ticks, in one of which `count` less urgent threads wake up. */
static void bench_expiry(unsigned count)
{
    static k_timeout_t moment;
    char name[48];
    struct row row = {0};

    name_row(name, sizeof(name), "K13.ticks_with_simultaneous_expiry_", count);
    (void)meter_mark("K13.expiry");
    moment = K_FOREVER;
    for (unsigned i = 0; i < count; i++) {
        bench_start(i, sleep_until, &moment, LOWER);
    }
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS / 10 + 1; i++) {
        k_thread_priority_set(k_current_get(), LOWER + 1); /* they go to sleep */
        k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
        moment = K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + 5);
        for (unsigned j = 0; j < count; j++) {
            k_wakeup(&bench_threads[j]);
        }
        k_thread_priority_set(k_current_get(), LOWER + 1);
        k_thread_priority_set(k_current_get(), MAIN_PRIORITY);
        moment = K_FOREVER;
        for (int tick = 0; tick < 8; tick++) {
            meter_pend(SCB_ICSR, PENDSTSET);
            row_measured(&row, METER_CALL);
        }
    }
    bench_abort(count);
    row_print(name, &row);
}

void bench_time(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
        bench_tick(counts[i]);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
        bench_timer(counts[i]);
    }
    bench_earliest();
    bench_roundtrip("K8b.roundtrip_forever", false);
    for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
        char name[40];

        sleepers_start(counts[i]);
        name_row(name, sizeof(name), "K8b.roundtrip_timeout_pend_", counts[i]);
        bench_roundtrip(name, true);
        sleepers_stop(counts[i]);
    }
    bench_expiry(1);
    bench_expiry(8);
    bench_expiry(32);
}
