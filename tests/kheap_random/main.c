/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Five threads allocate, wait, grow, shrink and free at random on one heap, while they are aborted,
 * restarted, suspended and given other priorities, and interrupts (on the PC: at random unlocks)
 * allocate and free as well. Each block carries a pattern. Checked throughout: the heap is sound,
 * nobody sleeps beside memory that would do, blocks keep their content, grants equal wake-ups, and
 * in the end nothing is lost. Every round starts from a seed that a failure prints.
 */
#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#ifdef CONFIG_ARCH_HOST
#include "../../kernel/arch/host/host.h"
#define ROUNDS 6000
#else
#define ROUNDS 300
#endif

#define HEAP_BYTES       1024
#define WORKERS          5
#define BLOCKS           4
#define STEPS            60
#define CONTROL_PRIORITY 9

static struct k_heap heap;
static char buffer[HEAP_BYTES] __aligned(8);

struct owned {
    unsigned char *mem;
    size_t bytes;
};

struct player {
    struct owned blocks[BLOCKS];
    size_t asked;    /* while it asks: how much, */
    void *asked_old; /* and for which block */
    bool in_call;    /* between asking and noting the answer */
    bool suspended;
};

static struct player players[WORKERS];
static struct owned isr_block;
static bool may_leak;
static uint32_t seed;
static uint32_t round_seed;
static unsigned operations;
static unsigned waits;

static uint32_t random_number(uint32_t below)
{
    /* Marsaglia's xorshift with 13, 17, 5. */
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static size_t random_size(void)
{
    return 1 + random_number(random_number(4) == 0 ? 400 : 90);
}

static k_timeout_t random_timeout(void)
{
    switch (random_number(4)) {
    case 0:
        return K_NO_WAIT;
    case 1:
        return K_FOREVER;
    default:
        return K_TICKS(1 + random_number(4));
    }
}

static unsigned char pattern_of(const struct owned *owned)
{
    return (unsigned char)((uintptr_t)owned->mem / 8 + owned->bytes);
}

static void check_content(const struct owned *owned)
{
    for (size_t i = 0; i < owned->bytes; i++) {
        zassert_equal(owned->mem[i], pattern_of(owned), "content lost, seed %u",
                      (unsigned)round_seed);
    }
}

static void own(struct owned *owned, void *mem, size_t bytes)
{
    owned->mem = mem;
    owned->bytes = mem == NULL ? 0 : bytes;
    if (mem != NULL) {
        zassert_true(sys_heap_usable_size(&heap.heap, mem) >= bytes);
        memset(mem, pattern_of(owned), bytes);
    }
}

static void release(struct owned *owned)
{
    void *mem = owned->mem;

    owned->mem = NULL;
    owned->bytes = 0;
    k_heap_free(&heap, mem);
}

/* A player's moves. What a call gives is noted under the lock, so that an abort finds either. */

static void note_answer(struct player *player, struct owned *owned, void *mem, size_t bytes)
{
    unsigned key = irq_lock();

    own(owned, mem, bytes);
    player->in_call = false;
    irq_unlock(key);
}

static void ask(struct player *player, size_t bytes, void *old)
{
    player->asked = bytes;
    player->asked_old = old;
    player->in_call = true;
    operations++;
}

static void move_allocate(struct player *player, struct owned *owned)
{
    size_t bytes = random_size();
    void *mem;

    ask(player, bytes, NULL);
    mem = random_number(4) == 0 ? k_heap_calloc(&heap, 1, bytes, random_timeout())
                                : k_heap_alloc(&heap, bytes, random_timeout());
    note_answer(player, owned, mem, bytes);
}

static void move_realloc(struct player *player, struct owned *owned)
{
    size_t bytes = random_size();
    unsigned char kept = pattern_of(owned);
    size_t kept_bytes = MIN(bytes, owned->bytes);
    unsigned char *mem;

    ask(player, bytes, owned->mem);
    mem = k_heap_realloc(&heap, owned->mem, bytes, random_timeout());
    for (size_t i = 0; mem != NULL && i < kept_bytes; i++) {
        zassert_equal(mem[i], kept, "realloc lost content, seed %u", (unsigned)round_seed);
    }
    note_answer(player, owned, mem == NULL ? owned->mem : mem, mem == NULL ? owned->bytes : bytes);
}

static void move_free(struct owned *owned)
{
    unsigned key = irq_lock();

    operations++;
    release(owned);
    irq_unlock(key);
}

static void play(void *p1, void *p2, void *p3)
{
    struct player *player = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        struct owned *owned = &player->blocks[random_number(BLOCKS)];

        check_content(owned);
        if (owned->mem == NULL) {
            move_allocate(player, owned);
        } else if (random_number(3) == 0) {
            move_realloc(player, owned);
        } else {
            move_free(owned);
        }
        if (random_number(3) == 0) {
            k_sleep(K_TICKS(1 + random_number(2)));
        }
    }
}

/* The world's moves. */

