/* SPDX-License-Identifier: Apache-2.0 */
/* Time: relative and absolute timeouts, timepoints (fixed moments), uptime, unit conversion. 64-bit
 * ticks throughout. */
#pragma once

#include "../lib/dlist.h"

/* Rounded up: a tick may be a little longer than it says, never shorter. */
#define CYCLES_PER_TICK                                                                            \
    DIV_ROUND_UP(CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC, CONFIG_SYS_CLOCK_TICKS_PER_SEC)

typedef int64_t k_ticks_t;

/* How long a call may wait. 0: not at all; -1: for ever; > 0: that many ticks; < -1: until tick -2
 * - ticks. */
typedef struct {
    k_ticks_t ticks;
} k_timeout_t;

/* A fixed moment in ticks since boot; UINT64_MAX: never. */
typedef struct {
    uint64_t tick;
} k_timepoint_t;

#define K_TICKS_FOREVER ((k_ticks_t)-1)
#define K_TICKS(t)      ((k_timeout_t){.ticks = (k_ticks_t)(t)})
#define K_NO_WAIT       K_TICKS(0)
#define K_FOREVER       K_TICKS(K_TICKS_FOREVER)

#define NSEC_PER_SEC  1000000000
#define USEC_PER_SEC  1000000
#define MSEC_PER_SEC  1000
#define USEC_PER_MSEC 1000

/* Relative waits. Each rounds up to whole ticks; a negative argument means K_NO_WAIT. */
#define K_NSEC(t)    timeout_from_units((t), NSEC_PER_SEC)
#define K_USEC(t)    timeout_from_units((t), USEC_PER_SEC)
#define K_MSEC(t)    timeout_from_units((t), MSEC_PER_SEC)
#define K_SECONDS(s) timeout_from_units((s), 1)
#define K_MINUTES(m) K_SECONDS((int64_t)(m)*60)
#define K_HOURS(h)   K_MINUTES((int64_t)(h)*60)

/* Absolute waits: until the uptime reaches this moment; a moment in the past expires at the next
 * tick. */
#define K_TIMEOUT_ABS_TICKS(t) timeout_until(t)
#define K_TIMEOUT_ABS_MS(t)    K_TIMEOUT_ABS_TICKS(K_MSEC(t).ticks)
#define K_TIMEOUT_ABS_US(t)    K_TIMEOUT_ABS_TICKS(K_USEC(t).ticks)
#define K_TIMEOUT_ABS_NS(t)    K_TIMEOUT_ABS_TICKS(K_NSEC(t).ticks)
#define K_TIMEOUT_ABS_SEC(t)   K_TIMEOUT_ABS_TICKS(K_SECONDS(t).ticks)

/* For interfaces that take plain milliseconds or microseconds. */
#define SYS_FOREVER_MS (-1)
#define SYS_FOREVER_US (-1)

#define K_TIMEOUT_EQ(a, b) ((a).ticks == (b).ticks)

/* Value * to / from; exact as long as the result fits, because only the remainder is multiplied
 * first. Where the units are the same nothing is calculated, and no division is linked. */
static inline uint64_t scale_floor(uint64_t value, uint64_t from, uint64_t to)
{
    return from == to ? value : value / from * to + value % from * to / from;
}

static inline uint64_t scale_near(uint64_t value, uint64_t from, uint64_t to)
{
    return from == to ? value : value / from * to + (value % from * to + from / 2) / from;
}

static inline uint64_t scale_ceil(uint64_t value, uint64_t from, uint64_t to)
{
    return from == to ? value : value / from * to + (value % from * to + from - 1) / from;
}

static inline k_timeout_t timeout_from_units(int64_t count, uint32_t units_per_second)
{
    if (count <= 0) {
        return K_NO_WAIT;
    }
    /* A tick is shorter than the unit: there may be more of them than fit. */
    if (units_per_second < CONFIG_SYS_CLOCK_TICKS_PER_SEC &&
        (uint64_t)count / units_per_second >= INT64_MAX / CONFIG_SYS_CLOCK_TICKS_PER_SEC) {
        return K_TICKS(INT64_MAX);
    }
    return K_TICKS(scale_ceil((uint64_t)count, units_per_second, CONFIG_SYS_CLOCK_TICKS_PER_SEC));
}

static inline k_timeout_t timeout_until(k_ticks_t tick)
{
    return K_TICKS(-2 - CLAMP(tick, 0, INT64_MAX - 1));
}

/* Zephyr's conversion names: k_<from>_to_<to>_<floor|near|ceil><32|64>; the 32-bit forms wrap. */
#define DEFINE_CONVERSION(from, from_hz, to, to_hz, round)                                         \
    static inline uint64_t k_##from##_to_##to##_##round##64(uint64_t t)                            \
    {                                                                                              \
        return scale_##round(t, from_hz, to_hz);                                                   \
    }                                                                                              \
    static inline uint32_t k_##from##_to_##to##_##round##32(uint32_t t)                            \
    {                                                                                              \
        return (uint32_t)scale_##round(t, from_hz, to_hz);                                         \
    }
#define DEFINE_CONVERSIONS(from, from_hz, to, to_hz)                                               \
    DEFINE_CONVERSION(from, from_hz, to, to_hz, floor)                                             \
    DEFINE_CONVERSION(from, from_hz, to, to_hz, near)                                              \
    DEFINE_CONVERSION(from, from_hz, to, to_hz, ceil)
