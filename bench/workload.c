/* SPDX-License-Identifier: Apache-2.0 */
/* The workloads of docs/bench.md, in the order in which they are reported. */
#include "block.h"
#include "board.h"
#include "meter.h"
#include "random.h"
#include "sample.h"

uint32_t random_state;

int main(void);

static struct sample allocs, frees, fails;
static uint32_t free_heap_largest(uint32_t bytes);

static void samples_clear(void)
{
    sample_clear(&allocs);
    sample_clear(&frees);
    sample_clear(&fails);
}

static bool sampled_alloc(struct block *block, uint32_t bytes)
{
    bool done = block_alloc(block, 0, bytes);

    sample_add(done ? &allocs : &fails, meter_cost);
    return done;
}

/* For heaps that have room. */
static void must_alloc(struct block *block, uint32_t bytes)
{
    if (!sampled_alloc(block, bytes)) {
        board_fail("a request refused by a heap that is almost empty");
    }
}

static void sampled_free(struct block *block)
{
    block_free(block);
    sample_add(&frees, meter_cost);
}

struct churn {
    uint32_t seed, target, align, operations, skip;
    uint32_t (*bytes)(void);
};

/* Power law: half of the requests are up to 16 bytes, a quarter up to 32 ... the largest 1024. */
static uint32_t bytes_power_law(void)
{
    uint32_t k = 4 + (uint32_t)__builtin_clz(rnd() | 1);

    k = k > 10 ? 10 : k;
    return 1 + (rnd() & ((1u << k) - 1));
}

static uint32_t bytes_16_to_256(void)
{
    return 16 + rnd() % 241;
}

static uint32_t bytes_8_to_512(void)
{
    return 8 + rnd() % 505;
}

/* Whether the next operation frees: more likely the more is live, half at the target. */
static bool frees_next(uint32_t target)
{
    uint32_t r = rnd() >> 16;

    if (live_count == 0) {
        return false;
    }
    return live_count == LIVE_MAX || live_bytes >= target || r < (live_bytes << 15) / target;
}

/* The sum of live bytes over the operations that count. */
static uint32_t run_churn(const struct churn *churn)
{
    uint32_t fill = 0;

    random_state = churn->seed;
    for (uint32_t i = 0; i < churn->operations; i++) {
        struct sample *sample = &frees;

        if (frees_next(churn->target)) {
            live_free(rnd() % live_count);
        } else {
            sample = live_alloc(churn->align, churn->bytes()) ? &allocs : &fails;
        }
        if (i >= churn->skip) {
            sample_add(sample, meter_cost);
            fill += live_bytes;
        }
    }
    return fill;
}

/* Frees what is left; the heap must then be whole again. */
static void drain(void)
{
    struct block whole;

    while (live_count > 0) {
        live_free(live_count - 1);
    }
    if (!block_alloc(&whole, 0, heap_bytes / 4 * 3)) {
        board_fail("the drained heap is not whole");
    }
    block_free(&whole);
}

static void churn(const char *alloc_key, const char *free_key, const char *fail_key,
                  const char *fill_key, const struct churn *churn)
{
    heap_fresh(65536);
    samples_clear();
    uint32_t fill = run_churn(churn);

    sample_report(alloc_key, &allocs);
    sample_report(free_key, &frees);
    sample_report(fail_key, &fails);
    REPORT(fill_key, churn->operations - churn->skip, fill);
    drain();
}
#define CHURN(name, ...)                                                                           \
    churn(name " alloc", name " free", name " fail", name " fill", &(struct churn){__VA_ARGS__})

