/* SPDX-License-Identifier: Apache-2.0 */
/* Event objects: nobody waits beside its bits, and a bit that is posted once is there or was got. */
#include "explore.h"

#include "seeded.h"

enum {
    ANY = 1, /* waits for any of the bits in `item`, and clears them */
    ALL,     /* for all of them */
    POST,    /* these bits */
};

static const struct event_calls *calls;
static struct k_event object;

static struct {
    uint8_t posted;
    uint8_t got;
    uint8_t uncertain; /* posted by, or with, a thread that died */
    bool wrong_answer;
} view;

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&view, 0, sizeof(view));
    k_event_init(&object);
}

static void perform(unsigned thread, const struct op *op)
{
    uint32_t bits;

    ARG_UNUSED(thread);
    if (op->what == POST) {
        (void)calls->post(&object, op->item);
        view.posted |= op->item;
        return;
    }
    bits = op->what == ANY ? calls->wait_safe(&object, op->item, false, op_timeout(op))
                           : calls->wait_all_safe(&object, op->item, false, op_timeout(op));
    view.wrong_answer |= (bits & ~(uint32_t)op->item) != 0;
    view.wrong_answer |= op->what == ALL && bits != 0 && bits != op->item;
    view.wrong_answer |= op->ticks == WAIT_FOREVER && bits == 0;
    view.got |= (uint8_t)bits;
}

static void event(const struct op *op)
{
    perform(EXPLORE_THREADS, op);
}

static void aborted(unsigned thread, bool in_call)
{
    if (in_call && (player_op(thread)->what == POST || !player_is_in_a_wait(thread))) {
        view.uncertain |= player_op(thread)->item;
    }
}

/* Somebody wakes one waiter after the other. */
static bool is_posting(void)
{
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if (player_is_alive(i) && worker(i)->sched_lock_depth != 0) {
            return true;
        }
    }
    return false;
}

static const char *check(void)
{
    for (unsigned i = 0; i < EXPLORE_THREADS && !is_posting(); i++) {
        const struct op *op = player_op(i);
        uint32_t found;

        if (player_waits_in(i) != &object.wait_q) {
            continue;
        }
        found = object.events & op->item;
        if (op->what == ANY ? found != 0 : found == op->item) {
            return "a thread waits beside its bits";
        }
    }
    return view.wrong_answer ? "a wrong answer" : NULL;
}

static const char *check_end(void)
{
    if ((view.posted & ~(object.events | view.got | view.uncertain)) != 0) {
        return "a bit is lost";
    }
    if ((object.events & ~(uint32_t)(view.posted | view.uncertain)) != 0) {
        return "a bit was made";
    }
    return NULL;
}

static const char *clean_up(void)
{
    return object.wait_q.head == NULL ? NULL : "a dead thread waits";
}

static uint64_t hash(uint64_t hash_so_far)
{
    hash_so_far = hash_bytes(hash_so_far, &object, sizeof(object));
    return hash_bytes(hash_so_far, &view, sizeof(view));
}

static const struct model model = {set_up, perform,   event,    aborted,
                                   check,  check_end, clean_up, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &event_calls;
}

ZTEST_SUITE(explore_event, NULL, NULL, before, workers_end, NULL);

static const struct scenario waiters = {
    .name = "two wait for any bit, one for all, one posts",
    .priority = {5, 5, 6, 5},
    .scripts = {{{ANY, 1, WAIT_FOREVER}, {ANY, 2, 1}},
                {{ANY, 3, 2}, {ANY, 4, 0}},
                {{ALL, 6, 3}},
                {{POST, 1}, {POST, 6}, {POST, 1}}},
};

ZTEST(explore_event, waiters)
{
    explore_all(&model, &waiters);
}

/* Each bit is posted once. */
ZTEST(explore_event, aborts)
{
    static const struct scenario scenario = {
        .name = "waiters for bits that are aborted, an interrupt that posts",
        .priority = {4, 5, 5, 6},
        .scripts = {{{ANY, 1, 3}, {ANY, 2, 2}},
                    {{ALL, 3, 3}, {ANY, 7, 1}},
                    {{POST, 1}, {POST, 4}},
                    {{ANY, 12, 2}}},
        .events = {{EVENT_ABORT, 0}, {EVENT_ABORT, 1}, {POST, 2}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_event, finds_a_late_wait)
{
    calls = &event_calls_late;
    explore_seeded(&model, &waiters);
}
