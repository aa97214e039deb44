/* SPDX-License-Identifier: Apache-2.0 */
#include "common.h"

struct k_work_q queue;
struct k_work_sync sync_;
struct item items[4];
const char *blocking;
struct k_sem gate;

static K_THREAD_STACK_DEFINE(queue_stack, CONFIG_ZTEST_WORKER_STACK_SIZE);

static void handle(struct k_work *work)
{
    const struct item *item = CONTAINER_OF(k_work_delayable_from_work(work), struct item, dwork);

    trace(item->letter);
    if (strchr(blocking, item->letter) != NULL) {
        k_sem_take(&gate, K_FOREVER);
        trace((char)(item->letter - 'A' + 'a'));
    }
}

void work_before(void *fixture)
{
    static const struct k_work_queue_config config = {.name = "queue"};

    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
    k_sem_init(&gate, 0, 10);
    blocking = "";
    for (unsigned i = 0; i < ARRAY_SIZE(items); i++) {
        k_work_init_delayable(&items[i].dwork, handle);
        items[i].letter = (char)('A' + i);
    }
    k_work_queue_init(&queue);
    k_work_queue_start(&queue, queue_stack, K_THREAD_STACK_SIZEOF(queue_stack), QUEUE_PRIORITY,
                       &config);
}

void work_after(void *fixture)
{
    for (unsigned i = 0; i < ARRAY_SIZE(items); i++) {
        (void)k_work_cancel_delayable(&items[i].dwork);
    }
    k_thread_abort(&queue.thread);
    workers_end(fixture);
}
