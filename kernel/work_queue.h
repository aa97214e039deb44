/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel-internal: between items of work and the queues that run them. Context of all: locked. */
#pragma once

#include "work.h"

/* Appends the item and wakes the queue's thread. 0, -ENODEV, -EBUSY as k_work_submit_to_queue. */
int work_queue_append_locked(struct k_work_q *queue, struct k_work *work);

/* The item has left the queue and its function is about to be called, or has returned. */
void work_begins_locked(struct k_work *work);
void work_ended_locked(struct k_work *work);
