/* SPDX-License-Identifier: Apache-2.0 */
#include "race.h"

#include "../../kernel/arch/host/host.h"

#define NEVER UINT32_MAX

/* The interrupts of this run: action `what` at unlock number `when`. */
static struct {
    const struct race *race;
    unsigned when[2];
    unsigned what[2];
    unsigned unlocks;
    unsigned runs;
} plan;

static void at_unlock(void)
{
    for (unsigned i = 0; i < 2; i++) {
        if (plan.unlocks == plan.when[i]) {
            plan.race->actions[plan.what[i]]();
        }
    }
    plan.unlocks++;
}

void race_begin(void)
{
    plan.unlocks = 0;
    host_unlock_hook = at_unlock;
}

void race_end(void)
{
    host_unlock_hook = NULL;
}

bool race_check(bool holds, const char *what)
{
    if (!holds) {
        printk("# %s; interrupts %u, %u at %u, %u\n", what, plan.what[0], plan.what[1],
               plan.when[0], plan.when[1]);
    }
    return holds;
}

static void run_with(unsigned when_0, unsigned what_0, unsigned when_1, unsigned what_1)
{
    plan.when[0] = when_0;
    plan.what[0] = what_0;
    plan.when[1] = when_1;
    plan.what[1] = what_1;
    plan.race->run();
    plan.runs++;
}

void race_sweep(const struct race *race)
{
    unsigned actions = race->action_count;
    unsigned places;

    plan.race = race;
    plan.runs = 0;
    run_with(NEVER, 0, NEVER, 0);
    places = plan.unlocks;
    for (unsigned when = 0; when < places; when++) {
        for (unsigned what = 0; what < actions; what++) {
            run_with(when, what, NEVER, 0);
        }
        for (unsigned distance = 0; distance < race->pair_distance; distance++) {
            for (unsigned pair = 0; pair < actions * actions; pair++) {
                run_with(when, pair % actions, when + distance, pair / actions);
            }
        }
    }
    printk("# %u places, %u runs\n", places, plan.runs);
}

void race_tick(void)
{
    timeout_announce(1);
}

static void after(void *fixture)
{
    race_end();
    workers_end(fixture);
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(obj_race, NULL, NULL, before, after, NULL);
