/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of giving and taking, of each kind of object, with nobody, a
 * more urgent or a less urgent thread waiting, and with deadlines; the interrupt gives, takes,
 * aborts, restarts, suspends, gives another priority, or lets the deadline pass. Afterwards the
 * whole kernel is in order, nobody waits beside a unit, and each unit given was taken once, is
 * left, or died with a thread that had it.
 */
#include "../../kernel/sched.h"
#include "../ztest/invariants.h"
#include "kinds.h"

#define TEST_PRIORITY 5
#define URGENT        4
#define LESS_URGENT   6
#define WAITER_THREAD 0
#define HELPER_THREAD 1
#define DELAY_TICKS   1000

static const struct kind *kind;

static unsigned given[ACTORS];
static unsigned taken[ACTORS];
static unsigned may_lose;

static struct {
    bool started;
    bool suspended;
    bool answered;
    k_timeout_t timeout;
} waiter;

/* Who is interrupted between a call and the count has a count of its own. */
static void give(enum actor actor)
{
    if (kind->give(actor)) {
        given[actor]++;
    }
}

static bool take(enum actor actor, k_timeout_t timeout)
{
    bool got = kind->take(actor, timeout);

    if (got) {
        taken[actor]++;
    }
    return got;
}

static void wait_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)take(WAITER, waiter.timeout);
    waiter.answered = true;
}

static void start_waiter(k_timeout_t timeout)
{
    waiter.started = true;
    waiter.answered = false;
    waiter.suspended = false;
    waiter.timeout = timeout;
    worker_start(WAITER_THREAD, wait_entry, NULL, NULL, URGENT, K_NO_WAIT);
}

static void abort_waiter(void)
{
    const struct k_thread *thread = worker(WAITER_THREAD);
    bool has_it = thread->pended_on == NULL && (thread->request == NULL || kind->dies_with);

    if (waiter.started && !waiter.answered && has_it) {
        may_lose++;
    }
    waiter.started = false;
    k_thread_abort(worker(WAITER_THREAD));
}

/* Preparations. */

static void prepare_nothing(void)
{
    workers_end(NULL);
    memset(given, 0, sizeof(given));
    memset(taken, 0, sizeof(taken));
    memset(&waiter, 0, sizeof(waiter));
    may_lose = 0;
    kind->init();
}

static void prepare_unit(void)
{
    prepare_nothing();
    give(BODY);
}

static void prepare_urgent_waiter(void)
{
    prepare_nothing();
    start_waiter(K_FOREVER);
}

static void prepare_waiter_with_deadline(void)
{
    prepare_nothing();
    start_waiter(K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + DELAY_TICKS));
}

static void prepare_less_urgent_waiter(void)
{
    prepare_urgent_waiter();
    k_thread_priority_set(worker(WAITER_THREAD), LESS_URGENT);
}

/* Gives as many as the body and the interrupt may take. */
static void help_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    give(HELPER);
    give(HELPER);
    for (;;) {
        k_sleep(K_FOREVER);
    }
}

static void prepare_helper(void)
{
    prepare_nothing();
    worker_start(HELPER_THREAD, help_entry, NULL, NULL, LESS_URGENT, K_NO_WAIT);
}

/* Bodies. */

static void body_give(void)
{
    give(BODY);
}

static void body_take(void)
{
    (void)take(BODY, K_NO_WAIT);
}

static void body_wait(void)
{
    zassert_true(take(BODY, K_FOREVER), "point %u, pc %lx", sweep_point(), sweep_pc());
}

static void body_wait_with_deadline(void)
{
    int64_t end = k_uptime_ticks() + DELAY_TICKS;
    bool got = take(BODY, K_TIMEOUT_ABS_TICKS(end));

    zassert_true(got || k_uptime_ticks() >= end, "early at point %u, pc %lx", sweep_point(),
                 sweep_pc());
}

/* Handlers. */

static void isr_give(void)
{
    give(INTERRUPT);
}

static void isr_take(void)
{
    (void)take(INTERRUPT, K_NO_WAIT);
}

static void isr_restart(void)
{
    abort_waiter();
    start_waiter(K_FOREVER);
}

static void isr_priority(void)
{
    k_tid_t thread = worker(WAITER_THREAD);

    k_thread_priority_set(thread, k_thread_priority_get(thread) == URGENT ? LESS_URGENT : URGENT);
}

static void isr_suspend(void)
{
    waiter.suspended = true;
    k_thread_suspend(worker(WAITER_THREAD));
}

static void isr_suspend_and_resume_body(void)
{
    k_tid_t interrupted = k_current_get();

    k_thread_suspend(interrupted);
    k_thread_resume(interrupted);
}

static void isr_deadline(void)
{
    timeout_announce(DELAY_TICKS + 1);
}

