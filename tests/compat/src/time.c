/* SPDX-License-Identifier: Apache-2.0 */
/* Time: sleeping, waking, timeouts, timepoints. */
#include <errno.h>

#include <zephyr/kernel.h>

#include "parts.h"

static K_SEM_DEFINE(never, 0, 1);
K_THREAD_STACK_DEFINE(napper_stack, 1024);
static struct k_thread napper;
static int32_t left;

static void nap(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    left = k_sleep(K_SECONDS(10));
}

void time_part(void)
{
    int64_t reference = k_uptime_get();
    k_timepoint_t end = sys_timepoint_calc(K_MSEC(100));
    bool ok = true;

    ok = ok && k_sem_take(&never, K_NO_WAIT) == -EBUSY;
    ok = ok && k_sem_take(&never, K_MSEC(30)) == -EAGAIN;
    ok = ok && !sys_timepoint_expired(end);
    k_sleep(sys_timepoint_timeout(end));
    ok = ok && sys_timepoint_expired(end);
    k_sleep(K_TIMEOUT_ABS_MS(reference + 300));
    ok = ok && k_uptime_get() >= reference + 300;
    ok = ok && k_uptime_delta(&reference) >= 300;

    k_thread_create(&napper, napper_stack, K_THREAD_STACK_SIZEOF(napper_stack), nap, NULL, NULL,
                    NULL, K_PRIO_PREEMPT(1), 0, K_MSEC(10));
    k_msleep(100);
    k_wakeup(&napper);
    k_thread_join(&napper, K_FOREVER);
    ok = ok && left > 9000 && left <= 10000;
    ok = ok && k_ms_to_ticks_ceil32(15) == 2 && k_ticks_to_ms_floor64(3) == 30;
    done("time", ok && k_usleep(1) == 0);
}
