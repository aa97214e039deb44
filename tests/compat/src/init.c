/* SPDX-License-Identifier: Apache-2.0 */
/* Start-up order and threads that are there before main(). */
#include <zephyr/init.h>
#include <zephyr/kernel.h>

#include "parts.h"

static int calls;
static int first_at = -1;
static int second_at = -1;
static int thread_at = -1;

static int second(void)
{
    second_at = calls++;
    return 0;
}

static int first(void)
{
    first_at = calls++;
    return 0;
}

SYS_INIT(second, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
SYS_INIT(first, POST_KERNEL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);

static void early_bird(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    thread_at = calls++;
}

K_THREAD_DEFINE(bird, 1024, early_bird, NULL, NULL, NULL, K_PRIO_COOP(1), 0, 0);
K_THREAD_DEFINE(sleeper, 1024, early_bird, NULL, NULL, NULL, K_PRIO_COOP(1), 0, SYS_FOREVER_MS);

void init_part(void)
{
    bool ok = first_at == 0 && second_at == 1 && thread_at == 2;

    k_thread_start(sleeper);
    k_thread_join(sleeper, K_FOREVER);
    done("start-up", ok && thread_at == 3 && k_thread_join(bird, K_NO_WAIT) == 0);
}