static void churns(void)
{
    enum { PER_CENT = 655, OPERATIONS = 20000, SKIP = 4000, SEED = 0x12345678 };

    if (board_wants("W1")) {
        CHURN("W1", SEED, 50 * PER_CENT, 0, OPERATIONS, SKIP, bytes_power_law);
    }
    if (board_wants("W2")) {
        CHURN("W2", SEED, 80 * PER_CENT, 0, OPERATIONS, SKIP, bytes_power_law);
    }
    if (board_wants("W3")) {
        CHURN("W3", SEED, 95 * PER_CENT, 0, OPERATIONS, SKIP, bytes_power_law);
    }
    if (board_wants("W9")) {
        CHURN("W9", 0x0BADF00D, 50 * PER_CENT, 64, OPERATIONS, SKIP, bytes_16_to_256);
    }
}

/* 64 blocks of 32 bytes, freed in reverse (W4) or in order (W5), 200 times. */
static void rounds(const char *alloc_key, const char *free_key, bool reverse)
{
    enum { ROUNDS = 200, BLOCKS = 64, BYTES = 32 };

    heap_fresh(65536);
    samples_clear();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < BLOCKS; i++) {
            must_alloc(&live[i], BYTES);
        }
        for (uint32_t i = 0; i < BLOCKS; i++) {
            sampled_free(&live[reverse ? BLOCKS - 1 - i : i]);
        }
    }
    sample_report(alloc_key, &allocs);
    sample_report(free_key, &frees);
}

/* 64 blocks live; the oldest goes, a new one comes, 12,800 times. */
static void queue(void)
{
    enum { TURNS = 12800, BLOCKS = 64, BYTES = 32 };

    heap_fresh(65536);
    samples_clear();
    for (uint32_t i = 0; i < BLOCKS; i++) {
        must_alloc(&live[i], BYTES);
    }
    samples_clear();
    for (uint32_t i = 0; i < TURNS; i++) {
        sampled_free(&live[i % BLOCKS]);
        must_alloc(&live[i % BLOCKS], BYTES);
    }
    sample_report("W5b alloc", &allocs);
    sample_report("W5b free", &frees);
}

/* One crafted heap of W6: full of blocks of s bytes, then every other one free. */
struct comb {
    uint32_t s, descending, tail;
};

/* Fills the heap (with at most LIVE_MAX blocks), gives `tail` bytes back at the end and then every other block. */
static uint32_t comb_build(const struct comb *comb)
{
    uint32_t n = 0;

    heap_fresh(65536);
    while (n < LIVE_MAX && sampled_alloc(&live[n], comb->s)) {
        n++;
    }
    for (uint32_t back = 0; back < comb->tail && n > 0; back += comb->s) {
        sampled_free(&live[--n]);
    }
    for (uint32_t i = 0; i < n; i += 2) {
        sampled_free(&live[comb->descending ? (n - 1) / 2 * 2 - i : i]);
    }
    return n;
}

static void comb_probe(const struct comb *comb)
{
    static const uint16_t more[] = {0,  1,  4,  8,  9,   12,  16,  17,   24,
                                    32, 33, 64, 65, 128, 256, 512, 1024, 4096};
    struct block probe[16];
    uint32_t n = 0;

    for (uint32_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        if (sampled_alloc(&probe[0], comb->s + more[i])) {
            sampled_free(&probe[0]);
        }
    }
    while (n < 16 && sampled_alloc(&probe[n], comb->s + 8)) {
        n++;
    }
    while (n > 0) {
        sampled_free(&probe[--n]);
    }
}

/* Frees the survivors, the upper half upward and the rest downward, each between two holes. */
static void comb_finish(uint32_t n)
{
    uint32_t middle = n / 2 | 1;

    for (uint32_t i = middle; i < n; i += 2) {
        sampled_free(&live[i]);
    }
    for (uint32_t i = middle; i > 1; i -= 2) {
        sampled_free(&live[i - 2]);
    }
}

