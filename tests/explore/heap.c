/* SPDX-License-Identifier: Apache-2.0 */
/*
 * k_heap: the heap is sound, blocks do not overlap, nobody sleeps beside memory that would do (W1),
 * nobody is passed more often than allowed (W6), each wake-up is a grant (W2), and no block is lost.
 */
#include "explore.h"
#include "../../heap/control.h"
#include "../../kernel/memory_wait.h"
#include "../ztest/invariants.h"
#include "seeded.h"

#define HEAP_BYTES 256
#define BLOCKS_MAX 4

enum {
    ALLOC = 1, /* `item` units of 8 bytes */
    FREE,      /* the thread's oldest block */
    RESIZE,    /* that one, to `item` units */
};

static const struct heap_calls *calls;
static struct k_heap heap;
static char buffer[HEAP_BYTES] __aligned(8);

struct block {
    unsigned char *mem;
    size_t bytes;
};

/* The threads' blocks, oldest first; the last row is the interrupt's. */
static struct {
    struct block blocks[EXPLORE_THREADS + 1][BLOCKS_MAX];
    bool may_leak;
    bool damaged;
    bool refused; /* a request that may wait for ever */
} view;

/* Who was passed how often, found out by looking at the queue, not at the kernel's own count. */
static struct {
    uint32_t allocated;
    uint8_t ahead[EXPLORE_THREADS];  /* bit per thread: it stood in front of this one */
    uint8_t passed[EXPLORE_THREADS]; /* in this wait */
    bool waits[EXPLORE_THREADS];
    bool interrupt_asked;
} queue;

static unsigned char pattern_of(unsigned owner)
{
    return (unsigned char)(0xa0 + owner);
}

static void keep(unsigned owner, void *mem, size_t bytes)
{
    for (unsigned i = 0; mem != NULL && i < BLOCKS_MAX; i++) {
        struct block *block = &view.blocks[owner][i];

        if (block->mem == NULL) {
            memset(mem, pattern_of(owner), bytes);
            *block = (struct block){mem, bytes};
            return;
        }
    }
}

static void look(unsigned owner, const struct block *block)
{
    for (size_t i = 0; i < block->bytes; i++) {
        view.damaged |= block->mem[i] != pattern_of(owner);
    }
}

static struct block take_oldest(unsigned owner)
{
    struct block *blocks = view.blocks[owner];
    struct block oldest = blocks[0];

    look(owner, &oldest);
    memmove(&blocks[0], &blocks[1], sizeof(blocks[0]) * (BLOCKS_MAX - 1));
    blocks[BLOCKS_MAX - 1] = (struct block){NULL, 0};
    return oldest;
}

static void allocate(unsigned owner, const struct op *op)
{
    size_t bytes = op->item * 8u;
    void *mem = calls->alloc(&heap, bytes, op_timeout(op));

    view.refused |= mem == NULL && op->ticks == WAIT_FOREVER;
    keep(owner, mem, bytes);
}

/* What was in a free block is no part of the state. */
static void release(struct block block)
{
    if (block.mem != NULL) {
        memset(block.mem, 0, block.bytes);
        calls->free(&heap, block.mem);
    }
}

static void resize(unsigned owner, const struct op *op)
{
    struct block old = take_oldest(owner);
    size_t bytes = op->item * 8u;
    unsigned char *mem = calls->realloc(&heap, old.mem, bytes, op_timeout(op));

    if (mem == NULL) {
        keep(owner, old.mem, old.bytes);
        return;
    }
    look(owner, &(struct block){mem, MIN(bytes, old.bytes)});
    keep(owner, mem, bytes);
}

static void perform(unsigned thread, const struct op *op)
{
    if (op->what == ALLOC) {
        allocate(thread, op);
    } else if (op->what == RESIZE) {
        resize(thread, op);
    } else {
        release(take_oldest(thread));
    }
}

static void event(const struct op *op)
{
    queue.interrupt_asked = true;
    perform(EXPLORE_THREADS, op);
}

static void set_up(const struct scenario *scenario)
{
    ARG_UNUSED(scenario);
    memset(&view, 0, sizeof(view));
    memset(&queue, 0, sizeof(queue));
    memset(buffer, 0, sizeof(buffer));
    k_heap_init(&heap, buffer, sizeof(buffer));
}

static void aborted(unsigned thread, bool in_call)
{
    view.may_leak |= in_call && (player_op(thread)->what != ALLOC || !player_is_in_a_wait(thread));
}

static bool waits_now(unsigned thread)
{
    return player_waits_in(thread) == &heap.wait_q;
}

static bool was_served(unsigned thread)
{
    const struct memory_request *request =
        (const struct memory_request *)(const void *)worker(thread)->request;

    return queue.waits[thread] && player_is_alive(thread) && !waits_now(thread) &&
           request != NULL && request->block != NULL;
}

