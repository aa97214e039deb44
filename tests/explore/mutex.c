/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes: one owner at a time, as urgent as who waits for it, and nobody waits for a free one. */
#include "explore.h"
#include "seeded.h"

#define MUTEXES 2
#define NOBODY  EXPLORE_THREADS

enum {
    LOCK = 1,
    UNLOCK,
    RAISE, /* event: makes thread `item` more urgent by 2 */
};

static const struct mutex_calls *calls;
static struct k_mutex mutexes[MUTEXES];

static struct {
    uint8_t inside[MUTEXES]; /* who is in the section that the mutex protects */
    uint8_t depth[EXPLORE_THREADS][MUTEXES];
    bool two_inside;
    bool wrong_answer;
} view;

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&view, 0, sizeof(view));
    for (unsigned i = 0; i < MUTEXES; i++) {
        k_mutex_init(&mutexes[i]);
        view.inside[i] = NOBODY;
    }
}

static void lock(unsigned thread, const struct op *op)
{
    int result = calls->lock(&mutexes[op->item], op_timeout(op));

    view.wrong_answer |= result != 0 && result != (op->ticks == 0 ? -EBUSY : -EAGAIN);
    view.wrong_answer |= result != 0 && op->ticks == WAIT_FOREVER;
    if (result == 0) {
        if (view.depth[thread][op->item]++ == 0) {
            view.two_inside |= view.inside[op->item] != NOBODY;
        }
        view.inside[op->item] = (uint8_t)thread;
    }
}

static void unlock(unsigned thread, const struct op *op)
{
    if (view.depth[thread][op->item] == 0) {
        int result = calls->unlock(&mutexes[op->item]);

        view.wrong_answer |= result != -EPERM && result != -EINVAL;
        return;
    }
    if (--view.depth[thread][op->item] == 0) {
        view.inside[op->item] = NOBODY;
    }
    view.wrong_answer |= calls->unlock(&mutexes[op->item]) != 0;
}

static void perform(unsigned thread, const struct op *op)
{
    if (op->what == LOCK) {
        lock(thread, op);
    } else {
        unlock(thread, op);
    }
}

static void event(const struct op *op)
{
    k_thread_priority_set(worker(op->item), worker(op->item)->base_priority - 2);
}

static void aborted(unsigned thread, bool in_call)
{
    ARG_UNUSED(in_call);
    for (unsigned i = 0; i < MUTEXES; i++) {
        if (view.inside[i] == thread) {
            view.inside[i] = NOBODY;
        }
    }
}

static const char *check_mutex(const struct k_mutex *mutex)
{
    const struct k_thread *owner = mutex->owner;
    const struct k_thread *waiter = mutex->wait_q.head;

    if (waiter == NULL) {
        return NULL;
    }
    if (owner == NULL) {
        return "a thread waits for a free mutex";
    }
    if ((owner->state & THREAD_DEAD) != 0 || owner->pended_on == &mutex->wait_q) {
        return "the owner can never unlock";
    }
    return owner->priority <= waiter->priority ? NULL : "the owner is less urgent than a waiter";
}

static const char *check(void)
{
    const char *broken = NULL;

    for (unsigned i = 0; i < MUTEXES && broken == NULL; i++) {
        broken = check_mutex(&mutexes[i]);
    }
    if (view.two_inside) {
        return "two threads are inside";
    }
    return view.wrong_answer ? "a wrong answer" : broken;
}

static const char *check_end(void)
{
    for (unsigned i = 0; i < MUTEXES; i++) {
        if (mutexes[i].wait_q.head != NULL) {
            return "a thread waits for ever";
        }
        if (mutexes[i].owner != NULL) {
            return "all are done, and a mutex has an owner";
        }
    }
    return NULL;
}

static uint64_t hash(uint64_t hash_so_far)
{
    hash_so_far = hash_bytes(hash_so_far, mutexes, sizeof(mutexes));
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        hash_so_far = hash_number(hash_so_far, (uint8_t)worker(i)->base_priority);
    }
    return hash_bytes(hash_so_far, &view, sizeof(view));
}

static const struct model model = {set_up, perform,   event,     aborted,
                                   check,  check_end, check_end, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &mutex_calls;
}

ZTEST_SUITE(explore_mutex, NULL, NULL, before, workers_end, NULL);