/* Checks. */

static unsigned sum(const unsigned *counts)
{
    unsigned total = 0;

    for (unsigned i = 0; i < ACTORS; i++) {
        total += counts[i];
    }
    return total;
}

static void check_units(void)
{
    unsigned left = kind->left();
    unsigned out = sum(taken) + left;

    zassert_true(kind->wait_q == NULL || kind->wait_q->head == NULL || left == 0,
                 "a thread waits beside a unit, point %u, pc %lx", sweep_point(), sweep_pc());
    abort_waiter();
    out = sum(taken) + kind->left();
    if (!kind->merges) {
        zassert_true(out <= sum(given), "units were made, point %u, pc %lx", sweep_point(),
                     sweep_pc());
        zassert_true(out + may_lose >= sum(given), "a unit is lost, point %u, pc %lx",
                     sweep_point(), sweep_pc());
    }
}

static void check(void)
{
    const char *broken = kernel_broken();

    zassert_is_null(broken, "%s, point %u, pc %lx", broken, sweep_point(), sweep_pc());
    zassert_equal_ptr(_kernel.current, _kernel.next, "point %u, pc %lx", sweep_point(), sweep_pc());
    if (waiter.suspended) {
        k_thread_resume(worker(WAITER_THREAD));
    }
    k_thread_priority_set(worker(HELPER_THREAD), URGENT); /* it ends what it was doing */
    check_units();
    broken = kernel_broken();
    zassert_is_null(broken, "%s in the end, point %u, pc %lx", broken, sweep_point(), sweep_pc());
}

static const struct handler {
    const char *name;
    void (*handler)(void);
} gives = {"gives", isr_give}, takes = {"takes", isr_take}, aborts = {"aborts", abort_waiter},
  restarts = {"restarts the waiter", isr_restart},
  reorders = {"changes the waiter's priority", isr_priority},
  suspends = {"suspends the waiter", isr_suspend},
  pauses = {"suspends and resumes the interrupted thread", isr_suspend_and_resume_body},
  expires = {"is the deadline", isr_deadline};

#define HANDLERS_MAX 6

static const struct situation {
    const char *name;
    void (*prepare)(void);
    void (*body)(void);
    const struct handler *handlers[HANDLERS_MAX];
} situations[] = {
    {"give", prepare_nothing, body_give, {&gives, &takes, &pauses}},
    {"take", prepare_unit, body_take, {&gives, &takes}},
    {"take in vain", prepare_nothing, body_take, {&gives}},
    {"give to a more urgent thread",
     prepare_urgent_waiter,
     body_give,
     {&gives, &takes, &aborts, &restarts, &reorders, &suspends}},
    {"give to one with a deadline", prepare_waiter_with_deadline, body_give, {&expires, &aborts}},
    {"give to a less urgent thread", prepare_less_urgent_waiter, body_give, {&aborts, &reorders}},
    {"take after a wait", prepare_helper, body_wait, {&gives, &takes, &pauses}},
    {"take before a deadline", prepare_helper, body_wait_with_deadline, {&expires}},
};

static void sweep_kind(const char *name)
{
    for (unsigned i = 0; i < kind_count; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            kind = &kinds[i];
        }
    }
    zassert_equal(strcmp(kind->name, name), 0);
    for (unsigned i = 0; i < ARRAY_SIZE(situations); i++) {
        const struct situation *situation = &situations[i];

        for (unsigned h = 0; h < HANDLERS_MAX && situation->handlers[h] != NULL; h++) {
            struct sweep sweep = {situation->name, situation->prepare, situation->body,
                                  situation->handlers[h]->handler, check};

            printk("# %s, the interrupt %s\n", kind->name, situation->handlers[h]->name);
            sweep_run(&sweep);
        }
    }
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    kind = &kinds[0];
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_units, NULL, NULL, before, workers_end, print_total);

ZTEST(sweep_units, k_sem)
{
    sweep_kind("k_sem");
}

ZTEST(sweep_units, k_poll)
{
    sweep_kind("k_poll");
}

ZTEST(sweep_units, k_msgq_reading)
{
    sweep_kind("k_msgq, reading");
}

ZTEST(sweep_units, k_msgq_writing)
{
    sweep_kind("k_msgq, writing");
}

ZTEST(sweep_units, k_fifo)
{
    sweep_kind("k_fifo");
}

ZTEST(sweep_units, k_stack)
{
    sweep_kind("k_stack");
}

ZTEST(sweep_units, k_mem_slab)
{
    sweep_kind("k_mem_slab");
}

ZTEST(sweep_units, k_pipe)
{
    sweep_kind("k_pipe");
}

ZTEST(sweep_units, k_event)
{
    sweep_kind("k_event");
}
