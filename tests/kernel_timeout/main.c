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

static void start_locked(struct item *item)
{
    timeout_start_locked(&item->timeout, random_delay(), expired);
    item->pending = true;
    item->start = starts++;
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