#define TICK_HZ CONFIG_SYS_CLOCK_TICKS_PER_SEC
DEFINE_CONVERSIONS(sec, 1, ticks, TICK_HZ)
DEFINE_CONVERSIONS(ms, MSEC_PER_SEC, ticks, TICK_HZ)
DEFINE_CONVERSIONS(us, USEC_PER_SEC, ticks, TICK_HZ)
DEFINE_CONVERSIONS(ns, NSEC_PER_SEC, ticks, TICK_HZ)
DEFINE_CONVERSIONS(ticks, TICK_HZ, sec, 1)
DEFINE_CONVERSIONS(ticks, TICK_HZ, ms, MSEC_PER_SEC)
DEFINE_CONVERSIONS(ticks, TICK_HZ, us, USEC_PER_SEC)
DEFINE_CONVERSIONS(ticks, TICK_HZ, ns, NSEC_PER_SEC)

/* Ticks since boot. Context: any. Bound: constant. */
int64_t k_uptime_ticks(void);

/* Milliseconds since boot, rounded down. Context: any. Bound: constant. */
static inline int64_t k_uptime_get(void)
{
    return (int64_t)k_ticks_to_ms_floor64((uint64_t)k_uptime_ticks());
}

static inline uint32_t k_uptime_get_32(void)
{
    return (uint32_t)k_uptime_get();
}

static inline uint32_t k_uptime_seconds(void)
{
    return (uint32_t)k_ticks_to_sec_floor64((uint64_t)k_uptime_ticks());
}

/* Milliseconds since *reftime_ms, which becomes now. Context: any. Bound: constant. */
static inline int64_t k_uptime_delta(int64_t *reftime_ms)
{
    int64_t now_ms = k_uptime_get();
    int64_t delta_ms = now_ms - *reftime_ms;

    *reftime_ms = now_ms;
    return delta_ms;
}

/* The moment at which `timeout`, started now, expires. Context: any. Bound: constant. */
k_timepoint_t sys_timepoint_calc(k_timeout_t timeout);

/* The wait that is left until `timepoint`: K_NO_WAIT when it has passed. Context: any. Bound:
 * constant. */
k_timeout_t sys_timepoint_timeout(k_timepoint_t timepoint);

/* Negative, 0, positive: a is before, at, after b. Context: any. Bound: constant. */
static inline int sys_timepoint_cmp(k_timepoint_t a, k_timepoint_t b)
{
    return a.tick == b.tick ? 0 : a.tick < b.tick ? -1 : 1;
}

/* True when `timepoint` is not in the future. Context: any. Bound: constant. */
static inline bool sys_timepoint_expired(k_timepoint_t timepoint)
{
    return K_TIMEOUT_EQ(sys_timepoint_timeout(timepoint), K_NO_WAIT);
}

/* Aligned as a word, so that no byte of a timeout is lost. */
typedef uint64_t tick_words_t __attribute__((aligned(4)));

/* Kernel-internal: one pending expiry. The callback runs in the tick interrupt with interrupts
 * locked; it may open the lock for a while. */
struct timeout {
    sys_dnode_t node;
    tick_words_t deadline_tick;
    void (*expired)(struct timeout *timeout);
};

/* Starts `timeout`, which must not be pending. Context: locked. Bound: constant. */
void timeout_begin_locked(struct timeout *timeout, void (*expired)(struct timeout *),
                          k_timeout_t delay);

/* The same in the usual order; in the other one, all arguments are in registers. */
static inline void timeout_start_locked(struct timeout *timeout, k_timeout_t delay,
                                        void (*expired)(struct timeout *))
{
    timeout_begin_locked(timeout, expired, delay);
}

/* Starts `timeout`, which has expired, to expire again `ticks` after its last deadline: at once, in
 * the same announcement, when that has passed, too. Context: its callback. Bound: as the start. */
void timeout_restart_locked(struct timeout *timeout, k_ticks_t ticks);

/* Stops `timeout`; true when it was pending. Context: locked. Bound: constant. The alarm stays: an
 * interrupt without work is cheaper than looking for the next deadline. */
static inline bool timeout_stop_locked(struct timeout *timeout)
{
    sys_dnode_t *next = timeout->node.next;
    sys_dnode_t *prev = timeout->node.prev;

    if (next == NULL) {
        return false;
    }
    prev->next = next;
    next->prev = prev;
    timeout->node.next = NULL;
    return true;
}

/* Ticks until `timeout` expires, 0 when it is not pending. Context: locked. Bound: constant. */
k_ticks_t timeout_remaining_locked(const struct timeout *timeout);

/*
 * Lets `ticks` pass and runs what has expired, in order of the deadlines. Context: the clock's
 * interrupt, interrupts unlocked. Bound: constant when nothing is due; otherwise constant for each
 * timeout that expires and for each bit of its delay, interrupts are opened between two.
 */
void timeout_announce(uint32_t ticks);

/*
 * As timeout_announce with interrupts masked by arch_irq_mask(); opens them at the end. For a clock
 * that must forget the ticks in the same masked section: in between, time would stand back.
 */
void timeout_announce_masked(uint32_t ticks);

/* Ticks that have been announced since boot. Context: locked. Bound: constant. */
uint64_t timeout_announced_locked(void);

/* Makes everything stopped. Context: before the scheduler. */
void timeout_init(void);
