/* SPDX-License-Identifier: Apache-2.0 */
/* The system's work queue. Nothing but a submission refers to it, so the linker drops it, stack and
 * all, from programs that make none. */
#include "work.h"

static K_THREAD_STACK_DEFINE(system_stack, CONFIG_SYSTEM_WORKQUEUE_STACK_SIZE);

static void start(struct k_work_q *queue)
{
    static const struct k_work_queue_config config = {
        .name = "sysworkq",
        .no_yield = IS_ENABLED(CONFIG_SYSTEM_WORKQUEUE_NO_YIELD),
        .essential = true,
    };

    k_work_queue_start(queue, system_stack, K_THREAD_STACK_SIZEOF(system_stack),
                       CONFIG_SYSTEM_WORKQUEUE_PRIORITY, &config);
}

struct k_work_q k_sys_work_q = {.start = start};

int k_work_submit(struct k_work *work)
{
    return k_work_submit_to_queue(&k_sys_work_q, work);
}