/* Those who waited and wait still, `ahead` of somebody who got a block meanwhile. */
static void note_pass(unsigned ahead)
{
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if ((ahead >> i & 1) != 0 && queue.waits[i] && waits_now(i)) {
            queue.passed[i]++;
        }
    }
}

/* Each section that the kernel does with interrupts locked serves, or takes for a newcomer. */
static void note_passes(uint32_t allocated)
{
    unsigned before_newcomer = 0;
    bool served = false;

    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if (was_served(i)) {
            note_pass(queue.ahead[i]);
            served = true;
        }
        if (queue.interrupt_asked || worker(i)->priority <= _kernel.current->priority) {
            before_newcomer |= 1u << i;
        }
    }
    if (!served && allocated > queue.allocated) {
        note_pass(before_newcomer);
    }
}

static void note_queue(void)
{
    struct sys_memory_stats stats;
    unsigned ahead = 0;

    (void)sys_heap_runtime_stats_get(&heap.heap, &stats);
    note_passes((uint32_t)stats.allocated_bytes);
    queue.allocated = (uint32_t)stats.allocated_bytes;
    queue.interrupt_asked = false;
    for (const struct k_thread *thread = wait_queue_head_locked(&heap.wait_q); thread != NULL;
         thread = wait_queue_next_locked(&heap.wait_q, thread)) {
        unsigned index = (unsigned)(thread - worker(0));

        queue.ahead[index] = (uint8_t)ahead;
        ahead |= 1u << index;
    }
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        queue.waits[i] = waits_now(i);
        queue.ahead[i] = queue.waits[i] ? queue.ahead[i] : 0;
        queue.passed[i] = queue.waits[i] ? queue.passed[i] : 0;
    }
}

static const char *check(void)
{
    note_queue();
    for (unsigned i = 0; i < EXPLORE_THREADS; i++) {
        if (player_waits_in(i) == &heap.wait_q && player_op(i)->what == ALLOC &&
            !waiter_must_not_pass(worker(i)) &&
            player_op(i)->item * 8u <= sys_heap_largest_free_block(&heap.heap)) {
            return "W1 a thread sleeps beside its block";
        }
        if (queue.passed[i] > CONFIG_KHEAP_BYPASS_MAX) {
            return "W6 a thread was passed too often";
        }
    }
    if (!sys_heap_validate(&heap.heap)) {
        return "the heap is not valid";
    }
    if (view.refused) {
        return "a request that may wait for ever was refused";
    }
    return view.damaged ? "a block was damaged" : NULL;
}

static const char *check_end(void)
{
    struct k_heap_wait_stats stats;

    (void)k_heap_wait_stats_get(&heap, &stats);
    for (unsigned owner = 0; owner <= EXPLORE_THREADS; owner++) {
        for (unsigned i = 0; i < BLOCKS_MAX; i++) {
            look(owner, &view.blocks[owner][i]);
        }
    }
    if (stats.grants != stats.wakeups) {
        return "W2 grants and wake-ups differ";
    }
    return check();
}

static const char *clean_up(void)
{
    struct sys_memory_stats stats;

    for (unsigned owner = 0; owner <= EXPLORE_THREADS; owner++) {
        for (unsigned i = 0; i < BLOCKS_MAX; i++) {
            release(take_oldest(owner));
        }
    }
    (void)sys_heap_runtime_stats_get(&heap.heap, &stats);
    if (stats.allocated_bytes != 0 && !view.may_leak) {
        return "a block is lost";
    }
    return sys_heap_validate(&heap.heap) ? NULL : "the heap is not valid in the end";
}

/* What is left in free memory, and what was counted, is read by nobody. */
static void tidy(void)
{
    const struct z_heap *z = heap.heap.heap;
    struct chunk *top = top_chunk(z);
    struct chunk *chunk = chunk_at(z, control_units(z));

    while (chunk != top) {
        struct chunk *right = chunk_right_by(chunk, chunk_units(chunk));

        if (chunk_free(chunk) && (char *)(chunk + 1) < (char *)chunk_header(right)) {
            memset(chunk + 1, 0, (size_t)((char *)chunk_header(right) - (char *)(chunk + 1)));
        }
        chunk = right;
    }
    memset(top, 0, (size_t)(buffer + sizeof(buffer) - (char *)top));
    (void)sys_heap_runtime_stats_reset_max(&heap.heap);
    heap.wait_stats =
        (struct k_heap_wait_stats){.grants = heap.wait_stats.grants - heap.wait_stats.wakeups};
}

static uint64_t hash(uint64_t hash_so_far)
{
    tidy();
    hash_so_far = hash_bytes(hash_so_far, &heap, sizeof(heap));
    hash_so_far = hash_bytes(hash_so_far, buffer, sizeof(buffer));
    hash_so_far = hash_bytes(hash_so_far, &queue, sizeof(queue));
    return hash_bytes(hash_so_far, &view, sizeof(view));
}

