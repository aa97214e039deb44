/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel-internal: where timeouts are while they are pending, as far as the calls that start one
 * have to see it: they do it in line. What it means and what moves it is in timeout.c.
 */
#pragma once

#include "arch.h"
#include "timeout.h"

/* Lists 0 to 31, one for each bit; then two of what is beyond, used by turns; then the young. */
#define NEAR_COUNT 32u
#define FAR        NEAR_COUNT
#define YOUNG      (FAR + 2)
#define LIST_COUNT (YOUNG + 1)

/* All of it is protected by the interrupt lock. The lists are first: their addresses are one
 * addition. */
struct wheel {
    sys_dlist_t lists[LIST_COUNT];
    union {
        uint8_t bytes[NEAR_COUNT]; /* of list 1 to 31: not 0 if it has members */
        uint32_t words[NEAR_COUNT / 4];
    } marks;
    uint64_t soonest;       /* the first tick that the clock has not told of: no start is earlier */
    uint32_t processed_low; /* the tick up to which everything has run; low word */
    uint32_t quiet_low;     /* nothing has to be done at ticks of the epoch up to this one */
    uint32_t epoch;         /* the high word of both, and of all deadlines in near lists */
    uint8_t far;            /* 0 or 1: the far list in use */
    uint8_t nearest;        /* while expiring: no near list of a higher number has members */
    bool expiring;
    uint64_t alarm; /* what the clock knows of: not later than the first deadline */
};

extern struct wheel wheel;

/* `timeout`, which differs from `processed` in `difference` (not 0), joins its list, whose number
 * is returned. The mark of a list is its own number, which spares a constant; so list 0 has none,
 * and is looked at without. */
static ALWAYS_INLINE unsigned wheel_insert_near(struct timeout *timeout, uint32_t difference)
{
    unsigned number = (unsigned)__builtin_clz(difference);
    sys_dlist_t *list = &wheel.lists[number];
    sys_dnode_t *last = list->prev;

    wheel.marks.bytes[number] = (uint8_t)number;
    timeout->node.next = list;
    timeout->node.prev = last;
    last->next = &timeout->node;
    list->prev = &timeout->node;
    return number;
}

/* The rest of timeout_arm_locked. */
void timeout_arm_anyhow(struct timeout *timeout, k_timeout_t delay);

/*
 * The usual start: a relative delay below 2^32. Two tests find those whose deadline is in another
 * epoch or earlier than everything that is to be done: false, and nothing was done. While expiring
 * everything is quiet for ever, so that those starts fail the second one.
 */
static ALWAYS_INLINE bool timeout_arm_short(struct timeout *timeout, uint32_t ticks)
{
    uint64_t soonest = wheel.soonest;
    uint32_t processed_low = wheel.processed_low;
    uint32_t quiet_low = wheel.quiet_low;
    uint32_t low = (uint32_t)soonest;

    /* So that both are loaded here, by one instruction. */
    __asm__("" : "+r"(processed_low), "+r"(quiet_low));
    if (__builtin_add_overflow(low, arch_clock_elapsed_locked(), &low) ||
        __builtin_add_overflow(low, ticks, &low) || low <= quiet_low) {
        return false;
    }
    timeout->deadline_tick = (soonest >> 32 << 32) | low;
    (void)wheel_insert_near(timeout, low ^ processed_low);
    return true;
}

static ALWAYS_INLINE void timeout_arm_inline(struct timeout *timeout, k_timeout_t delay)
{
    if ((uint64_t)delay.ticks >> 32 != 0 || !timeout_arm_short(timeout, (uint32_t)delay.ticks)) {
        timeout_arm_anyhow(timeout, delay);
    }
}

/* The same, not in line. */
void timeout_arm_call(struct timeout *timeout, k_timeout_t delay);

/* Starts `timeout`, which is not pending and knows its `expired`. Context: locked. Bound: constant.
 */
static inline void timeout_arm_locked(struct timeout *timeout, k_timeout_t delay)
{
#ifdef __OPTIMIZE_SIZE__
    timeout_arm_call(timeout, delay);
#else
    timeout_arm_inline(timeout, delay);
#endif
}
