/* SPDX-License-Identifier: Apache-2.0 */
/* What the work suites share: a queue whose items do what a script says. */
#pragma once

#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

/* The queue's thread is more urgent than the test: an item starts as soon as it is submitted. */
#define QUEUE_PRIORITY (TEST_PRIORITY - 2)

extern struct k_work_q queue;
extern struct k_work_sync sync_;

/* An item traces its letter when it starts; a letter in `blocking` waits for `gate` then, and
 * traces the small letter at its end. */
struct item {
    struct k_work_delayable dwork;
    char letter;
};
extern struct item items[4]; /* A B C D */
extern const char *blocking;
extern struct k_sem gate;

/* The plain item. */
static inline struct k_work *work_of(unsigned index)
{
    return &items[index].dwork.work;
}

/* For suites: starts the queue before, ends it after a test. */
void work_before(void *fixture);
void work_after(void *fixture);
