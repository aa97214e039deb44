/* SPDX-License-Identifier: Apache-2.0 */
#include "timeout.h"

#include "irq.h"

/* Sorted by deadline, first come first among equals. Protected by the interrupt lock. */
static sys_dlist_t pending = SYS_DLIST_STATIC_INIT(&pending);
static uint64_t now_tick;

static struct timeout *timeout_of(sys_dnode_t *node)
{
    return CONTAINER_OF(node, struct timeout, node);
}

static uint64_t add_saturated(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

/*
 * A relative wait of n ticks begins somewhere inside the current tick, so it ends n + 1 tick
 * interrupts later: never early. An absolute one names the interrupt itself; one in the past takes
 * the next.
 */
static uint64_t deadline_of(k_timeout_t delay)
{
    if (delay.ticks < K_TICKS_FOREVER) {
        return MAX((uint64_t)(-2 - delay.ticks), now_tick + 1);
    }
    return add_saturated(now_tick, (uint64_t)delay.ticks + 1);
}

static void insert(struct timeout *timeout)
{
    sys_dnode_t *successor;

    SYS_DLIST_FOR_EACH_NODE (&pending, successor) {
        if (timeout_of(successor)->deadline_tick > timeout->deadline_tick) {
            sys_dlist_insert(successor, &timeout->node);
            return;
        }
    }
    sys_dlist_append(&pending, &timeout->node);
}

void timeout_start_locked(struct timeout *timeout, k_timeout_t delay,
                          void (*expired)(struct timeout *))
{
    timeout->deadline_tick = deadline_of(delay);
    timeout->expired = expired;
    insert(timeout);
}

void timeout_restart_locked(struct timeout *timeout, k_ticks_t ticks)
{
    timeout->deadline_tick = add_saturated(timeout->deadline_tick, (uint64_t)ticks);
    insert(timeout);
}

bool timeout_stop_locked(struct timeout *timeout)
{
    if (!sys_dnode_is_linked(&timeout->node)) {
        return false;
    }
    sys_dlist_remove(&timeout->node);
    return true;
}

k_ticks_t timeout_remaining_locked(const struct timeout *timeout)
{
    if (!sys_dnode_is_linked(&timeout->node) || timeout->deadline_tick <= now_tick) {
        return 0;
    }
    return (k_ticks_t)MIN(timeout->deadline_tick - now_tick, (uint64_t)INT64_MAX);
}

static struct timeout *first_expired(void)
{
    sys_dnode_t *node = sys_dlist_peek_head(&pending);

    if (node == NULL || timeout_of(node)->deadline_tick > now_tick) {
        return NULL;
    }
    return timeout_of(node);
}

void timeout_announce(uint32_t ticks)
{
    unsigned key = irq_lock();
    struct timeout *timeout;

    now_tick += ticks;
    while ((timeout = first_expired()) != NULL) {
        sys_dlist_remove(&timeout->node);
        timeout->expired(timeout);
        /* Other interrupts get their turn between two expiries. */
        irq_unlock(key);
        key = irq_lock();
    }
    irq_unlock(key);
}

int64_t k_uptime_ticks(void)
{
    unsigned key = irq_lock();
    uint64_t now = now_tick;

    irq_unlock(key);
    return (int64_t)now;
}

k_timepoint_t sys_timepoint_calc(k_timeout_t timeout)
{
    uint64_t now = (uint64_t)k_uptime_ticks();

    if (K_TIMEOUT_EQ(timeout, K_FOREVER)) {
        return (k_timepoint_t){UINT64_MAX};
    }
    if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        return (k_timepoint_t){0};
    }
    if (timeout.ticks < K_TICKS_FOREVER) {
        return (k_timepoint_t){(uint64_t)(-2 - timeout.ticks)};
    }
    return (k_timepoint_t){add_saturated(now, (uint64_t)timeout.ticks)};
}

k_timeout_t sys_timepoint_timeout(k_timepoint_t timepoint)
{
    uint64_t now = (uint64_t)k_uptime_ticks();

    if (timepoint.tick == UINT64_MAX) {
        return K_FOREVER;
    }
    if (timepoint.tick <= now) {
        return K_NO_WAIT;
    }
    return K_TICKS(timepoint.tick - now);
}