static const struct scenario three_equals = {
    .name = "three threads of equal priority, one recursive",
    .priority = {5, 5, 5},
    .scripts = {{{LOCK, 0, WAIT_FOREVER}, {LOCK, 0, 0}, {UNLOCK, 0}, {UNLOCK, 0}},
                {{LOCK, 0, WAIT_FOREVER}, {UNLOCK, 0}},
                {{LOCK, 0, 2}, {UNLOCK, 0}}},
};

ZTEST(explore_mutex, three_equals)
{
    explore_all(&model, &three_equals);
}

static const struct scenario without_waiting = {
    .name = "one locks twice without waiting",
    .priority = {5, 5},
    .scripts = {{{LOCK, 0, WAIT_FOREVER}, {UNLOCK, 0}, {LOCK, 0, 2}, {UNLOCK, 0}},
                {{LOCK, 0, 0}, {UNLOCK, 0}, {LOCK, 0, 0}, {UNLOCK, 0}}},
};

ZTEST(explore_mutex, without_waiting)
{
    explore_all(&model, &without_waiting);
}

/* The first thread waits, through the second, for the third. */
static const struct scenario chain = {
    .name = "a chain of owners, a deadline, a change of priority",
    .priority = {6, 5, 5, 6},
    .scripts = {{{LOCK, 0, WAIT_FOREVER}, {UNLOCK, 0}},
                {{LOCK, 0, WAIT_FOREVER}, {LOCK, 1, 3}, {UNLOCK, 1}, {UNLOCK, 0}},
                {{LOCK, 1, WAIT_FOREVER}, {UNLOCK, 1}},
                {{LOCK, 0, 2}, {UNLOCK, 0}}},
    .events = {{RAISE, 0}},
};

ZTEST(explore_mutex, chain)
{
    explore_all(&model, &chain);
}

ZTEST(explore_mutex, aborts)
{
    static const struct scenario scenario = {
        .name = "owners and waiters that are aborted",
        .priority = {5, 5, 4},
        .scripts = {{{LOCK, 0, WAIT_FOREVER}, {LOCK, 1, 2}, {UNLOCK, 1}, {UNLOCK, 0}},
                    {{LOCK, 1, WAIT_FOREVER}, {UNLOCK, 1}, {LOCK, 0, 2}, {UNLOCK, 0}},
                    {{LOCK, 0, WAIT_FOREVER}, {UNLOCK, 0}}},
        .events = {{EVENT_ABORT, 0}, {EVENT_ABORT, 2}},
    };

    explore_all(&model, &scenario);
}

/* Each may own what the other waits for; deadlines open the ring again. */
ZTEST(explore_mutex, ring_of_owners)
{
    static const struct scenario scenario = {
        .name = "two threads that lock in opposite order",
        .priority = {5, 5, 4},
        .scripts = {{{LOCK, 0, WAIT_FOREVER}, {LOCK, 1, 2}, {UNLOCK, 1}, {UNLOCK, 0}},
                    {{LOCK, 1, WAIT_FOREVER}, {LOCK, 0, 3}, {UNLOCK, 0}, {UNLOCK, 1}},
                    {{LOCK, 0, 1}, {UNLOCK, 0}}},
        .events = {{RAISE, 1}},
    };

    explore_all(&model, &scenario);
}

#define BOTH(first, second, ticks)                                                                 \
    {                                                                                              \
        {LOCK, first, WAIT_FOREVER}, {LOCK, second, ticks}, {UNLOCK, second}, {UNLOCK, first},     \
            {LOCK, second, ticks}, {UNLOCK, second},                                               \
    }
#define FOUR_TIMES_SIX                                                                             \
    {                                                                                              \
        BOTH(0, 1, 2), BOTH(1, 0, 3), BOTH(0, 1, 3), BOTH(1, 0, 2)                                 \
    }

ZTEST(explore_mutex, four_threads_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "four threads of six calls",
        .priority = {5, 5, 6, 7},
        .scripts = FOUR_TIMES_SIX,
        .events = {{RAISE, 2}, {EVENT_ABORT, 0}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_mutex, two_pairs_of_equals_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "two pairs of equals, six calls each",
        .priority = {5, 5, 6, 6},
        .scripts = FOUR_TIMES_SIX,
        .events = {{RAISE, 2}, {EVENT_ABORT, 0}},
    };

    explore_large(&model, &scenario);
}

ZTEST(explore_mutex, finds_a_late_wait)
{
    calls = &mutex_calls_late;
    explore_seeded(&model, &three_equals);
}

ZTEST(explore_mutex, finds_that_no_priority_is_lent)
{
    calls = &mutex_calls_heartless;
    explore_seeded(&model, &chain);
}
