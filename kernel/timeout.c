/* SPDX-License-Identifier: Apache-2.0 */
#include "timeout.h"

#include "irq.h"
#include "wheel.h"

/*
 * Radix buckets. A pending timeout is in the list of the highest bit in which its deadline differs
 * from `processed`, the moment up to which everything has run; list 0 is that of bit 31, list 31
 * that of bit 0, because the processor counts zeros from above. When `processed` moves to a later
 * moment, before which nothing is due, the members of one list only may have to move: that of the
 * highest bit in which the two moments differ. Each of them then is due or differs in a lower bit.
 * So start and stop take constant time, whatever else is pending, and a timeout moves at most once
 * per bit of its delay.
 *
 * Equal deadlines are always in the same list, and lists keep their order: first come, first
 * served. Nothing joins the list that is being emptied, because `processed` has its bit set
 * already. So it can be emptied one member at a time, with interrupts open in between. What is
 * started meanwhile waits in a list of its own until the others have moved, to come behind them.
 *
 * 2^32 ticks are an epoch. `processed` stops at the last tick of each and at the first of the next;
 * what is due in later ones shares a list. There are two of it, used by turns, so that what stays
 * far away is not met again while it is emptied. In the last tick of an epoch everything is quiet
 * for ever, so that no start takes the short way: its `soonest` is of the next epoch.
 *
 * A mark says that a list may have members. Nobody takes it back when the last one is stopped: it
 * goes when the list is looked at in vain.
 */
#define NO_ALARM UINT64_MAX

struct wheel wheel;

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
    return wheel.soonest - 1 + arch_clock_elapsed_locked();
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

/* Returns the number of the near list, 0 for the far one. */
static inline unsigned insert(struct timeout *timeout)
{
    uint64_t deadline_tick = timeout->deadline_tick;

    if (deadline_tick >> 32 == wheel.epoch) {
        return wheel_insert_near(timeout, (uint32_t)deadline_tick ^ wheel.processed_low);
    }
    sys_dlist_append(&wheel.lists[FAR + wheel.far], &timeout->node);
    return 0;
}

/* `timeout` may be the first of all. */
static void start(struct timeout *timeout, uint64_t deadline_tick)
{
    timeout->deadline_tick = deadline_tick;
    if (wheel.expiring) {
        sys_dlist_append(&wheel.lists[YOUNG], &timeout->node);
        return;
    }
    (void)insert(timeout);
    if (deadline_tick < wheel.alarm) {
        wheel.alarm = deadline_tick;
        arch_clock_alarm_locked(deadline_tick - (wheel.soonest - 1));
        if (deadline_tick >> 32 == wheel.epoch) {
            wheel.quiet_low = (uint32_t)deadline_tick - 1;
        }
    }
}

void timeout_arm_anyhow(struct timeout *timeout, k_timeout_t delay)
{
    start(timeout, deadline_of(delay));
}

void timeout_arm_call(struct timeout *timeout, k_timeout_t delay)
{
    timeout_arm_inline(timeout, delay);
}

void timeout_begin_locked(struct timeout *timeout, void (*expired)(struct timeout *),
                          k_timeout_t delay)
{
    timeout->expired = expired;
    timeout_arm_call(timeout, delay);
}

static uint64_t processed(void)
{
    return ((uint64_t)wheel.epoch << 32) | wheel.processed_low;
}

void timeout_restart_locked(struct timeout *timeout, k_ticks_t ticks)
{
    uint64_t deadline_tick = add_saturated(timeout->deadline_tick, (uint64_t)ticks);

    start(timeout, MAX(deadline_tick, wheel.expiring ? processed() + 1 : wheel.soonest));
}