static const struct model model = {set_up, perform,   event,    aborted,
                                   check,  check_end, clean_up, hash};

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    calls = &heap_calls;
}

ZTEST_SUITE(explore_heap, NULL, NULL, before, workers_end, NULL);

static const struct scenario waiters = {
    .name = "one frees, one waits for much, one for little",
    .priority = {5, 5, 5},
    .scripts = {{{ALLOC, 6, 0}, {FREE}, {ALLOC, 5, 1}},
                {{ALLOC, 10, WAIT_FOREVER}, {FREE}},
                {{ALLOC, 6, 2}, {FREE}}},
};

ZTEST(explore_heap, waiters)
{
    explore_all(&model, &waiters);
}

static const struct scenario aborts = {
    .name = "waiters that are aborted, an interrupt that allocates and frees",
    .priority = {5, 4, 5},
    .scripts = {{{ALLOC, 8, WAIT_FOREVER}, {FREE}},
                {{ALLOC, 9, 2}, {FREE}},
                {{ALLOC, 8, 2}, {FREE}}},
    .events = {{EVENT_ABORT, 1}, {ALLOC, 3}, {FREE}},
};

ZTEST(explore_heap, aborts)
{
    explore_all(&model, &aborts);
}

ZTEST(explore_heap, resizing)
{
    static const struct scenario scenario = {
        .name = "blocks that grow and shrink while others wait",
        .priority = {5, 5, 4},
        .scripts = {{{ALLOC, 7, 0}, {RESIZE, 14, 2}, {RESIZE, 2, 0}},
                    {{ALLOC, 10, WAIT_FOREVER}, {FREE}},
                    {{ALLOC, 9, 3}, {FREE}}},
    };

    explore_all(&model, &scenario);
}

/* Small requests that wait, one that does not, and an interrupt, around a large one. */
static const struct scenario passing = {
    .name = "small requests that pass a large one",
    .priority = {5, 5, 6},
    .scripts = {{{ALLOC, 6, 0}, {ALLOC, 6, 0}, {FREE}, {FREE}},
                {{ALLOC, 20, WAIT_FOREVER}},
                {{ALLOC, 4, 3}, {FREE}, {ALLOC, 4, 0}, {FREE}}},
    .events = {{ALLOC, 3}, {FREE}},
};

ZTEST(explore_heap, passing)
{
    explore_all(&model, &passing);
}

/* Those behind it are served when it leaves. */
ZTEST(explore_heap, giving_up)
{
    static const struct scenario scenario = {
        .name = "a large request that is passed and gives up, or is aborted",
        .priority = {5, 5, 6},
        .scripts = {{{ALLOC, 6, 0}, {ALLOC, 6, 0}, {FREE}, {FREE}},
                    {{ALLOC, 20, 3}},
                    {{ALLOC, 4, WAIT_FOREVER}, {FREE}}},
        .events = {{EVENT_ABORT, 1}, {ALLOC, 3}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_heap, finds_passes_without_a_bound)
{
    calls = &heap_calls_unfair;
    explore_seeded(&model, &passing);
}

#define FOUR_TIMES_SIX                                                                             \
    {                                                                                              \
        {{ALLOC, 6, 2}, {FREE}, {ALLOC, 5, 1}, {FREE}, {ALLOC, 3}, {FREE}},                        \
            {{ALLOC, 9, 2}, {FREE}, {ALLOC, 4, 3}, {FREE}, {ALLOC, 6, 1}, {FREE}},                 \
            {{ALLOC, 4, 2}, {RESIZE, 6, 1}, {FREE}, {ALLOC, 5, 1}, {RESIZE, 2}, {FREE}},           \
            {{ALLOC, 8, 3}, {FREE}, {ALLOC, 4, 1}, {FREE}, {ALLOC, 6, 1}, {FREE}},                 \
    }

ZTEST(explore_heap, four_threads_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "four threads of six calls",
        .priority = {5, 5, 6, 7},
        .scripts = FOUR_TIMES_SIX,
        .events = {{ALLOC, 3}, {FREE}, {EVENT_ABORT, 1}},
    };

    explore_all(&model, &scenario);
}

ZTEST(explore_heap, two_pairs_of_equals_of_six_calls)
{
    static const struct scenario scenario = {
        .name = "two pairs of equals, six calls each",
        .priority = {5, 5, 6, 6},
        .scripts = FOUR_TIMES_SIX,
        .events = {{ALLOC, 3}, {FREE}, {EVENT_ABORT, 1}},
    };

    explore_large(&model, &scenario);
}

ZTEST(explore_heap, finds_a_late_wait)
{
    calls = &heap_calls_late;
    explore_seeded(&model, &waiters);
}

ZTEST(explore_heap, finds_that_nobody_is_served)
{
    calls = &heap_calls_deaf;
    explore_seeded(&model, &waiters);
}
