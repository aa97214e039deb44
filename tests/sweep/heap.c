/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interrupt at every instruction of k_heap's calls, the handler itself allocating, freeing,
 * letting deadlines pass and aborting. Afterwards the heap is sound, nobody sleeps beside memory
 * that would do, every wake-up was a grant, no two blocks overlap and none is lost.
 */
#include "sweep.h"

#define TEST_PRIORITY 5
#define HEAP_BYTES    768
#define BLOCK_COUNT   9

static struct k_heap heap;
static char buffer[HEAP_BYTES] __aligned(8);

/* A block knows what it must contain. */
struct owned {
    unsigned char *mem;
    size_t bytes;
};

static struct owned blocks[BLOCK_COUNT]; /* fill the heap */
static struct owned body_block;
static struct owned handler_block;

static struct {
    bool started;
    bool answered;
    bool may_leak;
    size_t bytes;
    k_timeout_t timeout;
    struct owned block;
} waiter;

static unsigned char pattern_of(const struct owned *owned)
{
    return (unsigned char)((uintptr_t)owned->mem >> 3);
}

static void own(struct owned *owned, void *mem, size_t bytes)
{
    *owned = (struct owned){mem, mem == NULL ? 0 : bytes};
    if (mem != NULL) {
        memset(mem, pattern_of(owned), bytes);
    }
}

static void check_owned(const struct owned *owned)
{
    for (size_t i = 0; i < owned->bytes; i++) {
        zassert_equal(owned->mem[i], pattern_of(owned), "damaged at point %u, pc %lx",
                      sweep_point(), sweep_pc());
    }
}

static void release(struct owned *owned)
{
    void *mem = owned->mem;

    check_owned(owned);
    owned->mem = NULL;
    owned->bytes = 0;
    k_heap_free(&heap, mem);
}

static void wait_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    own(&waiter.block, k_heap_alloc(&heap, waiter.bytes, waiter.timeout), waiter.bytes);
    waiter.answered = true;
}

static void start_waiter(size_t bytes, int priority, k_timeout_t timeout)
{
    waiter.started = true;
    waiter.answered = false;
    waiter.may_leak = false;
    waiter.bytes = bytes;
    waiter.timeout = timeout;
    own(&waiter.block, NULL, 0);
    worker_start(0, wait_entry, NULL, NULL, priority, K_NO_WAIT);
}

static void abort_waiter(void)
{
    const struct k_thread *thread = worker(0);

    if (waiter.started && !waiter.answered && thread->pended_on == NULL &&
        thread->request == NULL) {
        waiter.may_leak = true; /* the block was its own by then, or it had not asked yet */
    }
    k_thread_abort(worker(0));
}

/* The heap full of 56-byte blocks, in which 1, 3 and 5 are free: holes of 56 bytes. */
static void prepare_holes(void)
{
    k_heap_init(&heap, buffer, sizeof(buffer));
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        size_t left = sys_heap_largest_free_block(&heap.heap);
        size_t bytes = i == BLOCK_COUNT - 1 ? left : 56;

        own(&blocks[i], k_heap_alloc(&heap, bytes, K_NO_WAIT), bytes);
        zassert_not_null(blocks[i].mem);
    }
    release(&blocks[1]);
    release(&blocks[3]);
    release(&blocks[5]);
    own(&body_block, NULL, 0);
    own(&handler_block, NULL, 0);
    waiter.started = false;
    waiter.answered = true;
    waiter.may_leak = false;
}

static void check_waiter(void)
{
    void *block;

    if (worker(0)->pended_on == &heap.wait_q) {
        block = k_heap_alloc(&heap, waiter.bytes, K_NO_WAIT);
        zassert_is_null(block, "the waiter sleeps beside its block, point %u, pc %lx",
                        sweep_point(), sweep_pc());
    }
}

static void check_heap(void)
{
    struct k_heap_wait_stats stats;
    struct sys_memory_stats memory;

    zassert_true(sys_heap_validate(&heap.heap), "point %u, pc %lx", sweep_point(), sweep_pc());
    check_waiter();
    abort_waiter();
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        release(&blocks[i]);
    }
    release(&body_block);
    release(&handler_block);
    if (!waiter.answered) {
        waiter.block.bytes = 0; /* aborted before it had written all of it */
    }
    release(&waiter.block);
    zassert_ok(k_heap_wait_stats_get(&heap, &stats));
    zassert_equal(stats.grants, stats.wakeups, "point %u, pc %lx", sweep_point(), sweep_pc());
    zassert_ok(sys_heap_runtime_stats_get(&heap.heap, &memory));
    zassert_true(memory.allocated_bytes == 0 || waiter.may_leak, "lost at point %u, pc %lx",
                 sweep_point(), sweep_pc());
    zassert_true(sys_heap_validate(&heap.heap));
}

