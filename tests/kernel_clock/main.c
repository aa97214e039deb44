/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's time against a timer that nobody touches and that has the same clock. A thread spins
 * in the background: while the core sleeps, the emulator's time jumps over events.
 */
#include "../../kernel/irq.h"
#include "../../kernel/timeout.h"
#include "../ztest/timer.h"
#include "../ztest/workers.h"
#include "../ztest/ztest.h"

static struct timeout churned;

static void *start_reference(void)
{
    test_timer_count_freely();
    return NULL;
}

static void spin(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        __asm__ volatile("nop");
    }
}

static void keep_awake(void *fixture)
{
    ARG_UNUSED(fixture);
    worker_start(0, spin, NULL, NULL, CONFIG_NUM_PREEMPT_PRIORITIES - 1, K_NO_WAIT);
}

ZTEST_SUITE(clock, NULL, start_reference, keep_awake, workers_end, NULL);

struct span {
    int64_t tick;
    uint32_t reference;
};

/* At the beginning of a tick. */
static struct span begin(void)
{
    k_sleep(K_TICKS(1));
    return (struct span){k_uptime_ticks(), test_timer_count()};
}

static uint32_t cycles_since(const struct span *span)
{
    return test_timer_count() - span->reference;
}

/* What the reference is ahead of the ticks since `span`, in cycles. */
static int32_t ahead(const struct span *span)
{
    int64_t ticks = k_uptime_ticks() - span->tick;

    return (int32_t)(cycles_since(span) - (uint32_t)(ticks * CYCLES_PER_TICK));
}

/* From the interrupt to the thread that it wakes. */
#define WAKE_CYCLES 2000

ZTEST(clock, long_sleeps_pass_several_rounds_of_the_counter)
{
    struct span span = begin();

    k_sleep(K_TICKS(4000));
    zassert_between_inclusive(k_uptime_ticks() - span.tick, 4001, 4002);
    zassert_between_inclusive(ahead(&span), -20, WAKE_CYCLES);
}

ZTEST(clock, no_sleep_ends_early)
{
    for (int n = 1; n <= 60; n++) {
        uint32_t from = test_timer_count();

        k_sleep(K_TICKS(n));
        zassert_true(test_timer_count() - from >= (uint32_t)n * CYCLES_PER_TICK, "sleep of %d", n);
        zassert_true(test_timer_count() - from < (uint32_t)(n + 2) * CYCLES_PER_TICK, "sleep of %d",
                     n);
    }
}

static void nothing(struct timeout *timeout)
{
    ARG_UNUSED(timeout);
}

/* Each start is earlier than the one before, so each cuts the counter. In the emulator an
 * instruction is not a whole number of cycles: less than one is lost for each cut. */
ZTEST(clock, cuts_do_not_add_up)
{
    struct span span = begin();
    uint32_t cuts = 0;

    for (int round = 0; round < 100; round++) {
        for (int n = 100; n > 3; n--) {
            unsigned key = irq_lock();

            timeout_start_locked(&churned, K_TICKS(n), nothing);
            (void)timeout_stop_locked(&churned);
            irq_unlock(key);
            cuts++;
        }
        k_sleep(K_TICKS(2));
    }
    zassert_between_inclusive(ahead(&span), -(int32_t)cuts, (int32_t)cuts + WAKE_CYCLES,
                              "%d cycles ahead after %u cuts", (int)ahead(&span), (unsigned)cuts);
}

/* Interrupts stay locked while the counter passes 0, and time is looked at meanwhile. */
ZTEST(clock, time_goes_on_while_interrupts_are_locked)
{
    struct span span = begin();
    unsigned key = irq_lock();

    while (cycles_since(&span) < 50 * CYCLES_PER_TICK) {
        int64_t before = k_uptime_ticks();

        zassert_true(k_uptime_ticks() >= before);
    }
    zassert_between_inclusive(ahead(&span), -20, CYCLES_PER_TICK + WAKE_CYCLES);
    irq_unlock(key);
    zassert_between_inclusive(ahead(&span), -20, CYCLES_PER_TICK + WAKE_CYCLES);
}
