/* SPDX-License-Identifier: Apache-2.0 */
/* A look at the whole kernel between two of its calls; writes nothing. */
#pragma once

#include <zephyr/kernel.h>

/*
 * NULL, or which of these does not hold: each ready thread is in the ring of its priority and the
 * map says which rings have members; `next` is the one that must run (S3); each waiting thread is
 * in its wait queue once, in the order of the priorities, first come first served; a timeout
 * belongs to a thread that waits or sleeps; each thread has the priority that it must have (O1).
 * Context: any, outside of the kernel's own locked sections. Bound: quadratic in waiters.
 */
const char *kernel_broken(void);

/* Whether W6 keeps `waiter`, which waits for memory, from what would do: one in front of it has been
 * passed as often as may be. Context: locked. */
bool waiter_must_not_pass(const struct k_thread *waiter);