k_ticks_t timeout_remaining_locked(const struct timeout *timeout)
{
    uint64_t now = now_locked();

    if (!sys_dnode_is_linked(&timeout->node) || timeout->deadline_tick <= now) {
        return 0;
    }
    return (k_ticks_t)MIN(timeout->deadline_tick - now, (uint64_t)INT64_MAX);
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

/* Not inlined, so that it takes nothing from those that expire. */
static __attribute__((noinline)) void move(struct timeout *timeout)
{
    unsigned number = insert(timeout);

    wheel.nearest = (uint8_t)MAX(wheel.nearest, number);
}

/* Each member of `list`, a near one, is due or belongs to another near one now. */
static void empty_near(sys_dlist_t *list)
{
    while (!sys_dlist_is_empty(list)) {
        struct timeout *timeout = take_first(list);

        if ((uint32_t)timeout->deadline_tick == wheel.processed_low) {
            timeout->expired(timeout);
        } else {
            move(timeout);
        }
        breathe();
    }
}

/* Each member of `list`, the far or the young one, belongs to another one now. Of the far list it
 * may also be due, which is when an epoch begins. */
static void empty_other(sys_dlist_t *list)
{
    while (!sys_dlist_is_empty(list)) {
        struct timeout *timeout = take_first(list);

        if (timeout->deadline_tick == processed()) {
            timeout->expired(timeout);
        } else {
            move(timeout);
        }
        breathe();
    }
}

/* Moves `processed` to `moment_low`, before which nothing is due, in this epoch; 0: to the first
 * tick of the next, when only the far list has members. */
static void process_until(uint32_t moment_low)
{
    unsigned number = (unsigned)__builtin_clz(moment_low ^ wheel.processed_low);

    wheel.processed_low = moment_low;
    wheel.nearest = (uint8_t)number;
    if (moment_low != 0) {
        empty_near(&wheel.lists[number]);
        return;
    }
    number = FAR + wheel.far;
    wheel.far ^= 1;
    wheel.epoch++;
    empty_other(&wheel.lists[number]);
}

/* The list of the lowest bit that is marked, among those not nearer than `number`; 0 if none is. */
static unsigned first_marked(unsigned number)
{
    for (unsigned word = number / 4 + 1; word-- != 0;) {
        uint32_t marks = wheel.marks.words[word];

        if (marks != 0) { /* its first byte is the lowest */
            return word * 4 + (31 - (unsigned)__builtin_clz(marks)) / 8;
        }
    }
    return 0;
}

/* Makes `nearest` exact. */
static void find_nearest(void)
{
    unsigned number = wheel.nearest;

    while ((number = first_marked(number)) != 0 && sys_dlist_is_empty(&wheel.lists[number])) {
        wheel.marks.bytes[number] = 0;
        breathe();
    }
    wheel.nearest = (uint8_t)number;
}

/*
 * Low word of the next deadline if the nearest list has one member; otherwise of the moment from
 * which on its members would belong elsewhere, which is not later; if it has none, of the last tick
 * of the epoch, and behind that 0.
 */
static uint32_t next_moment(void)
{
    const sys_dlist_t *list = &wheel.lists[wheel.nearest];
    const uint32_t bit = UINT32_C(1) << 31 >> wheel.nearest;

    if (list->next == list) {
        return wheel.processed_low == UINT32_MAX ? 0 : UINT32_MAX;
    }
    if (list->next == list->prev) {
        return (uint32_t)timeout_of(list->next)->deadline_tick;
    }
    return (wheel.processed_low | (bit - 1)) + 1;
}

static bool has_passed(uint32_t moment_low)
{
    uint64_t announced = wheel.soonest - 1;

    return announced >> 32 != wheel.epoch || (moment_low <= (uint32_t)announced && moment_low != 0);
}

static uint64_t quiet_until(void)
{
    return ((uint64_t)wheel.epoch << 32) | wheel.quiet_low;
}

/* Everything that is due by now, which begins at `moment_low`. */
static void expire(uint32_t moment_low)
{
    wheel.expiring = true;
    wheel.quiet_low = UINT32_MAX;
    wheel.alarm = NO_ALARM;
    do {
        process_until(moment_low);
        do {
            empty_other(&wheel.lists[YOUNG]); /* nothing in it is due */
            find_nearest();
        } while (!sys_dlist_is_empty(&wheel.lists[YOUNG]));
        moment_low = next_moment();
    } while (has_passed(moment_low));
    wheel.expiring = false;
    wheel.quiet_low = moment_low - 1;
    if (!sys_dlist_is_empty(&wheel.lists[wheel.nearest]) ||
        !sys_dlist_is_empty(&wheel.lists[FAR + wheel.far])) {
        wheel.alarm = quiet_until() + 1;
    }
}

void timeout_announce(uint32_t ticks)
{
    arch_irq_mask();
    timeout_announce_masked(ticks);
}

void timeout_announce_masked(uint32_t ticks)
{
    uint64_t announced = wheel.soonest - 1 + ticks;

    wheel.soonest = announced + 1;
    if (announced > quiet_until()) {
        if (wheel.expiring) {
            /* Called in an interrupt of the call that expires: that one sees the new time. */
            arch_irq_unmask();
            return;
        }
        expire(wheel.quiet_low + 1);
    }
    arch_clock_alarm_locked(wheel.alarm - (wheel.soonest - 1));
    arch_irq_unmask();
}

/* Here instead of in its definition, which would take as much flash as the wheel takes RAM. */
void timeout_init(void)
{
    wheel.soonest = 1;
    wheel.quiet_low = UINT32_MAX - 1;
    wheel.alarm = NO_ALARM;
    for (unsigned i = 0; i < LIST_COUNT; i++) {
        sys_dlist_init(&wheel.lists[i]);
    }
}

uint64_t timeout_announced_locked(void)
{
    return wheel.soonest - 1;
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
