/* SPDX-License-Identifier: Apache-2.0 */
/* Semaphores: units are neither lost nor made, and nobody waits beside one. */
#include "explore.h"
#include "seeded.h"

#define LIMIT 3

enum {
    TAKE = 1,
    GIVE,
    RESET,
};

static const struct sem_calls *calls;
static struct k_sem sem;

static struct {
    int out;       /* given, and neither taken nor reset: in the semaphore, or lost */
    unsigned lost; /* at most: taken by threads that died before they could say so */
    bool was_reset;
    bool wrong_answer;
} account;

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&account, 0, sizeof(account));
    zassert_ok(k_sem_init(&sem, 0, LIMIT));
}

/* What comes above the limit counts as lost. */
static void give(void)
{
    account.out++;
    account.lost += sem.count >= LIMIT - 1;
    calls->give(&sem);
}

static void perform(unsigned thread, const struct op *op)
{
    int result;

    ARG_UNUSED(thread);
    if (op->what == GIVE) {
        give();
        return;
    }
    result = calls->take(&sem, op_timeout(op));
    account.out -= result == 0;
    account.wrong_answer |= result != 0 && result != (op->ticks == 0 ? -EBUSY : -EAGAIN);
    account.wrong_answer |= result != 0 && op->ticks == WAIT_FOREVER && !account.was_reset;
}

static void event(const struct op *op)
{
    if (op->what == GIVE) {
        give();
    } else {
        account.out -= (int)sem.count;
        account.was_reset = true;
        k_sem_reset(&sem);
    }
}

/* What is left of a request that a dead thread has not seen goes back. */
static void aborted(unsigned thread, bool in_call)
{
    /* A giver may have died before it gave. */
    account.lost += in_call && !player_is_in_a_wait(thread);
}

static const char *check(void)
{
    if (account.wrong_answer) {
        return "a take gave a wrong answer";
    }
    if (sem.count > LIMIT) {
        return "more units than the limit";
    }
    if (sem.count != 0 && sem.wait_q.head != NULL) {
        return "a thread waits beside a unit";
    }
    return NULL;
}

static const char *check_end(void)
{
    if (account.out < (int)sem.count) {
        return "units were made";
    }
    if (account.out > (int)(sem.count + account.lost)) {
        return "a unit is lost";
    }
    return NULL;
}

static const char *clean_up(void)
{
    return sem.wait_q.head == NULL ? NULL : "a dead thread waits";
}

static uint64_t hash(uint64_t hash_so_far)
{
    return hash_bytes(hash_bytes(hash_so_far, &sem, sizeof(sem)), &account, sizeof(account));
}

static const struct model model = {set_up, perform,   event,    aborted,
                                   check,  check_end, clean_up, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &sem_calls;
}

ZTEST_SUITE(explore_sem, NULL, NULL, before, workers_end, NULL);

static const struct scenario takers_and_givers = {
    .name = "two takers, two givers, equal priorities",
    .priority = {5, 5, 5, 5},
    .scripts = {{{TAKE, 0, WAIT_FOREVER}, {TAKE, 0, WAIT_FOREVER}},
                {{TAKE, 0, WAIT_FOREVER}},
                {{GIVE}},
                {{GIVE}}},
};

ZTEST(explore_sem, takers_and_givers)
{
    explore_all(&model, &takers_and_givers);
}

ZTEST(explore_sem, deadlines)
{
    static const struct scenario scenario = {
        .name = "takers with deadlines, a giver, a giving interrupt",
        .priority = {5, 4, 5},
        .scripts = {{{TAKE, 0, 2}, {TAKE, 0, 0}, {TAKE, 0, 1}}, {{TAKE, 0, 2}}, {{GIVE}, {GIVE}}},
        .events = {{GIVE}},
    };

    explore_all(&model, &scenario);
}

static const struct scenario aborts = {
    .name = "takers that are aborted",
    .priority = {4, 5, 5},
    .scripts = {{{TAKE, 0, WAIT_FOREVER}, {TAKE, 0, 3}}, {{TAKE, 0, 2}}, {{GIVE}, {GIVE}}},
    .events = {{EVENT_ABORT, 0}, {EVENT_ABORT, 1}},
};

ZTEST(explore_sem, aborts)
{
    explore_all(&model, &aborts);
}

ZTEST(explore_sem, reset)
{
    static const struct scenario scenario = {
        .name = "takers, a giver, a reset",
        .priority = {5, 6, 5},
        .scripts = {{{TAKE, 0, 3}, {TAKE, 0, 3}}, {{TAKE, 0, 2}}, {{GIVE}, {GIVE}}},
        .events = {{RESET}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_sem, two_threads_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "two threads of six calls",
        .priority = {5, 5},
        .scripts = {{{TAKE, 0, 1}, {GIVE}, {TAKE, 0, 2}, {GIVE}, {TAKE, 0, 0}, {GIVE}},
                    {{GIVE}, {TAKE, 0, 1}, {TAKE, 0, 3}, {GIVE}, {TAKE, 0, 2}, {GIVE}}},
        .events = {{GIVE}, {EVENT_ABORT, 0}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_sem, four_threads_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "four threads of six calls",
        .priority = {5, 5, 6, 6},
        .scripts = {{{TAKE, 0, 3}, {GIVE}, {TAKE, 0, 2}, {GIVE}, {TAKE, 0, 1}, {GIVE}},
                    {{GIVE}, {TAKE, 0, 1}, {TAKE, 0, 3}, {GIVE}, {TAKE, 0, 2}, {GIVE}},
                    {{TAKE, 0, 2}, {GIVE}, {TAKE, 0, 2}, {GIVE}, {TAKE, 0, 0}, {GIVE}},
                    {{GIVE}, {TAKE, 0, 2}, {GIVE}, {TAKE, 0, 2}, {TAKE, 0, 2}, {GIVE}}},
        .events = {{GIVE}, {EVENT_ABORT, 0}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_sem, finds_a_late_wait)
{
    calls = &sem_calls_late;
    explore_seeded(&model, &takers_and_givers);
}

ZTEST(explore_sem, finds_a_unit_that_dies_with_its_taker)
{
    calls = &sem_calls_forgetful;
    explore_seeded(&model, &aborts);
}
