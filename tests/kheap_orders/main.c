/* SPDX-License-Identifier: Apache-2.0 */
/*
 * W1 under all orders: three waiters, each of three sizes, each of three priorities, and every
 * sequence of three events of seven kinds. A model that shares nothing with the kernel but the
 * allocator says after each event who must have been served, and with which block.
 */
#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define WAITERS       3
#define EVENTS        3
#define HEAP_BYTES    512
#define TEST_PRIORITY 9

enum event {
    FREE_A,
    FREE_B,
    FREE_C,
    SHRINK_D,
    ABORT_FIRST,
    DEADLINE_OF_SECOND,
    RAISE_THIRD,
    EVENT_KINDS,
};

static const size_t sizes[] = {24, 72, 140};

struct waiter {
    size_t bytes;
    int priority;
    bool waiting;
    void *block; /* what it got; as an offset into its own buffer when compared */
};

/* The kernel's side. */
static struct k_heap heap;
static char buffer[HEAP_BYTES] __aligned(8);
static struct waiter real[WAITERS];

/* The model's side: the same allocator on memory of its own, and a queue that is searched. */
static struct sys_heap model_heap;
static char model_buffer[HEAP_BYTES] __aligned(8);
static struct waiter model[WAITERS];
static unsigned arrival[WAITERS]; /* smaller came earlier */

/* Blocks A to C are 56 bytes each with others between them, D is large. */
static void *held[4];
static void *model_held[4];

static unsigned cases;
static unsigned served;

static void wait_entry(void *p1, void *p2, void *p3)
{
    struct waiter *waiter = p1;

    ARG_UNUSED(p3);
    waiter->block = k_heap_alloc(&heap, waiter->bytes, *(k_timeout_t *)p2);
    waiter->waiting = false;
}

static int next_of_model(unsigned *done)
{
    int best = -1;

    for (unsigned i = 0; i < WAITERS; i++) {
        if (model[i].waiting && (*done & BIT(i)) == 0 &&
            (best < 0 || model[i].priority < model[best].priority ||
             (model[i].priority == model[best].priority && arrival[i] < arrival[best]))) {
            best = (int)i;
        }
    }
    if (best >= 0) {
        *done |= (unsigned)BIT(best);
    }
    return best;
}

static void serve_model(void)
{
    unsigned done = 0;
    int i;

    while ((i = next_of_model(&done)) >= 0) {
        model[i].block = sys_heap_alloc(&model_heap, model[i].bytes);
        model[i].waiting = model[i].block == NULL;
    }
}

static void compare(const char *when, unsigned number)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        char *got = real[i].block;
        char *due = model[i].block;

        zassert_equal(real[i].waiting, model[i].waiting, "case %u, %s: waiter %u", number, when, i);
        zassert_equal(got == NULL, due == NULL, "case %u, %s: waiter %u", number, when, i);
        zassert_true(got == NULL || got - buffer == due - model_buffer,
                     "case %u, %s: waiter %u has another block", number, when, i);
        if (real[i].waiting) {
            zassert_is_null(k_heap_alloc(&heap, real[i].bytes, K_NO_WAIT),
                            "case %u, %s: waiter %u sleeps beside its block", number, when, i);
        }
    }
}

static void apply(enum event event, k_timeout_t deadline)
{
    unsigned block = (unsigned)event;

    switch (event) {
    case FREE_A:
    case FREE_B:
    case FREE_C:
        if (held[block] != NULL) {
            k_heap_free(&heap, held[block]);
            sys_heap_free(&model_heap, model_held[block]);
            held[block] = NULL;
        }
        break;
    case SHRINK_D:
        zassert_equal_ptr(k_heap_realloc(&heap, held[3], 16, K_NO_WAIT), held[3]);
        zassert_equal_ptr(sys_heap_realloc(&model_heap, model_held[3], 16), model_held[3]);
        break;
    case ABORT_FIRST:
        k_thread_abort(worker(0));
        real[0].waiting = false;
        model[0].waiting = false;
        break;
    case DEADLINE_OF_SECOND:
        k_sleep(deadline);
        model[1].waiting = false;
        break;
    case RAISE_THIRD:
        k_thread_priority_set(worker(2), 1);
        model[2].priority = 1;
        arrival[2] += WAITERS; /* behind its new equals */
        break;
    default:
        zassert_unreachable();
    }
    serve_model();
}

