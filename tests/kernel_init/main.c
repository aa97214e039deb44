/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which things come to life, and what works how early. */
#include <errno.h>

#include <zephyr/init.h>

#include "../ztest/ztest.h"

static char order[16];
static unsigned count;

static int note(char letter)
{
    order[count++] = letter;
    order[count] = '\0';
    return 0;
}

#define NOTE_AT(letter, name, level, priority)                                                     \
    static int name(void)                                                                          \
    {                                                                                              \
        return note(letter);                                                                       \
    }                                                                                              \
    SYS_INIT(name, level, priority)

/* Not in the order in which they run. */
NOTE_AT('9', application_high, APPLICATION, 99);
NOTE_AT('7', post_kernel, POST_KERNEL, 50);
NOTE_AT('8', application_low, APPLICATION, 0);
NOTE_AT('5', pre_kernel_2, PRE_KERNEL_2, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);
NOTE_AT('3', pre_kernel_1, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);
NOTE_AT('2', pre_kernel_1_first, PRE_KERNEL_1, 0);
NOTE_AT('4', pre_kernel_1_device, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_DEVICE);
NOTE_AT('1', early, EARLY, 99);

static int failing(void)
{
    note('6');
    return -EIO;
}
SYS_INIT(failing, PRE_KERNEL_2, 90);

ZTEST_SUITE(init, NULL, NULL, NULL, NULL, NULL);

ZTEST(init, levels_then_priorities)
{
    zassert_str_equal(order, "123456789", "got %s; a result of -EIO must not stop the rest", order);
}

K_HEAP_DEFINE(heap, 512);
static K_SEM_DEFINE(sem, 1, 1);

static struct {
    bool early_is_pre_kernel;
    bool pre_2_is_pre_kernel;
    bool post_is_pre_kernel;
    bool in_isr;
    void *early_block;
    void *early_malloc;
    void *block;
    void *malloc_block;
    void *waited;
    int first_take;
    int second_take;
    int64_t ticks;
} seen;

static int look_early(void)
{
    seen.early_is_pre_kernel = k_is_pre_kernel();
    seen.early_block = k_heap_alloc(&heap, 8, K_FOREVER);
    seen.early_malloc = k_malloc(8);
    return 0;
}
SYS_INIT(look_early, EARLY, 0);

static int look_before_threads(void)
{
    unsigned key = irq_lock();

    irq_unlock(key);
    seen.pre_2_is_pre_kernel = k_is_pre_kernel();
    seen.in_isr = k_is_in_isr();
    seen.block = k_heap_alloc(&heap, 64, K_FOREVER);
    seen.malloc_block = k_malloc(64);
    seen.waited = k_heap_alloc(&heap, 400, K_FOREVER);
    seen.first_take = k_sem_take(&sem, K_NO_WAIT);
    seen.second_take = k_sem_take(&sem, K_NO_WAIT);
    k_sem_give(&sem);
    k_heap_free(&heap, seen.block);
    k_free(seen.malloc_block);
    seen.ticks = k_uptime_ticks();
    return 0;
}
SYS_INIT(look_before_threads, PRE_KERNEL_2, 0);

static int look_after(void)
{
    seen.post_is_pre_kernel = k_is_pre_kernel();
    return 0;
}
SYS_INIT(look_after, POST_KERNEL, 0);

ZTEST(init, kernel_says_when_it_starts)
{
    zassert_true(seen.early_is_pre_kernel);
    zassert_true(seen.pre_2_is_pre_kernel);
    zassert_false(seen.in_isr);
    zassert_false(seen.post_is_pre_kernel);
    zassert_false(k_is_pre_kernel());
    zassert_equal(seen.ticks, 0);
}

ZTEST(init, heaps_give_nothing_before_their_initialisation)
{
    zassert_is_null(seen.early_block);
    zassert_is_null(seen.early_malloc);
}

ZTEST(init, heaps_work_before_the_scheduler_without_waiting)
{
    zassert_not_null(seen.block);
    zassert_not_null(seen.malloc_block);
    zassert_is_null(seen.waited, "it could not be given, and nobody can wait yet");
}

ZTEST(init, semaphores_work_before_the_scheduler)
{
    zassert_ok(seen.first_take);
    zassert_equal(seen.second_take, -EBUSY);
    zassert_equal(k_sem_count_get(&sem), 1);
}

static void note_thread(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    note(order[8] == '9' ? 't' : '?');
}
K_THREAD_DEFINE(urgent, CONFIG_ZTEST_WORKER_STACK_SIZE, note_thread, NULL, NULL, NULL,
                K_PRIO_COOP(0), 0, 0);

static char order_in_main[16];

void test_main(void)
{
    memcpy(order_in_main, order, sizeof(order));
    order[9] = '\0';
    ztest_run_all(NULL, false, 1, 1);
}

ZTEST(init, static_threads_start_before_main_and_after_all_levels)
{
    zassert_str_equal(order_in_main, "123456789t");
}
