/* SPDX-License-Identifier: Apache-2.0 */
/* Work that is submitted after a delay. */
#pragma once

#include "work.h"

/* All members are protected by the interrupt lock. */
struct k_work_delayable {
    struct k_work work;
    struct timeout timeout;
    struct k_work_q *queue; /* where it goes after the delay */
};

#define Z_WORK_DELAYABLE_INITIALIZER(work_handler)                                                 \
    {                                                                                              \
        .work = Z_WORK_INITIALIZER(work_handler)                                                   \
    }

/* Defines idle item `work`. */
#define K_WORK_DELAYABLE_DEFINE(work, work_handler)                                                \
    struct k_work_delayable work = Z_WORK_DELAYABLE_INITIALIZER(work_handler)

/* Makes `dwork` an idle item. Context: any; it is not busy. Bound: constant. */
void k_work_init_delayable(struct k_work_delayable *dwork, k_work_handler_t handler);

/* The delayable item of which `work` is the item, for handlers. */
static inline struct k_work_delayable *k_work_delayable_from_work(struct k_work *work)
{
    return CONTAINER_OF(work, struct k_work_delayable, work);
}

/*
 * Submits the idle or running item to `queue` after `delay`. Returns 1, 0 when it is delayed,
 * queued, or being cancelled already (nothing changes), and with K_NO_WAIT as
 * k_work_submit_to_queue, with its failures. Failures after a delay are not reported. Context: any.
 * Bound: a timeout's start.
 */
int k_work_schedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
                              k_timeout_t delay);

/* As k_work_schedule_for_queue, but a delay that is running is replaced, also when the item is
 * queued, too. */
int k_work_reschedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
                                k_timeout_t delay);

/* The two above for k_sys_work_q. */
int k_work_schedule(struct k_work_delayable *dwork, k_timeout_t delay);
int k_work_reschedule(struct k_work_delayable *dwork, k_timeout_t delay);

/* As k_work_flush; a delay that is running is cut short. */
bool k_work_flush_delayable(struct k_work_delayable *dwork, struct k_work_sync *sync);

/* As k_work_cancel and k_work_cancel_sync; they end a delay, too. */
int k_work_cancel_delayable(struct k_work_delayable *dwork);
bool k_work_cancel_delayable_sync(struct k_work_delayable *dwork, struct k_work_sync *sync);

/* As k_work_busy_get. */
static inline int k_work_delayable_busy_get(const struct k_work_delayable *dwork)
{
    return k_work_busy_get(&dwork->work);
}

static inline bool k_work_delayable_is_pending(const struct k_work_delayable *dwork)
{
    return k_work_delayable_busy_get(dwork) != 0;
}

/* Ticks until the delay ends, 0 when none runs; the uptime at which it ends, or the present one.
 * Context: any. Bound: constant. */
k_ticks_t k_work_delayable_remaining_get(const struct k_work_delayable *dwork);
k_ticks_t k_work_delayable_expires_get(const struct k_work_delayable *dwork);
