/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message queues: what one thread sends is received once, in order; no reader waits beside a
 * message, no writer beside room.
 */
#include "explore.h"
#include "seeded.h"

#define MESSAGES 2

enum {
    PUT = 1,
    GET,
};

static const struct msgq_calls *calls;
static struct k_msgq msgq;
static uint32_t buffer[MESSAGES];

/* A message is the sender's number and how many it had tried to send before. */
static struct {
    uint8_t tried[EXPLORE_THREADS + 1];                     /* the last one is the interrupt */
    uint8_t expected[EXPLORE_THREADS][EXPLORE_THREADS + 1]; /* by reader and sender */
    int8_t on_the_way;                                      /* sent and not received */
    uint8_t uncertain; /* messages that went or came with a dead thread, at most */
    bool out_of_order;
    bool wrong_answer;
} view;

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&view, 0, sizeof(view));
    memset(buffer, 0, sizeof(buffer));
    k_msgq_init(&msgq, (char *)buffer, sizeof(buffer[0]), MESSAGES);
}

static void note_answer(int result, const struct op *op)
{
    view.wrong_answer |= result != 0 && result != (op->ticks == 0 ? -ENOMSG : -EAGAIN);
    view.wrong_answer |= result != 0 && op->ticks == WAIT_FOREVER;
}

static void put(unsigned sender, const struct op *op)
{
    uint32_t message = sender << 8 | view.tried[sender]++;
    int result = calls->put(&msgq, &message, op_timeout(op));

    note_answer(result, op);
    if (result == 0) {
        view.on_the_way++;
    }
}

static void get(unsigned reader, const struct op *op)
{
    uint32_t message = 0;
    int result = calls->get(&msgq, &message, op_timeout(op));
    unsigned sender = message >> 8;

    note_answer(result, op);
    if (result == 0) {
        view.on_the_way--;
        view.out_of_order |= (message & 0xff) < view.expected[reader][sender];
        view.expected[reader][sender] = (uint8_t)(message + 1);
    }
}

static void perform(unsigned thread, const struct op *op)
{
    if (op->what == PUT) {
        put(thread, op);
    } else {
        get(thread, op);
    }
}

static void event(const struct op *op)
{
    put(EXPLORE_THREADS, op);
}

/* A message in the hand of a reader that has not seen it goes back, if there is room. */
static void aborted(unsigned thread, bool in_call)
{
    bool reader_waits = in_call && player_op(thread)->what == GET && player_is_in_a_wait(thread);
    bool goes_back = player_waits_in(thread) != NULL || msgq.used_msgs != MESSAGES;

    if (in_call && !(reader_waits && goes_back)) {
        view.uncertain++;
    }
}

static const char *check(void)
{
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if (player_waits_in(i) == NULL) {
            continue;
        }
        if (player_op(i)->what == GET && msgq.used_msgs != 0) {
            return "a reader waits beside a message";
        }
        if (player_op(i)->what == PUT && msgq.used_msgs != MESSAGES) {
            return "a writer waits beside room";
        }
    }
    if (view.out_of_order) {
        return "a message came twice or out of order";
    }
    return view.wrong_answer ? "a wrong answer" : NULL;
}

static const char *check_end(void)
{
    int waiting = (int)msgq.used_msgs;

    if (waiting > view.on_the_way + view.uncertain) {
        return "messages were made";
    }
    return waiting + view.uncertain < view.on_the_way ? "a message is lost" : NULL;
}

static const char *clean_up(void)
{
    return msgq.wait_q.head == NULL ? NULL : "a dead thread waits";
}

/* Where in the ring the messages are does not matter. */
static uint64_t hash(uint64_t hash_so_far)
{
    uint32_t message;

    hash_so_far = hash_number(hash_so_far, (uintptr_t)msgq.wait_q.head);
    for (uint32_t i = 0; k_msgq_peek_at(&msgq, &message, i) == 0; i++) {
        hash_so_far = hash_number(hash_so_far, message);
    }
    return hash_bytes(hash_so_far, &view, sizeof(view));
}

static const struct model model = {set_up, perform,   event,    aborted,
                                   check,  check_end, clean_up, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &msgq_calls;
}

ZTEST_SUITE(explore_msgq, NULL, NULL, before, workers_end, NULL);

static const struct scenario writers_and_reader = {
    .name = "two writers, a reader, deadlines",
    .priority = {5, 5, 5},
    .scripts = {{{PUT, 0, WAIT_FOREVER}, {PUT, 0, 2}},
                {{PUT, 0, 3}},
                {{GET, 0, WAIT_FOREVER}, {GET, 0, 2}}},
};

ZTEST(explore_msgq, writers_and_reader)
{
    explore_all(&model, &writers_and_reader);
}

static const struct scenario readers_and_writer = {
    .name = "two readers, a writer, a writing interrupt",
    .priority = {5, 4, 5},
    .scripts = {{{GET, 0, WAIT_FOREVER}, {GET, 0, 2}}, {{GET, 0, 3}}, {{PUT}, {PUT, 0, 1}, {PUT}}},
    .events = {{PUT}},
};

ZTEST(explore_msgq, readers_and_writer)
{
    explore_all(&model, &readers_and_writer);
}

ZTEST(explore_msgq, aborts)
{
    static const struct scenario scenario = {
        .name = "readers and writers that are aborted",
        .priority = {4, 5, 5},
        .scripts = {{{GET, 0, WAIT_FOREVER}, {GET, 0, 2}},
                    {{PUT, 0, 2}, {GET, 0, 2}},
                    {{PUT, 0, WAIT_FOREVER}, {PUT, 0, WAIT_FOREVER}}},
        .events = {{EVENT_ABORT, 0}, {EVENT_ABORT, 2}},
    };

    explore_all(&model, &scenario);
}

#define FOUR_TIMES_SIX                                                                             \
    {                                                                                              \
        {{PUT, 0, 2}, {PUT, 0, 2}, {PUT}, {PUT}, {GET, 0, 1}, {PUT}},                              \
            {{GET, 0, 3}, {GET, 0, 1}, {GET}, {GET, 0, 1}, {PUT}, {GET}},                          \
            {{PUT, 0, 2}, {PUT, 0, 2}, {PUT}, {PUT}, {GET}, {PUT, 0, 1}},                          \
            {{GET, 0, 2}, {GET, 0, 1}, {GET}, {GET}, {PUT}, {GET}},                                \
    }

ZTEST(explore_msgq, four_threads_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "four threads of six calls",
        .priority = {5, 5, 6, 7},
        .scripts = FOUR_TIMES_SIX,
        .events = {{PUT}, {EVENT_ABORT, 1}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_msgq, two_pairs_of_equals_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "two pairs of equals, six calls each",
        .priority = {5, 5, 6, 6},
        .scripts = FOUR_TIMES_SIX,
        .events = {{EVENT_ABORT, 1}},
    };

    explore_large(&model, &scenario);
}

ZTEST(explore_msgq, finds_a_late_wait)
{
    calls = &msgq_calls_late;
    explore_seeded(&model, &readers_and_writer);
}
