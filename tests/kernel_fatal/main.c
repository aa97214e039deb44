/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to die per run; kernel_fatal.t chooses it by its name and reads what is said. A name that
 * begins with "survive_" is run with a handler that returns, so that the guilty thread ends and the
 * program goes on.
 */
#include <limits.h>
#include <string.h>

#include <zephyr/fatal.h>
#include <zephyr/irq.h>
#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>

#ifdef CONFIG_ARCH_HOST
#include <stdlib.h>
#else
#include "../../drivers/semihost.h"
#endif

static K_SEM_DEFINE(sem, 0, 1);
K_HEAP_DEFINE(heap, 256);
static char choice[64];
static unsigned handled;

static void read_choice(void)
{
#ifdef CONFIG_ARCH_HOST
    const char *word = getenv("FATAL_CASE");

    (void)snprintk(choice, sizeof(choice), "%s", word == NULL ? "" : word);
#else
    char line[128];
    const char *word;

    (void)semihost_command_line(line, sizeof(line));
    word = strrchr(line, ' ');
    (void)snprintk(choice, sizeof(choice), "%s", word == NULL ? "" : word + 1);
#endif
}

void k_sys_fatal_error_handler(unsigned reason, const struct arch_esf *esf)
{
    ARG_UNUSED(esf);
    handled++;
    if (strncmp(choice, "survive_", 8) != 0) {
        k_fatal_halt(reason);
    }
}

/* Faults of the processor. */

static volatile uint32_t *volatile null_pointer;
static volatile int zero;

static void null_read(void)
{
    (void)*null_pointer;
}

static void null_write(void)
{
    null_pointer[4] = 1;
}

static void null_call(void)
{
    void (*volatile nothing)(void) = NULL;

    nothing();
}

static void unmapped(void)
{
    (void)*(volatile uint32_t *)0xa0000000u;
}

static void divide_by_zero(void)
{
    zero = 5 / zero;
}

#ifdef CONFIG_ARCH_CORTEX_M
static void undefined_instruction(void)
{
    __asm__ volatile("udf #0");
}

static void even_function_pointer(void)
{
    void (*volatile even)(void) = (void (*)(void))((uintptr_t)null_read & ~(uintptr_t)1);

    even();
}

/* r0 to r3 and r12 are to be read in the report. */
static void known_registers(void)
{
    __asm__ volatile("ldr r0, =0x11111111\n ldr r1, =0x22222222\n ldr r2, =0x33333333\n"
                     "ldr r3, =0x44444444\n ldr r12, =0x55555555\n"
                     "udf #0\n" ::
                         : "r0", "r1", "r2", "r3", "r12");
}
#endif

#ifdef CONFIG_ARCH_CORTEX_M
static void write_code(void)
{
    *(volatile uint16_t *)((uintptr_t)null_read & ~(uintptr_t)1) = 0xdead;
}

static void run_data(void)
{
    static volatile uint16_t returns[2] = {0x4770, 0x4770}; /* bx lr */

    ((void (*)(void))((uintptr_t)returns | 1))();
}
#endif

static volatile int depth_limit = INT_MAX;

static int deeper(int depth)
{
    volatile char page[64];

    memset((void *)(uintptr_t)page, depth, sizeof(page));
    return depth == depth_limit ? depth : deeper(depth + 1) + page[depth % 64];
}

static void stack_overflow(void)
{
    (void)deeper(0);
}

static void with_locks_held(void)
{
    k_sched_lock();
    (void)irq_lock();
    null_read();
}

/* Errors that the kernel finds. */

static void oops(void)
{
    k_oops();
}

static void panic(void)
{
    k_panic();
}

static void failing_assert(void)
{
    __ASSERT(zero == 1, "zero is %d", zero);
}

static void become_essential_and_return(void)
{
    k_current_get()->options |= K_ESSENTIAL;
}

static void suspend_idle(const struct k_thread *thread, void *data)
{
    ARG_UNUSED(data);
    if (thread->priority == K_IDLE_PRIO) {
        k_thread_suspend((k_tid_t)(uintptr_t)thread);
    }
}

static void suspend_idle_and_sleep(void)
{
    k_thread_foreach(suspend_idle, NULL);
    k_msleep(1);
}

static void bad_priority(void)
{
    k_thread_priority_set(k_current_get(), 100);
}

/* In an interrupt. */

static void (*in_isr)(void);

static void isr(const void *parameter)
{
    ARG_UNUSED(parameter);
    in_isr();
}

static void take_semaphore(void)
{
    (void)k_sem_take(&sem, K_TICKS(1));
}

