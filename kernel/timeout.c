/* SPDX-License-Identifier: Apache-2.0 */
#include "timeout.h"

#include "../lib/assert.h"
#include "irq.h"

/*
 * Radix buckets. A pending timeout is in the list numbered by the highest bit in which its deadline
 * differs from `processed`, the moment up to which everything has run. When that moves to a later
 * one, before which nothing is due, the members of one list only may have to move: that of the
 * highest bit in which the two moments differ. Each of them then is due or differs in a lower bit.
 * So start and stop take constant time, whatever else is pending, and a timeout moves at most once
 * per bit of its delay.
 *
 * Equal deadlines are always in the same list, and lists keep their order: first come, first
 * served. Nothing joins the list that is being emptied, because `processed` has its bit set
 * already. So it can be emptied one member at a time, with interrupts open in between. What is
 * started meanwhile waits in a list of its own until the others have moved, to come behind them.
 *
 * Differences of 2^31 and more share a list. There are two of it, used by turns, so that what stays
 * far away is not met again while it is emptied.
 */
#define FAR        31u
#define YOUNG      (FAR + 2)
#define LIST_COUNT (YOUNG + 1)
#define NO_ALARM   UINT64_MAX

/* All of it is protected by the interrupt lock. */
static struct {
    sys_dlist_t lists[LIST_COUNT];
    uint64_t announced; /* ticks that the clock has told of */
    uint64_t processed; /* <= announced; every pending deadline is later */
    uint64_t alarm;     /* no deadline is earlier; 0 while expiring: no tick is too early */
    uint32_t map;       /* bit b: list b is not empty; of lists 0 to 30 */
    uint8_t far;        /* 0 or 1: the far list in use */
    bool expiring;
} wheel = {.alarm = NO_ALARM};

static struct timeout *timeout_of(sys_dnode_t *node)
{
    return CONTAINER_OF(node, struct timeout, node);
}

