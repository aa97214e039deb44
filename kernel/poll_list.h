/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel-internal: what an object needs so that k_poll can wait for it; nothing without CONFIG_POLL
 * is there. */
#pragma once

#include "../lib/dlist.h"

/* Events of polls that wait for the object, in order of their threads' priorities; zero: none. */
struct poll_list {
#ifdef CONFIG_POLL
    sys_dlist_t events;
#endif
};

#ifdef CONFIG_POLL
/* Tells the first poll that the object has reached `state`; true: a thread became ready, and the
 * caller chooses the next one. Context: locked. Bound: constant. */
bool poll_notify_locked(struct poll_list *list, unsigned state);
#else
static inline bool poll_notify_locked(struct poll_list *list, unsigned state)
{
    ARG_UNUSED(list);
    ARG_UNUSED(state);
    return false;
}
#endif

/* K_POLL_STATE_... and K_POLL_TYPE_... of the objects. */
enum {
    POLL_SIGNAL = BIT(0),
    POLL_SEM = BIT(1),
    POLL_QUEUE = BIT(2),
    POLL_MSGQ = BIT(3),
    POLL_PIPE = BIT(4),
    POLL_CANCELLED = BIT(5),
};
