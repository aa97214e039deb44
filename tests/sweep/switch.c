/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of the context switch, voluntary and preemptive, the handler
 * readying, suspending, aborting and restarting the threads that are being switched. Afterwards the
 * scheduler's state is consistent, every register has its value, and no dead thread has run.
 */
#include "../../kernel/sched.h"
#include "sweep.h"

#define TEST_PRIORITY 5
#define EQUAL         1 /* worker that the body yields to */
#define URGENT        2 /* worker that handlers wake */

static K_SEM_DEFINE(urgent_sem, 0, 100);
static K_SEM_DEFINE(body_sem, 0, 100);

static volatile bool must_not_run; /* the equal worker was aborted or suspended */
static volatile unsigned ran_all_the_same;
static volatile unsigned equal_rounds;
static volatile unsigned urgent_rounds;
static volatile unsigned bad_registers;

/*
 * Fills r4 to r11 with values made from `seed`, calls function(argument), and returns how many of
 * the registers have changed: what a voluntary switch must preserve.
 */
static __attribute__((naked, noinline)) unsigned
changed_by_call(uint32_t seed, void (*function)(uint32_t), uint32_t argument)
{
    ARG_UNUSED(seed);
    ARG_UNUSED(function);
    ARG_UNUSED(argument);
    __asm__ volatile("push {r0, r4-r11, lr}\n"
                     "mov r12, r0\n"
                     "add r4, r12, #4\n add r5, r12, #5\n add r6, r12, #6\n add r7, r12, #7\n"
                     "add r8, r12, #8\n add r9, r12, #9\n add r10, r12, #10\n add r11, r12, #11\n"
                     "mov r0, r2\n"
                     "blx r1\n"
                     "ldr r12, [sp]\n"
                     "movs r0, #0\n"
                     "sub r4, r12\n cmp r4, #4\n it ne\n addne r0, #1\n"
                     "sub r5, r12\n cmp r5, #5\n it ne\n addne r0, #1\n"
                     "sub r6, r12\n cmp r6, #6\n it ne\n addne r0, #1\n"
                     "sub r7, r12\n cmp r7, #7\n it ne\n addne r0, #1\n"
                     "sub r8, r12\n cmp r8, #8\n it ne\n addne r0, #1\n"
                     "sub r9, r12\n cmp r9, #9\n it ne\n addne r0, #1\n"
                     "sub r10, r12\n cmp r10, #10\n it ne\n addne r0, #1\n"
                     "sub r11, r12\n cmp r11, #11\n it ne\n addne r0, #1\n"
                     "add sp, #4\n"
                     "pop {r4-r11, pc}\n");
}

/*
 * Fills all of r0 to r12 and lr, does nothing for a while, and returns how many have changed: what
 * an interrupt with a preemption must preserve. The flags are checked, too.
 */
static __attribute__((naked, noinline)) unsigned changed_by_preemption(void)
{
    __asm__ volatile("push {r4-r11, lr}\n"
                     "movs r0, #100\n movs r1, #101\n movs r2, #102\n movs r3, #103\n"
                     "movs r4, #104\n movs r5, #105\n movs r6, #106\n movs r7, #107\n"
                     "mov r8, #108\n mov r9, #109\n mov r10, #110\n mov r11, #111\n"
                     "mov r12, #112\n mov lr, #114\n"
                     "cmp r0, r0\n"
                     "nop\n nop\n nop\n nop\n nop\n nop\n nop\n nop\n"
                     "nop\n nop\n nop\n nop\n nop\n nop\n nop\n nop\n"
                     "ite eq\n addeq lr, #0\n addne lr, #1\n"
                     "sub r0, #100\n sub r1, #101\n sub r2, #102\n sub r3, #103\n"
                     "sub r4, #104\n sub r5, #105\n sub r6, #106\n sub r7, #107\n"
                     "sub r8, #108\n sub r9, #109\n sub r10, #110\n sub r11, #111\n"
                     "sub r12, #112\n sub lr, #114\n"
                     "orr r0, r1\n orr r0, r2\n orr r0, r3\n orr r0, r4\n orr r0, r5\n"
                     "orr r0, r6\n orr r0, r7\n orr r0, r8\n orr r0, r9\n orr r0, r10\n"
                     "orr r0, r11\n orr r0, r12\n orr r0, lr\n"
                     "pop {r4-r11, pc}\n");
}

