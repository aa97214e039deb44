/* SPDX-License-Identifier: Apache-2.0 */
/* Condition variables, used as monitors are: nobody waits for a thing that is there. */
#include "explore.h"

#include "../../kernel/inherit.h"
#include "seeded.h"

enum {
    CONSUME = 1,
    PRODUCE,
};

static const struct condvar_calls *calls;
static struct k_condvar condvar;
static struct k_mutex mutex;

static struct {
    uint8_t things;
    uint8_t inside;
    bool two_inside;
    bool may_lose; /* a thread died that had seen its signal */
} view;

static void enter(void)
{
    view.two_inside |= view.inside != 0;
    view.inside = 1;
}

static void consume(const struct op *op)
{
    int result = 0;

    (void)k_mutex_lock(&mutex, K_FOREVER);
    enter();
    while (view.things == 0 && result == 0) {
        view.inside = 0;
        result = calls->wait(&condvar, &mutex, op_timeout(op));
        enter();
    }
    view.things = (uint8_t)(view.things - (view.things != 0));
    view.inside = 0;
    (void)k_mutex_unlock(&mutex);
}

static void produce(void)
{
    (void)k_mutex_lock(&mutex, K_FOREVER);
    enter();
    view.things++;
    view.inside = 0;
    (void)calls->signal(&condvar);
    (void)k_mutex_unlock(&mutex);
}

static void perform(unsigned thread, const struct op *op)
{
    ARG_UNUSED(thread);
    if (op->what == CONSUME) {
        consume(op);
    } else {
        produce();
    }
}

static void event(const struct op *op)
{
    ARG_UNUSED(op);
    (void)calls->signal(&condvar); /* a signal without a reason does no harm */
}

/* Whoever dies inside leaves. */
static void aborted(unsigned thread, bool in_call)
{
    const struct k_thread *dying = worker(thread);

    view.may_lose |= in_call && (!player_is_in_a_wait(thread) || dying->request == &mutex_wait);
    if (mutex.owner == dying) {
        view.inside = 0;
    }
}

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&view, 0, sizeof(view));
    k_mutex_init(&mutex);
    k_condvar_init(&condvar);
}

static const char *check(void)
{
    return view.two_inside ? "two threads are inside" : NULL;
}

static const char *check_end(void)
{
    if (mutex.wait_q.head != NULL) {
        return "a thread waits for a mutex for ever";
    }
    if (view.things != 0 && condvar.wait_q.head != NULL && !view.may_lose) {
        return "a signal is lost";
    }
    return NULL;
}

static const char *clean_up(void)
{
    return mutex.owner == NULL && condvar.wait_q.head == NULL ? NULL : "something is left";
}

static uint64_t hash(uint64_t hash_so_far)
{
    hash_so_far = hash_bytes(hash_so_far, &condvar, sizeof(condvar));
    hash_so_far = hash_bytes(hash_so_far, &mutex, sizeof(mutex));
    return hash_bytes(hash_so_far, &view, sizeof(view));
}

static const struct model model = {set_up, perform,   event,    aborted,
                                   check,  check_end, clean_up, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &condvar_calls;
}

ZTEST_SUITE(explore_condvar, NULL, NULL, before, workers_end, NULL);

static const struct scenario monitor = {
    .name = "two consumers, a producer",
    .priority = {5, 5, 5},
    .scripts = {{{CONSUME, 0, WAIT_FOREVER}}, {{CONSUME, 0, 2}}, {{PRODUCE}}},
};

ZTEST(explore_condvar, monitor)
{
    explore_all(&model, &monitor);
}

ZTEST(explore_condvar, aborts)
{
    static const struct scenario scenario = {
        .name = "consumers that are aborted, an idle signal",
        .priority = {4, 5, 5},
        .scripts = {{{CONSUME, 0, WAIT_FOREVER}}, {{CONSUME, 0, WAIT_FOREVER}}, {{PRODUCE}}},
        .events = {{EVENT_ABORT, 0}, {PRODUCE}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_condvar, finds_a_late_wait)
{
    calls = &condvar_calls_late;
    explore_seeded(&model, &monitor);
}