/* Handlers. */

static void allocate_and_free(void)
{
    void *first = k_heap_alloc(&heap, 24, K_NO_WAIT);
    void *second = k_heap_alloc(&heap, 40, K_NO_WAIT);

    k_heap_free(&heap, first);
    k_heap_free(&heap, second);
}

static void allocate_and_keep(void)
{
    own(&handler_block, k_heap_alloc(&heap, 24, K_NO_WAIT), 24);
}

static void free_one(void)
{
    release(&blocks[2]);
}

static void shrink_one(void)
{
    zassert_not_null(k_heap_realloc(&heap, blocks[6].mem, 8, K_NO_WAIT));
    blocks[6].bytes = 8;
}

static void pass_a_tick(void)
{
    timeout_announce(1);
    timeout_announce(1);
}

static void restart_waiter(void)
{
    bool was_answered = waiter.answered;

    abort_waiter();
    if (waiter.started && !was_answered && !waiter.may_leak) {
        start_waiter(waiter.bytes, 4, K_FOREVER);
    }
}

static const struct {
    const char *name;
    void (*handler)(void);
} handlers[] = {
    {"allocates and frees", allocate_and_free},
    {"allocates and keeps", allocate_and_keep},
    {"frees", free_one},
    {"shrinks", shrink_one},
    {"lets time pass", pass_a_tick},
    {"aborts the waiter", abort_waiter},
    {"aborts and restarts the waiter", restart_waiter},
};

static void sweep_all(const char *body_name, void (*prepare)(void), void (*body)(void),
                      void (*check)(void))
{
    for (unsigned i = 0; i < ARRAY_SIZE(handlers); i++) {
        struct sweep sweep = {body_name, prepare, body, handlers[i].handler, check};

        printk("# the interrupt %s\n", handlers[i].name);
        sweep_run(&sweep);
    }
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

static void print_total(void *fixture)
{
    ARG_UNUSED(fixture);
    printk("# %u points in all\n", sweep_total());
}

ZTEST_SUITE(sweep_heap, NULL, NULL, before, workers_end, print_total);

static void body_alloc(void)
{
    own(&body_block, k_heap_alloc(&heap, 40, K_NO_WAIT), 40);
}

ZTEST(sweep_heap, k_heap_alloc)
{
    sweep_all("k_heap_alloc", prepare_holes, body_alloc, check_heap);
}

static void body_aligned_alloc(void)
{
    own(&body_block, k_heap_aligned_alloc(&heap, 32, 24, K_NO_WAIT), 24);
}

ZTEST(sweep_heap, k_heap_aligned_alloc)
{
    sweep_all("k_heap_aligned_alloc", prepare_holes, body_aligned_alloc, check_heap);
}

static void body_free(void)
{
    void *mem = blocks[4].mem;

    blocks[4] = (struct owned){0};
    k_heap_free(&heap, mem);
}

ZTEST(sweep_heap, k_heap_free)
{
    sweep_all("k_heap_free, joining both sides", prepare_holes, body_free, check_heap);
}

static void body_realloc(void)
{
    unsigned char *grown = k_heap_realloc(&heap, blocks[4].mem, 100, K_NO_WAIT);

    if (grown != NULL) {
        for (unsigned i = 0; i < 56; i++) {
            zassert_equal(grown[i], pattern_of(&blocks[4]), "content lost, point %u, pc %lx",
                          sweep_point(), sweep_pc());
        }
        own(&blocks[4], grown, 100);
        grown = k_heap_realloc(&heap, grown, 16, K_NO_WAIT);
        zassert_equal_ptr(grown, blocks[4].mem);
        blocks[4].bytes = 16;
    }
}

ZTEST(sweep_heap, k_heap_realloc)
{
    sweep_all("k_heap_realloc, growing and shrinking", prepare_holes, body_realloc, check_heap);
}

/* Zeroing and copying take time, so they must be interruptible: the handler meets them. */
static unsigned met;

static void meet_library(void)
{
    unsigned long pc = sweep_pc();
    unsigned long zero = (unsigned long)(uintptr_t)memset & ~1ul;
    unsigned long copy = (unsigned long)(uintptr_t)memcpy & ~1ul;

    /* How long the C library's are: a loop, and loops unrolled for each alignment. */
    met += pc - zero < 0x40 || pc - copy < 0x130;
}

static void body_calloc(void)
{
    body_block.mem = k_heap_calloc(&heap, 7, 8, K_NO_WAIT);
}

static void body_move(void)
{
    void *moved = k_heap_realloc(&heap, blocks[6].mem, 64, K_NO_WAIT);

    blocks[6] = (struct owned){.mem = moved == NULL ? blocks[6].mem : moved};
}

static void prepare_room_for_a_move(void)
{
    prepare_holes();
    release(&blocks[4]);
}

/* The left neighbour goes, and what was its header becomes somebody's data. */
static void overwrite_the_left_neighbour(void)
{
    size_t bytes;

    release(&blocks[6]);
    bytes = sys_heap_largest_free_block(&heap.heap);
    handler_block.mem = k_heap_alloc(&heap, bytes, K_NO_WAIT);
    memset(handler_block.mem, 0xff, bytes);
}

static void body_realloc_that_moves(void)
{
    unsigned char *moved = k_heap_realloc(&heap, blocks[7].mem, 64, K_NO_WAIT);

    if (moved != NULL) {
        for (unsigned i = 0; i < 56; i++) {
            zassert_equal(moved[i], pattern_of(&blocks[7]), "content lost, point %u, pc %lx",
                          sweep_point(), sweep_pc());
        }
        own(&blocks[7], moved, 64);
    }
}

ZTEST(sweep_heap, k_heap_realloc_that_moves)
{
    const struct sweep sweep = {"k_heap_realloc beside a neighbour that goes",
                                prepare_room_for_a_move, body_realloc_that_moves,
                                overwrite_the_left_neighbour, check_heap};

    sweep_run(&sweep);
    sweep_all("k_heap_realloc, moving", prepare_room_for_a_move, body_realloc_that_moves,
              check_heap);
}

ZTEST(sweep_heap, zeroing_and_copying_are_outside_the_lock)
{
    struct sweep zeroing = {"k_heap_calloc", prepare_holes, body_calloc, meet_library, check_heap};
    struct sweep copying = {"k_heap_realloc that moves", prepare_room_for_a_move, body_move,
                            meet_library, check_heap};

    met = 0;
    sweep_run(&zeroing);
    zassert_true(met > 4, "the interrupt met memset %u times", met);
    met = 0;
    sweep_run(&copying);
    zassert_true(met > 4, "the interrupt met memcpy %u times", met);
}

/* A more urgent thread waits for 120 bytes; the body frees them. */
static void prepare_urgent_waiter(void)
{
    prepare_holes();
    start_waiter(120, 4, K_FOREVER);
}

ZTEST(sweep_heap, hand_off_to_a_more_urgent_thread)
{
    sweep_all("k_heap_free with hand-off", prepare_urgent_waiter, body_free, check_heap);
}

static void prepare_urgent_waiter_with_deadline(void)
{
    prepare_holes();
    start_waiter(120, 4, K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + 1000));
}

