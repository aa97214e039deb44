/* SPDX-License-Identifier: Apache-2.0 */
/* Queues of the user's items: each comes out once, and nobody waits beside one. */
#include "explore.h"

#include "seeded.h"

#define ITEMS 8

enum {
    PUT = 1, /* item `item`, each once */
    GET,
};

static const struct queue_calls *calls;
static struct k_queue queue;
static struct queue_node items[ITEMS];

static struct {
    uint8_t put; /* bit per item */
    uint8_t got;
    uint8_t uncertain; /* how many may be with the dead */
    bool twice;
    bool wrong_answer;
} view;

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&view, 0, sizeof(view));
    memset(items, 0, sizeof(items));
    k_queue_init(&queue);
}

static void note_item(struct queue_node *item)
{
    uint8_t bit = (uint8_t)(1u << (item - items));

    view.twice |= (view.got & bit) != 0;
    view.got |= bit;
    item->next_and_mark = 0;
}

static void perform(unsigned thread, const struct op *op)
{
    struct queue_node *item;

    ARG_UNUSED(thread);
    if (op->what == PUT) {
        view.put |= (uint8_t)(1u << op->item);
        calls->append(&queue, &items[op->item]);
        return;
    }
    item = calls->get(&queue, op_timeout(op));
    view.wrong_answer |= item == NULL && op->ticks == WAIT_FOREVER;
    if (item != NULL) {
        note_item(item);
    }
}

static void event(const struct op *op)
{
    perform(EXPLORE_THREADS, op);
}

static void aborted(unsigned thread, bool in_call)
{
    if (in_call && (player_op(thread)->what == PUT || !player_is_in_a_wait(thread))) {
        view.uncertain++;
    }
}

static const char *check(void)
{
    if (queue.wait_q.head != NULL && queue.head != NULL) {
        return "a thread waits beside an item";
    }
    if (view.twice) {
        return "an item came twice";
    }
    return view.wrong_answer ? "a wrong answer" : NULL;
}

static const char *check_end(void)
{
    struct queue_node *item;

    while ((item = k_queue_get(&queue, K_NO_WAIT)) != NULL) {
        note_item(item);
    }
    if (view.twice) {
        return "an item came twice";
    }
    return __builtin_popcount(view.put & ~(unsigned)view.got) > view.uncertain ? "an item is lost"
                                                                               : NULL;
}

static const char *clean_up(void)
{
    return queue.wait_q.head == NULL ? NULL : "a dead thread waits";
}

static uint64_t hash(uint64_t hash_so_far)
{
    hash_so_far = hash_number(hash_so_far, (uintptr_t)queue.wait_q.head);
    hash_so_far = hash_number(hash_so_far, (uintptr_t)queue.head);
    hash_so_far = hash_bytes(hash_so_far, items, sizeof(items));
    return hash_bytes(hash_so_far, &view, sizeof(view));
}

static const struct model model = {set_up, perform,   event,    aborted,
                                   check,  check_end, clean_up, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &queue_calls;
}

ZTEST_SUITE(explore_queue, NULL, NULL, before, workers_end, NULL);

static const struct scenario takers = {
    .name = "two take items, two put them",
    .priority = {5, 5, 5, 6},
    .scripts = {{{GET, 0, WAIT_FOREVER}, {GET, 0, 1}},
                {{GET, 0, 2}, {GET, 0, 0}, {GET, 0, 1}},
                {{PUT, 0}, {PUT, 1}},
                {{PUT, 2}, {GET, 0, 1}}},
};

ZTEST(explore_queue, takers)
{
    explore_all(&model, &takers);
}

ZTEST(explore_queue, aborts)
{
    static const struct scenario scenario = {
        .name = "takers that are aborted, an interrupt that puts",
        .priority = {4, 5, 5, 6},
        .scripts = {{{GET, 0, 3}, {GET, 0, 2}},
                    {{GET, 0, 2}, {PUT, 3}},
                    {{PUT, 0}, {PUT, 1}},
                    {{GET, 0, 1}}},
        .events = {{EVENT_ABORT, 0}, {EVENT_ABORT, 1}, {PUT, 2}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_queue, finds_a_late_wait)
{
    calls = &queue_calls_late;
    explore_seeded(&model, &takers);
}
