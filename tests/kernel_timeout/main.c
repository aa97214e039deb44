/* SPDX-License-Identifier: Apache-2.0 */
/* Timeouts of all lengths are started, stopped and expire at random, while time passes in small and
 * in huge steps: each expires once, in order of deadline, then of start, and none too early or late. */
#include <zephyr/irq_offload.h>

#include "../../kernel/irq.h"
#include "../../kernel/timeout.h"
#include "../ztest/ztest.h"

#define TIMEOUTS 40
#define STEPS    20000

static struct item {
    struct timeout timeout;
    bool pending;
    uint32_t start; /* the how manieth */
} items[TIMEOUTS];

static uint32_t starts;
static uint32_t expiries;
static uint32_t far_expiries; /* of delays beyond 2^31 ticks */
static uint64_t last_deadline;
static uint32_t last_start;
static bool broken;

static uint32_t random_below(uint32_t limit)
{
    static uint32_t state = 99;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * limit) >> 32);
}

static void expired(struct timeout *timeout);

/* Up to 2^40 ticks; each length in bits is as likely, and short ones more. */
static k_timeout_t random_delay(void)
{
    if (random_below(2) == 0) {
        return K_TICKS(random_below(8)); /* so that many deadlines are equal */
    }
    return K_TICKS(1 + (int64_t)(((uint64_t)random_below(UINT32_MAX) << 9) >> random_below(41)));
}

static void start_with_locked(struct item *item, k_timeout_t delay)
{
    timeout_start_locked(&item->timeout, delay, expired);
    item->pending = true;
    item->start = starts++;
}

static void start_locked(struct item *item)
{
    start_with_locked(item, random_delay());
}

static void expired(struct timeout *timeout)
{
    struct item *item = CONTAINER_OF(timeout, struct item, timeout);
    uint64_t deadline = timeout->deadline_tick;

    broken |= !item->pending || deadline > (uint64_t)k_uptime_ticks();
    broken |= deadline < last_deadline || (deadline == last_deadline && item->start < last_start);
    last_deadline = deadline;
    last_start = item->start;
    item->pending = false;
    expiries++;
    if (random_below(4) == 0) {
        start_locked(item);
    }
}

/* Nothing that should have expired is pending. */
static void check(unsigned step)
{
    unsigned key = irq_lock();
    uint64_t now = (uint64_t)k_uptime_ticks();

    for (unsigned i = 0; i < TIMEOUTS; i++) {
        broken |= items[i].pending != sys_dnode_is_linked(&items[i].timeout.node);
        /* On a target a tick may just have begun whose interrupt is still to come. */
        broken |=
            items[i].pending && items[i].timeout.deadline_tick < now + IS_ENABLED(CONFIG_ARCH_HOST);
    }
    irq_unlock(key);
    zassert_false(broken, "step %u", step);
}

static void announce(const void *ticks)
{
    timeout_announce((uint32_t)(uintptr_t)ticks);
}

static void do_step(void)
{
    struct item *item = &items[random_below(TIMEOUTS)];
    unsigned key;
    uint32_t ticks;

    switch (random_below(4)) {
    case 0:
        ticks = random_below(2) == 0 ? 1 : random_below(UINT32_MAX) >> random_below(32);
        irq_offload(announce, (const void *)(uintptr_t)ticks);
        far_expiries += ticks > UINT32_MAX / 2;
        break;
    case 1:
        key = irq_lock();
        broken |= timeout_stop_locked(&item->timeout) != item->pending;
        item->pending = false;
        irq_unlock(key);
        break;
    default:
        key = irq_lock();
        if (!item->pending) {
            start_locked(item);
        }
        irq_unlock(key);
    }
}

static void stop_all(void *fixture)
{
    unsigned key = irq_lock();

    ARG_UNUSED(fixture);
    for (unsigned i = 0; i < TIMEOUTS; i++) {
        (void)timeout_stop_locked(&items[i].timeout);
        items[i].pending = false;
    }
    irq_unlock(key);
}

ZTEST_SUITE(timeout_model, NULL, NULL, NULL, stop_all, NULL);

ZTEST(timeout_model, expire_once_in_order_and_in_time)
{
    for (unsigned step = 0; step < STEPS; step++) {
        do_step();
        check(step);
    }
    zassert_true(expiries > STEPS / 20, "only %u expired", (unsigned)expiries);
    zassert_true(far_expiries > 0);
}

#define AROUND 8 /* ticks on both sides of an edge */

/* Deadlines and starts in each tick around the moment at which the low word of time is 0 again. */
ZTEST(timeout_model, edges_of_epochs)
{
    for (unsigned epoch = 0; epoch < 3; epoch++) {
        unsigned key = irq_lock();
        uint64_t now = (uint64_t)k_uptime_ticks();
        uint64_t edge = ((now >> 32) + 1) << 32;

        for (unsigned i = 0; i < 2 * AROUND; i++) {
            start_with_locked(&items[i], K_TIMEOUT_ABS_TICKS((k_ticks_t)(edge - AROUND + i)));
        }
        irq_unlock(key);
        irq_offload(announce, (const void *)(uintptr_t)(edge - now - 2 * AROUND));
        for (unsigned tick = 0; tick < 4 * AROUND; tick++) {
            key = irq_lock();
            if (!items[2 * AROUND + tick % 8].pending) {
                start_with_locked(&items[2 * AROUND + tick % 8], K_TICKS(tick % 4));
            }
            irq_unlock(key);
            irq_offload(announce, (const void *)1);
            check(tick);
        }
        for (unsigned i = 0; i < 2 * AROUND; i++) {
            zassert_false(items[i].pending && items[i].timeout.deadline_tick < edge + AROUND, "%u",
                          i);
        }
        stop_all(NULL);
    }
}