/* The worst cases that a person thinks of, and a churn of larger blocks. */
static void combs(void)
{
    static const uint16_t sizes[] = {1,  8,  12,  16,  20,  24,  28,  32,  40,   56,
                                     72, 88, 104, 136, 200, 264, 392, 520, 1032, 2056};
    static const struct churn last = {0xC0FFEE01, 58982, 0, 20000, 0, bytes_8_to_512};

    samples_clear();
    for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) * 4; i++) {
        struct comb comb = {sizes[i / 4], i & 1, (i & 2) != 0 ? 8192 : 0};
        uint32_t n = comb_build(&comb);

        comb_probe(&comb);
        comb_finish(n);
    }
    heap_fresh(65536);
    run_churn(&last);
    sample_report("W6 alloc", &allocs);
    sample_report("W6 free", &frees);
    sample_report("W6 fail", &fails);
}

/* Live bytes when a heap refuses for the first time, over 200 seeds: mean, least, most. */
static void fragmentation(const char *key, uint32_t bytes)
{
    enum { SEEDS = 200 };
    uint32_t sum = 0, least = UINT32_MAX, most = 0;

    for (uint32_t i = 1; i <= SEEDS; i++) {
        random_state = 0x9E3779B9u * i;
        heap_fresh(bytes);
        for (;;) {
            uint32_t q = rnd() % 10;

            if (live_count > 0 && q >= 6) {
                live_free(rnd() % live_count);
            } else if (!live_alloc(0, bytes_8_to_512())) {
                break;
            }
        }
        sum += live_bytes;
        least = live_bytes < least ? live_bytes : least;
        most = live_bytes > most ? live_bytes : most;
    }
    REPORT(key, SEEDS * bytes, sum, least, most);
}

/* How many blocks of one size a heap holds. */
static uint32_t holds(uint32_t heap, uint32_t bytes)
{
    uint32_t n = 0;

    heap_fresh(heap);
    while (block_alloc(&live[0], 0, bytes)) {
        n++;
    }
    return n;
}

/* The largest block of a fresh heap. */
static uint32_t free_heap_largest(uint32_t bytes)
{
    uint32_t fits = 0, too_much = bytes + 1;
    struct block block;

    while (too_much - fits > 1) {
        uint32_t middle = (fits + too_much) / 2;

        heap_fresh(bytes);
        if (block_alloc(&block, 0, middle)) {
            fits = middle;
        } else {
            too_much = middle;
        }
    }
    return fits;
}

static void capacity(const char *key, uint32_t bytes)
{
    REPORT(key, holds(bytes, 1), holds(bytes, 16), holds(bytes, 24), holds(bytes, 32),
           holds(bytes, 100), free_heap_largest(bytes));
}

/* Bytes of stack below the caller's. */
static void stack(void)
{
    static const struct churn mixed = {0x5EED0001, 52428, 0, 3000, 0, bytes_8_to_512};
    uint32_t deepest_alloc = 0, deepest_free = 0;

    heap_fresh(65536);
    random_state = mixed.seed;
    meter_watches_stack = true;
    for (uint32_t i = 0; i < mixed.operations; i++) {
        uint32_t *deepest = &deepest_alloc;

        if (frees_next(mixed.target)) {
            live_free(rnd() % live_count);
            deepest = &deepest_free;
        } else {
            live_alloc(mixed.align, mixed.bytes());
        }
        *deepest = meter_stack > *deepest ? meter_stack : *deepest;
    }
    meter_watches_stack = false;
    REPORT("WS", deepest_alloc, deepest_free);
}

int main(void)
{
    meter_init();
    churns();
    if (board_wants("W4")) {
        rounds("W4 alloc", "W4 free", true);
    }
    if (board_wants("W5")) {
        rounds("W5 alloc", "W5 free", false);
        queue();
    }
    if (board_wants("W6")) {
        combs();
    }
    if (board_wants("W7")) {
        fragmentation("W7 16384", 16384);
        fragmentation("W7 65536", 65536);
    }
    if (board_wants("W8")) {
        capacity("W8 4096", 4096);
        REPORT("W8 16384", free_heap_largest(16384));
        capacity("W8 65536", 65536);
    }
    if (board_wants("WS")) {
        stack();
    }
    board_write("done\n");
    return 0;
}
