/* SPDX-License-Identifier: Apache-2.0 */
#include "workers.h"

#include <string.h>
#include <zephyr/ztest.h>

static struct k_thread threads[WORKER_COUNT];
static K_THREAD_STACK_ARRAY_DEFINE(stacks, WORKER_COUNT, WORKER_STACK_BYTES);

static char letters[80];
static unsigned letter_count;

k_tid_t worker(unsigned index)
{
    return &threads[index];
}

k_tid_t worker_start(unsigned index, k_thread_entry_t entry, void *p1, void *p2, int priority,
                     k_timeout_t delay)
{
    k_tid_t thread = &threads[index];
    size_t stack_bytes = K_THREAD_STACK_SIZEOF(stacks[index]);

    k_thread_create(thread, stacks[index], stack_bytes, entry, p1, p2, NULL, priority, 0, delay);
    return thread;
}

static void check_stack(const struct k_thread *thread)
{
#ifdef CONFIG_INIT_STACKS
    size_t unused;

    zexpect_true(thread->stack == NULL ||
                     (k_thread_stack_space_get(thread, &unused) == 0 && unused > 0),
                 "a worker's stack is used up");
#else
    ARG_UNUSED(thread);
#endif
}

void workers_end(void *fixture)
{
    ARG_UNUSED(fixture);
    for (unsigned i = 0; i < WORKER_COUNT; i++) {
        k_thread_abort(&threads[i]);
        check_stack(&threads[i]);
    }
    letter_count = 0;
}

void trace(char letter)
{
    unsigned key = irq_lock();

    if (letter_count < sizeof(letters) - 1) {
        letters[letter_count++] = letter;
    }
    irq_unlock(key);
}

bool trace_is(const char *expected)
{
    unsigned key = irq_lock();
    bool same;

    letters[letter_count] = '\0';
    same = strcmp(letters, expected) == 0;
    letter_count = 0;
    irq_unlock(key);
    if (!same) {
        printk("# trace \"%s\", expected \"%s\"\n", letters, expected);
    }
    return same;
}

int64_t next_tick(void)
{
    k_sleep(K_TICKS(1));
    return k_uptime_ticks();
}
