/* SPDX-License-Identifier: Apache-2.0 */
#include "init.h"

#include "fatal.h"
#include "irq.h"
#include "sched.h"

#define PRIORITIES_PER_LEVEL 100

int main(void);

K_THREAD_STACK_DEFINE(main_stack, CONFIG_MAIN_STACK_SIZE);
K_THREAD_STACK_DEFINE(idle_stack, CONFIG_IDLE_STACK_SIZE);
static struct k_thread main_thread;
static struct k_thread idle_thread;

/* The list is in link order; a few dozen entries once at boot are not worth sorting it. */
static void run_level(enum init_level level)
{
    for (unsigned priority = 0; priority < PRIORITIES_PER_LEVEL; priority++) {
        STRUCT_SECTION_FOREACH (init_entry, entry) {
            if (entry->level == level && entry->priority == priority) {
                (void)entry->init();
            }
        }
    }
}

static void start_static_threads(void)
{
    k_sched_lock();
    STRUCT_SECTION_FOREACH (static_thread, s) {
        k_timeout_t delay = s->delay_ms < 0 ? K_FOREVER : K_MSEC(s->delay_ms);

        k_thread_create(s->thread, s->stack, s->stack_bytes, s->entry, s->p1, s->p2, s->p3,
                        s->priority, s->options, delay);
        k_thread_name_set(s->thread, s->name);
    }
    k_sched_unlock();
}

static void main_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    run_level(INIT_LEVEL_POST_KERNEL);
    run_level(INIT_LEVEL_APPLICATION);
    start_static_threads();
    (void)main();
}

_Noreturn void idle_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        arch_idle();
    }
}

BUILD_ASSERT(CONFIG_MAIN_THREAD_PRIORITY >= K_HIGHEST_THREAD_PRIO &&
                 CONFIG_MAIN_THREAD_PRIORITY <= K_LOWEST_APPLICATION_THREAD_PRIO,
             "CONFIG_MAIN_THREAD_PRIORITY must be -CONFIG_NUM_COOP_PRIORITIES to "
             "CONFIG_NUM_PREEMPT_PRIORITIES - 1");

static void make_first_threads(void)
{
    k_thread_create(&idle_thread, idle_stack, sizeof(idle_stack), idle_entry, NULL, NULL, NULL,
                    K_IDLE_PRIO, K_ESSENTIAL, K_NO_WAIT);
    k_thread_name_set(&idle_thread, "idle");
    k_thread_create(&main_thread, main_stack, sizeof(main_stack), main_entry, NULL, NULL, NULL,
                    CONFIG_MAIN_THREAD_PRIORITY, 0, K_NO_WAIT);
    k_thread_name_set(&main_thread, "main");
}

_Noreturn void kernel_start(void)
{
    sched_init();
    timeout_init();
    run_level(INIT_LEVEL_EARLY);
    run_level(INIT_LEVEL_PRE_KERNEL_1);
    run_level(INIT_LEVEL_PRE_KERNEL_2);
    make_first_threads();
    (void)irq_lock();
    arch_clock_start();
    _kernel.started = true;
    superseded(choose_next_locked());
    arch_start_first();
}