static uint64_t add_saturated(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

static uint64_t now_locked(void)
{
    return wheel.announced + arch_clock_elapsed_locked();
}

/*
 * A relative wait of n ticks begins somewhere inside the current tick, so it ends n + 1 ticks
 * later: never early. An absolute one names the tick itself; one in the past takes the next.
 */
static uint64_t deadline_of(k_timeout_t delay)
{
    uint64_t now = now_locked();

    if (delay.ticks < K_TICKS_FOREVER) {
        return MAX((uint64_t)(-2 - delay.ticks), now + 1);
    }
    return now + 1 + (uint64_t)delay.ticks; /* both halves of a sum that cannot overflow */
}

/* The list of what differs from `processed` in `difference`; FAR: a far one. */
static inline unsigned list_of(uint64_t difference)
{
    if (difference >> 32 != 0) {
        return FAR;
    }
    return (unsigned)(31 - __builtin_clz((uint32_t)difference)); /* never of 0 */
}

static inline void insert(struct timeout *timeout)
{
    unsigned list = list_of(timeout->deadline_tick ^ wheel.processed);

    if (list == FAR) {
        sys_dlist_append(&wheel.lists[FAR + wheel.far], &timeout->node);
        return;
    }
    wheel.map |= UINT32_C(1) << list;
    sys_dlist_append(&wheel.lists[list], &timeout->node);
}

static void unlink(struct timeout *timeout)
{
    sys_dnode_t *next = timeout->node.next;
    sys_dnode_t *prev = timeout->node.prev;

    prev->next = next;
    next->prev = prev;
    timeout->node.next = NULL;
    if (next == prev) {
        /* It was alone, so what is left is the list itself. */
        size_t list = (size_t)(next - wheel.lists);

        if (list < FAR) {
            wheel.map &= ~(UINT32_C(1) << list);
        }
    }
}

static inline void start(struct timeout *timeout, uint64_t deadline_tick)
{
    timeout->deadline_tick = deadline_tick;
    if (wheel.expiring) {
        sys_dlist_append(&wheel.lists[YOUNG], &timeout->node);
        return;
    }
    insert(timeout);
    if (deadline_tick < wheel.alarm) {
        wheel.alarm = deadline_tick;
        arch_clock_alarm_locked(deadline_tick - wheel.announced);
    }
}

void timeout_begin_locked(struct timeout *timeout, void (*expired)(struct timeout *),
                          k_timeout_t delay)
{
    timeout->expired = expired;
    start(timeout, deadline_of(delay));
}

void timeout_restart_locked(struct timeout *timeout, k_ticks_t ticks)
{
    uint64_t deadline_tick = add_saturated(timeout->deadline_tick, (uint64_t)ticks);
    uint64_t now = wheel.expiring ? wheel.processed : wheel.announced;

    start(timeout, MAX(deadline_tick, now + 1));
}

bool timeout_stop_locked(struct timeout *timeout)
{
    if (!sys_dnode_is_linked(&timeout->node)) {
        return false;
    }
    /* The alarm stays: an interrupt without work is cheaper than looking for the next deadline. */
    unlink(timeout);
    return true;
}

k_ticks_t timeout_remaining_locked(const struct timeout *timeout)
{
    uint64_t now = now_locked();

    if (!sys_dnode_is_linked(&timeout->node) || timeout->deadline_tick <= now) {
        return 0;
    }
    return (k_ticks_t)MIN(timeout->deadline_tick - now, (uint64_t)INT64_MAX);
}

/* The list with the earliest deadlines; FAR: none of the numbered ones has members. */
static unsigned first_list(void)
{
    return wheel.map == 0 ? FAR : (unsigned)__builtin_ctz(wheel.map);
}

/* The next deadline if its list has one member; otherwise the moment from which on that list's
 * members would belong elsewhere, which is not later. */
static uint64_t next_alarm(void)
{
    unsigned list = first_list();
    const sys_dlist_t *members = &wheel.lists[list == FAR ? FAR + wheel.far : list];

    if (members->next == members) {
        return NO_ALARM;
    }
    if (members->next == members->prev) {
        return timeout_of(members->next)->deadline_tick;
    }
    return ((wheel.processed >> list) + 1) << list;
}

static inline struct timeout *take_first(sys_dlist_t *list)
{
    sys_dnode_t *node = list->next;

    list->next = node->next;
    node->next->prev = list;
    node->next = NULL;
    return timeout_of(node);
}

/* Other interrupts get their turn. */
static inline void breathe(void)
{
    arch_irq_unmask();
    arch_irq_mask();
}

/* Each member of `list` is due, or belongs to another list now. */
static void empty_list(sys_dlist_t *list)
{
    while (!sys_dlist_is_empty(list)) {
        struct timeout *timeout = take_first(list);

        if (timeout->deadline_tick == wheel.processed) {
            timeout->expired(timeout);
        } else {
            insert(timeout);
        }
        breathe();
    }
}

/* Moves `processed` to `moment`, before which nothing is due. */
static void process_until(uint64_t moment)
{
    unsigned list = list_of(wheel.processed ^ moment);

    wheel.processed = moment;
    if (list == FAR) {
        list += wheel.far;
        wheel.far ^= 1;
    } else {
        wheel.map &= ~(UINT32_C(1) << list);
    }
    empty_list(&wheel.lists[list]);
    empty_list(&wheel.lists[YOUNG]); /* nothing in it is due */
}

static void expire(void)
{
    uint64_t moment = wheel.alarm;

    wheel.expiring = true;
    wheel.alarm = 0;
    while (moment <= wheel.announced) {
        process_until(moment);
        moment = next_alarm();
    }
    wheel.alarm = moment;
    wheel.expiring = false;
}

void timeout_announce(uint32_t ticks)
{
    arch_irq_mask();
    timeout_announce_masked(ticks);
}

void timeout_announce_masked(uint32_t ticks)
{
    wheel.announced += ticks;
    if (wheel.announced >= wheel.alarm) {
        if (wheel.expiring) {
            /* Called in an interrupt of the call that expires: that one sees the new time. */
            arch_irq_unmask();
            return;
        }
        expire();
    }
    arch_clock_alarm_locked(wheel.alarm - wheel.announced);
    arch_irq_unmask();
}

void timeout_init(void)
{
    for (unsigned i = 0; i < LIST_COUNT; i++) {
        sys_dlist_init(&wheel.lists[i]);
    }
}

uint64_t timeout_announced_locked(void)
{
    return wheel.announced;
}

int64_t k_uptime_ticks(void)
{
    unsigned key = irq_lock();
    uint64_t now = now_locked();

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