static void pass_the_deadline(void)
{
    timeout_announce(1001);
}

ZTEST(sweep_heap, hand_off_against_the_deadline)
{
    struct sweep sweep = {"k_heap_free with hand-off", prepare_urgent_waiter_with_deadline,
                          body_free, pass_the_deadline, check_heap};

    printk("# the interrupt is the waiter's deadline\n");
    sweep_run(&sweep);
}

/* The body itself waits; a less urgent thread frees. */
static void free_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    body_free();
    for (;;) {
        k_sleep(K_FOREVER);
    }
}

/* When an interrupt has freed enough, the helper is not done yet. */
static void check_heap_and_helper(void)
{
    k_thread_priority_set(worker(1), TEST_PRIORITY - 1);
    check_heap();
}

static void prepare_helper(void)
{
    k_thread_abort(worker(1));
    prepare_holes();
    worker_start(1, free_entry, NULL, NULL, TEST_PRIORITY + 1, K_NO_WAIT);
}

static void body_wait(void)
{
    own(&body_block, k_heap_alloc(&heap, 120, K_FOREVER), 120);
    zassert_not_null(body_block.mem, "point %u, pc %lx", sweep_point(), sweep_pc());
}

ZTEST(sweep_heap, blocking_allocation)
{
    sweep_all("k_heap_alloc that waits", prepare_helper, body_wait, check_heap_and_helper);
}

static void body_wait_with_deadline(void)
{
    int64_t end = k_uptime_ticks() + 1000;

    own(&body_block, k_heap_alloc(&heap, 120, K_TIMEOUT_ABS_TICKS(end)), 120);
    zassert_true(body_block.mem != NULL || k_uptime_ticks() >= end, "early at point %u, pc %lx",
                 sweep_point(), sweep_pc());
}

ZTEST(sweep_heap, blocking_allocation_against_its_deadline)
{
    struct sweep sweep = {"k_heap_alloc that waits", prepare_helper, body_wait_with_deadline,
                          pass_the_deadline, check_heap_and_helper};

    printk("# the interrupt is the deadline\n");
    sweep_run(&sweep);
}
