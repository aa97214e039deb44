/* SPDX-License-Identifier: Apache-2.0 */
/* A wait queue against a model of it: threads come, are served, give up, die and change priority at
 * random; after each step the queue is the model's and its groups are right. */
#include <zephyr/kernel.h>

#include "../ztest/ztest.h"

#define THREADS    (IS_ENABLED(CONFIG_SMALL_RAM) ? 8 : 12)
#define STEPS      3000
#define PRIORITIES 5

K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, CONFIG_ZTEST_WORKER_STACK_SIZE);
static struct k_thread threads[THREADS];
static K_SEM_DEFINE(sem, 0, THREADS);

static unsigned model[THREADS]; /* who waits, in order */
static unsigned waiting;

static uint32_t random_below(uint32_t limit)
{
    static uint32_t state = 12345;

    /* Numerical Recipes' generator; the upper bits are the better ones. */
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

static void take(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_sem_take(&sem, *(k_timeout_t *)p1);
}

static void model_insert(unsigned thread)
{
    unsigned place = waiting++;

    while (place > 0 && threads[model[place - 1]].priority > threads[thread].priority) {
        model[place] = model[place - 1];
        place--;
    }
    model[place] = thread;
}

static void model_remove(unsigned place)
{
    waiting--;
    for (; place < waiting; place++) {
        model[place] = model[place + 1];
    }
}

/* The first thread behind `thread` of another priority, or NULL. */
static const struct k_thread *next_leader(const struct k_thread *thread)
{
    const struct k_thread *next = thread;

    do {
        next = wait_queue_next_locked(&sem.wait_q, next);
    } while (next != NULL && next->priority == thread->priority);
    return next;
}

static void check(unsigned step)
{
    const struct k_thread *thread = wait_queue_head_locked(&sem.wait_q);
    int priority = INT8_MIN;

    for (unsigned i = 0; i < waiting; i++) {
        zassert_equal_ptr(thread, &threads[model[i]], "step %u, place %u", step, i);
        zassert_equal_ptr(thread->ring_next->ring_prev, thread);
        if (thread->priority != priority) {
            zassert_equal_ptr(thread->next_group, next_leader(thread), "step %u, place %u", step,
                              i);
        }
        priority = thread->priority;
        thread = wait_queue_next_locked(&sem.wait_q, thread);
    }
    zassert_is_null(thread, "step %u", step);
}

static int random_priority(void)
{
    return 1 + (int)random_below(PRIORITIES);
}

static void start_one(void)
{
    static k_timeout_t forever;
    unsigned thread = random_below(THREADS);

    forever = K_FOREVER;
    if (k_thread_join(&threads[thread], K_NO_WAIT) != 0) {
        return; /* it waits */
    }
    k_thread_create(&threads[thread], stacks[thread], sizeof(stacks[thread]), take, &forever, NULL,
                    NULL, random_priority(), 0, K_NO_WAIT);
    k_sleep(K_TICKS(1)); /* it joins the queue */
    model_insert(thread);
}

static void do_step(void)
{
    unsigned place = waiting == 0 ? 0 : random_below(waiting);
    unsigned thread = model[place];

    switch (waiting == 0 ? 0 : random_below(7)) {
    default:
        start_one();
        break;
    case 4:
        k_sem_give(&sem);
        model_remove(0);
        k_sleep(K_TICKS(1)); /* it ends */
        break;
    case 5:
        k_thread_abort(&threads[thread]);
        model_remove(place);
        break;
    case 6:
        k_thread_priority_set(&threads[thread], random_priority());
        model_remove(place);
        model_insert(thread);
        break;
    }
}

static void end_all(void *fixture)
{
    ARG_UNUSED(fixture);
    for (unsigned i = 0; i < THREADS; i++) {
        k_thread_abort(&threads[i]);
    }
}

ZTEST_SUITE(wait_queue, NULL, NULL, NULL, end_all, NULL);

ZTEST(wait_queue, is_the_models_after_each_step)
{
    unsigned most = 0;

    for (unsigned step = 0; step < STEPS; step++) {
        do_step();
        check(step);
        most = MAX(most, waiting);
    }
    zassert_true(most >= THREADS - 3, "the queue was never long: %u", most);
}