static void sleep_a_little(void)
{
    k_msleep(1);
}

static void yield(void)
{
    k_yield();
}

static void never_started(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
}
K_THREAD_DEFINE(unborn, 512, never_started, NULL, NULL, NULL, 5, 0, -1);

static void join(void)
{
    (void)k_thread_join(unborn, K_TICKS(1));
}

static void wait_for_memory(void)
{
    size_t all = sys_heap_capacity(&heap.heap);
    const void *block = k_heap_alloc(&heap, all, K_NO_WAIT);

    printk("got %p and %p\n", block, k_heap_alloc(&heap, all, K_TICKS(1)));
}

static void lock_mutex(void)
{
    static K_MUTEX_DEFINE(mutex);

    (void)k_mutex_lock(&mutex, K_NO_WAIT);
}

static void poll_semaphore(void)
{
    struct k_poll_event event =
        K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem);

    (void)k_poll(&event, 1, K_TICKS(1));
}

static void wait_for_event(void)
{
    static K_EVENT_DEFINE(event);

    (void)k_event_wait(&event, 1, false, K_TICKS(1));
}

static void offload_again(void)
{
    irq_offload(isr, NULL);
}

static void unknown_line(void)
{
    irq_enable(25);
    irq_pend(25);
}

static void all_is_well(void)
{
    sys_exit(7);
}

static const struct {
    const char *name;
    void (*run)(void);
    bool in_isr;
} cases[] = {
    {"null_read", null_read, false},
    {"null_write", null_write, false},
    {"null_call", null_call, false},
    {"unmapped", unmapped, false},
    {"divide_by_zero", divide_by_zero, false},
#ifdef CONFIG_ARCH_CORTEX_M
    {"undefined_instruction", undefined_instruction, false},
    {"even_function_pointer", even_function_pointer, false},
    {"known_registers", known_registers, false},
    {"write_code", write_code, false},
    {"run_data", run_data, false},
#endif
    {"stack_overflow", stack_overflow, false},
    {"isr_stack_overflow", stack_overflow, true},
    {"isr_null_read", null_read, true},
    {"with_locks_held", with_locks_held, false},
    {"oops", oops, false},
    {"panic", panic, false},
    {"isr_oops", oops, true},
    {"failing_assert", failing_assert, false},
    {"essential", become_essential_and_return, false},
    {"bad_priority", bad_priority, false},
    {"idle_suspended", suspend_idle_and_sleep, false},
    {"isr_take", take_semaphore, true},
    {"isr_sleep", sleep_a_little, true},
    {"isr_yield", yield, true},
    {"isr_join", join, true},
    {"isr_heap", wait_for_memory, true},
    {"isr_mutex", lock_mutex, true},
    {"isr_poll", poll_semaphore, true},
    {"isr_event", wait_for_event, true},
    {"isr_offload", offload_again, true},
    {"unknown_line", unknown_line, false},
    {"all_is_well", all_is_well, false},
};

static void run_case(const char *name)
{
    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        if (strcmp(cases[i].name, name) != 0) {
            continue;
        }
        in_isr = cases[i].run;
        if (cases[i].in_isr) {
            irq_offload(isr, NULL);
        } else {
            cases[i].run();
        }
        printk("the case is over\n");
        return;
    }
    printk("there is no case '%s'\n", name);
}

static struct k_thread victim;
static K_THREAD_STACK_DEFINE(victim_stack, 1024);

static void victim_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    run_case(p1);
}

/* Before main, where no thread is to blame. */
static int die_early(void)
{
    read_choice();
    if (strcmp(choice, "early_null_read") == 0) {
        null_read();
    }
    return 0;
}
SYS_INIT(die_early, PRE_KERNEL_2, 99);

int main(void)
{
    bool survive = strncmp(choice, "survive_", 8) == 0;

    /* What lies at the limit after an overflow must not be taken for a frame: all ones is none. */
    memset(victim_stack, 0xff, sizeof(victim_stack));
    k_thread_create(&victim, victim_stack, K_THREAD_STACK_SIZEOF(victim_stack), victim_entry,
                    choice + (survive ? 8 : 0), NULL, NULL, 5, 0, K_FOREVER);
    k_thread_name_set(&victim, "victim");
    k_thread_start(&victim);
    (void)k_thread_join(&victim, K_FOREVER);
    k_msleep(20); /* time and switches go on */
    k_sem_give(&sem);
    printk("survived after %u errors, semaphore %d\n", handled, k_sem_take(&sem, K_NO_WAIT));
    sys_exit(survive && handled == 1 ? 0 : 3);
}
