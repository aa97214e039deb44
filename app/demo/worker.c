/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include "crc32.h"
#include "writer.h"

#define STACK_BYTES 1024

static K_THREAD_STACK_ARRAY_DEFINE(stacks, WORKERS, STACK_BYTES);
static struct k_thread threads[WORKERS];
static uint32_t lines[WORKERS]; /* each written by its worker only */

/* First in, first out; protected by `lock`. */
static struct message *first;
static struct message **end = &first;
static struct k_spinlock lock;
static K_SEM_DEFINE(jobs, 0, K_SEM_MAX_LIMIT);

void workers_submit(struct message *message)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    message->next_job = NULL;
    *end = message;
    end = &message->next_job;
    k_spin_unlock(&lock, key);
    k_sem_give(&jobs);
}

static struct message *next_job(void)
{
    struct message *message;
    k_spinlock_key_t key;

    k_sem_take(&jobs, K_FOREVER);
    key = k_spin_lock(&lock);
    message = first;
    first = message->next_job;
    if (first == NULL) {
        end = &first;
    }
    k_spin_unlock(&lock, key);
    return message;
}

static void work(void *line_count, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        struct message *message = next_job();

        if (!message_is_skipped(message)) {
            message->crc = crc32_ieee(message->bytes, message->length);
        }
        ++*(uint32_t *)line_count;
        writer_summed(message);
    }
}

void workers_start(int first_priority)
{
    static const char *const names[WORKERS] = {"worker 1", "worker 2", "worker 3"};

    for (unsigned i = 0; i < WORKERS; i++) {
        k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), work, &lines[i],
                        NULL, NULL, first_priority + (int)i, 0, K_NO_WAIT);
        k_thread_name_set(&threads[i], names[i]);
    }
}

uint32_t worker_lines(unsigned index)
{
    return lines[index];
}
