/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel-internal: what a thread carries for options; each part is empty without its option. */
#pragma once

#include "../lib/util.h"

struct k_thread;

/* Its own time slice. Protected by the interrupt lock. */
struct thread_slice {
#ifdef CONFIG_TIMESLICE_PER_THREAD
    int32_t ticks; /* 0: none */
    void (*expired)(struct k_thread *thread, void *data);
    void *data;
#endif
};

/* Its errno. Only the thread uses it. */
struct thread_errno {
#ifdef CONFIG_ERRNO
    int value;
#endif
};

/* Cycles that it ran. Protected by the interrupt lock. */
struct thread_time {
#ifdef CONFIG_THREAD_RUNTIME_STATS
    uint64_t cycles;
#endif
};

struct thread_extras {
    struct thread_slice slice;
    struct thread_errno error;
    struct thread_time time;
};