/* Both heaps full in the same way: D, then A, B, C with blocks between, then the rest. */
static void fill_both(void)
{
    static const size_t between = 24;
    size_t left;

    k_heap_init(&heap, buffer, sizeof(buffer));
    sys_heap_init(&model_heap, model_buffer, sizeof(model_buffer));
    held[3] = k_heap_alloc(&heap, 100, K_NO_WAIT);
    model_held[3] = sys_heap_alloc(&model_heap, 100);
    for (unsigned i = 0; i < 3; i++) {
        /* B and C are neighbours, so that freeing both makes room for the largest request. */
        if (i != 2) {
            zassert_not_null(k_heap_alloc(&heap, between, K_NO_WAIT));
            zassert_not_null(sys_heap_alloc(&model_heap, between));
        }
        held[i] = k_heap_alloc(&heap, 72, K_NO_WAIT);
        model_held[i] = sys_heap_alloc(&model_heap, 72);
        zassert_not_null(held[i]);
    }
    while ((left = sys_heap_largest_free_block(&model_heap)) != 0) {
        zassert_not_null(k_heap_alloc(&heap, left, K_NO_WAIT));
        zassert_not_null(sys_heap_alloc(&model_heap, left));
    }
}

static void run_case(unsigned number, const enum event *events)
{
    k_timeout_t forever = K_FOREVER;
    k_timeout_t deadline = K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + 2);
    bool with_deadline = events[0] == DEADLINE_OF_SECOND || events[1] == DEADLINE_OF_SECOND ||
                         events[2] == DEADLINE_OF_SECOND;
    struct k_heap_wait_stats stats;

    fill_both();
    for (unsigned i = 0; i < WAITERS; i++) {
        real[i].waiting = true;
        real[i].block = NULL;
        model[i] = real[i];
        arrival[i] = i;
        worker_start(i, wait_entry, &real[i], i == 1 && with_deadline ? &deadline : &forever,
                     real[i].priority, K_NO_WAIT);
    }
    compare("at the start", number);
    for (unsigned i = 0; i < EVENTS; i++) {
        apply(events[i], deadline);
        compare(i == 0 ? "first event" : i == 1 ? "second event" : "third event", number);
    }
    zassert_ok(k_heap_wait_stats_get(&heap, &stats));
    zassert_equal(stats.grants, stats.wakeups);
    served += stats.grants;
    cases++;
    zassert_true(sys_heap_validate(&heap.heap));
    workers_end(NULL);
}

static void all_events(unsigned number)
{
    for (unsigned sequence = 0; sequence < EVENT_KINDS * EVENT_KINDS * EVENT_KINDS; sequence++) {
        const enum event events[EVENTS] = {(enum event)(sequence % EVENT_KINDS),
                                           (enum event)(sequence / EVENT_KINDS % EVENT_KINDS),
                                           (enum event)(sequence / EVENT_KINDS / EVENT_KINDS)};

        if (events[0] != events[1] && events[1] != events[2] && events[0] != events[2]) {
            run_case(number * 1000 + sequence, events);
        }
    }
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

ZTEST_SUITE(kheap_orders, NULL, NULL, before, workers_end, NULL);

ZTEST(kheap_orders, W1_all_orders_of_three_waiters)
{
    for (unsigned number = 0; number < 27 * 27; number++) {
        unsigned digits = number;

        for (unsigned i = 0; i < WAITERS; i++) {
            real[i].bytes = sizes[digits % 3];
            digits /= 3;
            real[i].priority = 2 + (int)(digits % 3);
            digits /= 3;
        }
        all_events(number);
    }
    printk("# %u cases, %u grants\n", cases, served);
    zassert_equal(cases, 27 * 27 * EVENT_KINDS * (EVENT_KINDS - 1) * (EVENT_KINDS - 2));
    zassert_true(served > cases, "too few waiters were served to prove anything");
}
