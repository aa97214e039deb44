/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel objects as sources of units, so that one set of sweeps does for all of them. */
#pragma once

#include "../sweep/sweep.h"

/* Who calls; blocks of a slab must be kept apart. */
enum actor {
    BODY,
    WAITER,
    HELPER,
    INTERRUPT,
    ACTORS,
};

struct kind {
    const char *name;
    void (*init)(void); /* no units, nobody waits */
    bool (*take)(enum actor actor, k_timeout_t timeout);
    bool (*give)(enum actor actor);
    unsigned (*left)(void);
    const _wait_q_t *wait_q; /* of those who take; NULL: they wait elsewhere */
    bool merges;             /* units given while one is left are one */
    bool dies_with;          /* what was handed to a thread is lost when it dies */
};

extern const struct kind kinds[];
extern const unsigned kind_count;