static void start(unsigned i)
{
    players[i] = (struct player){0};
    worker_start(i, play, &players[i], NULL, 1 + (int)random_number(6), K_NO_WAIT);
}

/* Who waits, or holds what it has not seen, loses nothing; otherwise the answer may be lost. */
static void end(unsigned i)
{
    struct player *player = &players[i];
    const struct k_thread *thread = worker(i);
    bool unseen = thread->pended_on != NULL || thread->request != NULL;
    bool moved = player->in_call && player->asked_old != NULL && !unseen;

    may_leak = may_leak || (player->in_call && !unseen);
    k_thread_abort(worker(i));
    for (unsigned b = 0; b < BLOCKS; b++) {
        if (moved && player->blocks[b].mem == player->asked_old) {
            continue; /* perhaps freed already */
        }
        release(&player->blocks[b]);
    }
}

static void restart(const void *index)
{
    unsigned i = POINTER_TO_UINT(index);

    end(i);
    start(i);
}

static void interrupt(const void *unused)
{
    unsigned what = random_number(24);
    unsigned i = random_number(WORKERS);

    ARG_UNUSED(unused);
    if (what < 6 && isr_block.mem == NULL) {
        size_t bytes = random_size();

        own(&isr_block, k_heap_alloc(&heap, bytes, K_NO_WAIT), bytes);
    } else if (what < 12 && isr_block.mem != NULL) {
        check_content(&isr_block);
        release(&isr_block);
    } else if (what == 12) {
        restart(UINT_TO_POINTER(i));
    }
}

static void at_unlock(void)
{
    if (random_number(8) == 0) {
        interrupt(NULL);
    }
}

static void set_hook(void (*hook)(void))
{
#ifdef CONFIG_ARCH_HOST
    host_unlock_hook = hook;
#else
    ARG_UNUSED(hook);
#endif
}

static void check_all(void)
{
    set_hook(NULL);
    k_sched_lock();
    zassert_true(sys_heap_validate(&heap.heap), "seed %u", (unsigned)round_seed);
    for (unsigned i = 0; i < WORKERS; i++) {
        if (worker(i)->pended_on == &heap.wait_q) {
            void *block = k_heap_alloc(&heap, players[i].asked, K_NO_WAIT);

            zassert_is_null(block, "worker %u sleeps beside its block, seed %u", i,
                            (unsigned)round_seed);
        }
    }
    k_sched_unlock();
    set_hook(at_unlock);
}

static void step(void)
{
    unsigned i = random_number(WORKERS);

    switch (random_number(8)) {
    case 0:
        irq_offload(restart, UINT_TO_POINTER(i));
        break;
    case 1:
        if (players[i].suspended) {
            k_thread_resume(worker(i));
        } else {
            k_thread_suspend(worker(i));
        }
        players[i].suspended = !players[i].suspended;
        break;
    case 2:
        k_thread_priority_set(worker(i), 1 + (int)random_number(6));
        break;
    case 3:
        irq_offload(interrupt, NULL);
        break;
    default:
        k_sleep(K_TICKS(1));
    }
}

static void finish_round(void)
{
    struct k_heap_wait_stats stats;
    struct sys_memory_stats memory;

    set_hook(NULL);
    for (unsigned i = 0; i < WORKERS; i++) {
        end(i);
    }
    release(&isr_block);
    zassert_ok(k_heap_wait_stats_get(&heap, &stats));
    zassert_equal(stats.grants, stats.wakeups, "seed %u", (unsigned)round_seed);
    waits += stats.waits;
    zassert_ok(sys_heap_runtime_stats_get(&heap.heap, &memory));
    zassert_true(memory.allocated_bytes == 0 || may_leak, "%u bytes lost, seed %u",
                 (unsigned)memory.allocated_bytes, (unsigned)round_seed);
    zassert_true(sys_heap_validate(&heap.heap));
}

static void run_round(void)
{
    k_heap_init(&heap, buffer, sizeof(buffer));
    may_leak = false;
    for (unsigned i = 0; i < WORKERS; i++) {
        start(i);
    }
    set_hook(at_unlock);
    for (unsigned i = 0; i < STEPS; i++) {
        step();
        check_all();
    }
    finish_round();
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_thread_priority_set(k_current_get(), CONTROL_PRIORITY);
}

static void after(void *fixture)
{
    set_hook(NULL);
    workers_end(fixture);
}

ZTEST_SUITE(kheap_random, NULL, NULL, before, after, NULL);

ZTEST(kheap_random, W1_to_W4_under_random_use)
{
    unsigned clean = 0;

    for (uint32_t round = 1; round <= ROUNDS; round++) {
        round_seed = round * 2654435761u | 1;
        seed = round_seed;
        run_round();
        clean += !may_leak;
    }
    printk("# %u rounds, %u operations, %u waits, %u rounds accounted for to the byte\n", ROUNDS,
           operations, waits, clean);
    zassert_true(clean > ROUNDS / 4, "too few rounds could be accounted for");
}