static void yield(uint32_t unused)
{
    ARG_UNUSED(unused);
    k_yield();
}

static void take(uint32_t sem)
{
    (void)k_sem_take((struct k_sem *)(uintptr_t)sem, K_FOREVER);
}

static void equal_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        if (must_not_run) {
            ran_all_the_same++;
        }
        equal_rounds++;
        bad_registers += changed_by_call(0x1000, yield, 0);
    }
}

static void urgent_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        bad_registers += changed_by_call(0x2000, take, (uint32_t)(uintptr_t)&urgent_sem);
        urgent_rounds++;
    }
}

static void prepare(void)
{
    workers_end(NULL);
    k_sem_reset(&urgent_sem);
    k_sem_reset(&body_sem);
    must_not_run = false;
    equal_rounds = 0;
    urgent_rounds = 0;
    worker_start(URGENT, urgent_entry, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    worker_start(EQUAL, equal_entry, NULL, NULL, TEST_PRIORITY, K_NO_WAIT);
}

/* S1, S3: the running thread is alive, ready and the most urgent, and nothing is left to switch. */
static void check_scheduler(void)
{
    unsigned alive = 0;

    zassert_equal_ptr(_kernel.current, _kernel.next, "point %u, pc %lx", sweep_point(), sweep_pc());
    for (const struct k_thread *thread = _kernel.threads; thread != NULL;
         thread = thread->next_thread) {
        alive += thread == _kernel.current;
        if (thread_is_ready(thread)) {
            zassert_true(thread->priority >= _kernel.current->priority,
                         "a more urgent thread is ready, point %u, pc %lx", sweep_point(),
                         sweep_pc());
            zassert_true((thread->state & THREAD_QUEUED) != 0);
        }
    }
    zassert_equal(alive, 1);
    zassert_equal(ran_all_the_same, 0, "a dead or suspended thread ran, point %u, pc %lx",
                  sweep_point(), sweep_pc());
    zassert_equal(bad_registers, 0, "registers changed, point %u, pc %lx", sweep_point(),
                  sweep_pc());
}

/* Handlers. */

static void wake_urgent(void)
{
    k_sem_give(&urgent_sem);
}

static void abort_equal(void)
{
    k_thread_abort(worker(EQUAL));
    must_not_run = true;
}

static void suspend_equal(void)
{
    k_thread_suspend(worker(EQUAL));
    must_not_run = true;
}

static void lower_equal(void)
{
    k_thread_priority_set(worker(EQUAL), TEST_PRIORITY + 1);
}

static void restart_equal(void)
{
    k_thread_abort(worker(EQUAL));
    worker_start(EQUAL, equal_entry, NULL, NULL, TEST_PRIORITY, K_NO_WAIT);
}

static void restart_equal_and_wake_urgent(void)
{
    restart_equal();
    wake_urgent();
}

static void abort_urgent(void)
{
    k_thread_abort(worker(URGENT));
}

static void restart_urgent(void)
{
    k_thread_abort(worker(URGENT));
    worker_start(URGENT, urgent_entry, NULL, NULL, TEST_PRIORITY - 2, K_NO_WAIT);
    wake_urgent();
}

static void suspend_and_resume_body(void)
{
    static k_tid_t body;

    body = k_current_get();
    if (body != worker(EQUAL) && body != worker(URGENT)) {
        k_thread_suspend(body);
        k_thread_resume(body);
    }
}

static void pass_a_tick(void)
{
    timeout_announce(1);
}

static const struct {
    const char *name;
    void (*handler)(void);
} handlers[] = {
    {"wakes a more urgent thread", wake_urgent},
    {"aborts the next thread", abort_equal},
    {"suspends the next thread", suspend_equal},
    {"lowers the next thread", lower_equal},
    {"restarts the next thread", restart_equal},
    {"restarts the next thread and wakes a more urgent one", restart_equal_and_wake_urgent},
    {"aborts the more urgent thread", abort_urgent},
    {"restarts the more urgent thread", restart_urgent},
    {"suspends and resumes the running thread", suspend_and_resume_body},
    {"is a tick", pass_a_tick},
};

static void sweep_all(const char *name, void (*body)(void))
{
    for (unsigned i = 0; i < ARRAY_SIZE(handlers); i++) {
        struct sweep sweep = {name, prepare, body, handlers[i].handler, check_scheduler};

        printk("# the interrupt %s\n", handlers[i].name);
        sweep_run(&sweep);
    }
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    bad_registers = 0;
    ran_all_the_same = 0;
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_switch, NULL, NULL, before, workers_end, print_total);

static void body_yield(void)
{
    bad_registers += changed_by_call(0x3000, yield, 0);
    bad_registers += changed_by_call(0x4000, yield, 0);
}

ZTEST(sweep_switch, yield)
{
    sweep_all("two yields", body_yield);
}

static void give(uint32_t sem)
{
    k_sem_give((struct k_sem *)(uintptr_t)sem);
}

static void body_give(void)
{
    bad_registers += changed_by_call(0x5000, give, (uint32_t)(uintptr_t)&urgent_sem);
}

ZTEST(sweep_switch, give_to_a_more_urgent_thread)
{
    sweep_all("k_sem_give that switches", body_give);
}

static void body_preempted(void)
{
    bad_registers += changed_by_preemption();
}

static void check_preemption(void)
{
    check_scheduler();
    zassert_equal(urgent_rounds, 1, "point %u, pc %lx", sweep_point(), sweep_pc());
}

ZTEST(sweep_switch, preemption_preserves_every_register)
{
    struct sweep sweep = {"code that uses every register", prepare, body_preempted, wake_urgent,
                          check_preemption};

    sweep_run(&sweep);
}

static void body_sleep(void)
{
    int64_t end = k_uptime_ticks() + 1;

    k_sleep(K_TIMEOUT_ABS_TICKS(end));
    zassert_true(k_uptime_ticks() >= end);
}

static void prepare_without_equal(void)
{
    prepare();
    k_thread_abort(worker(EQUAL));
}

/* The thread has asked for the switch and is made ready again before it takes place. */
ZTEST(sweep_switch, tick_in_the_window_of_a_sleep)
{
    struct sweep sweep = {"k_sleep of one tick", prepare_without_equal, body_sleep, pass_a_tick,
                          check_scheduler};

    sweep_run(&sweep);
}

/* The body aborts a thread and itself restarts it, with the interrupt aborting it, too. */
static void body_create_and_abort(void)
{
    k_thread_abort(worker(3));
    if (worker(3)->state == THREAD_DEAD || worker(3)->state == 0) {
        unsigned key = irq_lock();

        k_thread_abort(worker(3));
        worker_start(3, urgent_entry, NULL, NULL, TEST_PRIORITY - 1, K_NO_WAIT);
        irq_unlock(key);
    }
    k_thread_suspend(worker(3));
    k_thread_priority_set(worker(3), TEST_PRIORITY + 1);
    k_thread_resume(worker(3));
    k_wakeup(worker(3));
    k_thread_abort(worker(3));
}

static void abort_created(void)
{
    k_thread_abort(worker(3));
}

ZTEST(sweep_switch, life_and_death)
{
    struct sweep sweep = {"create, suspend, resume, abort", prepare_without_equal,
                          body_create_and_abort, abort_created, check_scheduler};

    sweep_run(&sweep);
}
