/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Six threads of random priorities use eight objects at random, with random deadlines, while an
 * interrupt, which comes after a random number of instructions, does the same, suspends, resumes
 * and changes priorities. In every second round threads are also aborted and started again; in the
 * others all units, messages and blocks must add up. The whole kernel and the objects are checked
 * every few ticks. Virtual time counts instructions, so a seed always gives the same run.
 */
#include <zephyr/irq.h>

#include "../ztest/invariants.h"
#include "../ztest/timer.h"
#include "soak.h"

#define CONTROL_PRIORITY 0
#define STEPS_PER_ROUND  100

/* From a few instructions to a tick or so. */
#define GAP_MIN  60
#define GAP_SPAN 6000

struct player players[PLAYERS + 1];
bool deadly;
volatile bool round_over;

static struct player control; /* its random numbers only */
static unsigned checks;
static uint32_t interrupts;

static void timer_isr(const void *unused)
{
    ARG_UNUSED(unused);
    test_timer_start(GAP_MIN + random_below(&players[INTERRUPT], GAP_SPAN));
    interrupts++;
    play_in_interrupt();
}

static void play(void *p1, void *p2, void *p3)
{
    unsigned index = POINTER_TO_UINT(p1);

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (!round_over) {
        play_in_thread(index);
    }
}

static void start(unsigned index)
{
    worker_start(index, play, UINT_TO_POINTER(index), NULL, 1 + (int)random_below(&control, 6),
                 K_NO_WAIT);
}

static void check(uint32_t round)
{
    const char *broken = kernel_broken();

    checks++;
    if (broken == NULL) {
        broken = objects_broken();
    }
    zassert_is_null(broken, "%s, round %u", broken, (unsigned)round);
}

/* Locked: an interrupt must not use a thread that is being made. */
static void restart(unsigned index)
{
    unsigned key = irq_lock();

    forget_player(index);
    start(index);
    irq_unlock(key);
}

static void step(void)
{
    unsigned index = random_below(&control, PLAYERS);

    k_sleep(K_TICKS(random_below(&control, 3)));
    if (deadly && random_below(&control, 6) == 0) {
        restart(index);
    }
    k_thread_resume(worker(random_below(&control, PLAYERS)));
}

/* Threads end by themselves, unless they wait for ever. */
static void end_round(uint32_t round)
{
    const char *broken;

    round_over = true;
    test_timer_stop();
    for (unsigned i = 0; i < PLAYERS; i++) {
        k_thread_resume(worker(i));
    }
    for (unsigned i = 0; i < PLAYERS && !deadly; i++) {
        zassert_ok(k_thread_join(worker(i), K_SECONDS(10)), "thread %u hangs, round %u", i,
                   (unsigned)round);
    }
    check(round);
    for (unsigned i = 0; i <= PLAYERS; i++) {
        forget_player(i);
    }
    broken = accounts_broken();
    zassert_is_null(broken, "%s, round %u", broken, (unsigned)round);
    check(round);
}

/* Returns the operations done. */
static uint32_t play_round(uint32_t round)
{
    uint32_t operations = 0;

    deadly = round % 2 != 0;
    round_over = false;
    memset(players, 0, sizeof(players));
    for (unsigned i = 0; i <= PLAYERS; i++) {
        /* Knuth's multiplicative hash; not 0, from which xorshift does not move. */
        players[i].random = ((round * (PLAYERS + 1) + i) * 2654435761u + CONFIG_SOAK_SEED) | 1;
    }
    objects_init();
    for (unsigned i = 0; i < PLAYERS; i++) {
        start(i);
    }
    test_timer_start(GAP_SPAN);
    for (unsigned i = 0; i < STEPS_PER_ROUND; i++) {
        step();
        check(round);
    }
    end_round(round);
    for (unsigned i = 0; i <= PLAYERS; i++) {
        operations += players[i].operations;
    }
    return operations;
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), CONTROL_PRIORITY);
    control.random = CONFIG_SOAK_SEED;
    IRQ_CONNECT(CONFIG_TEST_TIMER_IRQ, CONFIG_SWEEP_TIMER_PRIORITY, timer_isr, NULL, 0);
    irq_enable(CONFIG_TEST_TIMER_IRQ);
}

static void after(void *fixture)
{
    test_timer_stop();
    workers_end(fixture);
}

ZTEST_SUITE(soak, NULL, NULL, before, after, NULL);

ZTEST(soak, random_use_of_everything)
{
    uint32_t operations = 0;
    uint32_t rounds = 0;

    while (operations < CONFIG_SOAK_OPERATIONS) {
        operations += play_round(rounds++);
    }
    printk("# %u operations, %u interrupts, %u rounds, %u checks of everything\n",
           (unsigned)operations, (unsigned)interrupts, (unsigned)rounds, checks);
    zassert_true(interrupts > operations / 100, "too few interrupts");
}
