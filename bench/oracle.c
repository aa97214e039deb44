/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often the heap refuses a request although there is room, on this PC: oracle OPERATIONS.
 *
 * The oracle knows nothing of the heap but the addresses and usable sizes of the live blocks: what
 * they leave are the gaps. It looks only when the heap refuses. Heaps of 600 bytes to 200 KB, five
 * laws of sizes and three fills take turns; the sequence is always the same.
 */
#include <zephyr/sys/sys_heap.h>

#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNIT       SYS_HEAP_DEFAULT_ALIGN
#define HEADER     HEAP_HEADER_BYTES
#define BYTES_MAX  (256u * 1024)
#define BLOCKS_MAX (BYTES_MAX / 8)
#define SITES_MAX  64

uint32_t random_state = 1;
int main(int argc, char **argv);
_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item);
void trips_watched(const void *site, uint32_t n);
void __cyg_profile_func_enter(void *function, void *caller);
void __cyg_profile_func_exit(void *function, void *caller);

struct tally {
    const char *name;
    uint64_t calls, refused, wrong, missed;
};
/* wrong: refused against the header's rule. missed: refused although some gap holds the request,
 * where the rule allows that. */
static struct tally allocs = {.name = "alloc"}, reallocs = {.name = "realloc"},
                    aligneds = {.name = "aligned"};

static struct sys_heap heap;
static char memory[BYTES_MAX] __attribute__((aligned(4096)));
static uintptr_t first; /* where the first chunk's header lies */
static uint32_t units;  /* from there to the end */
static uint64_t taken[BYTES_MAX / 4 / 64 + 1];

static struct block {
    char *mem;
    uint32_t bytes;
} blocks[BLOCKS_MAX];
static uint32_t live, live_bytes, next_mark;

static _Noreturn void wrong(const char *what)
{
    fprintf(stderr, "oracle: %s\n", what);
    exit(1);
}

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    (void)object;
    (void)item;
    wrong(invariant);
}

/* The trips of each loop must not exceed what it says of itself. heap/ is compiled with
 * -finstrument-functions: each activation of a function starts counting anew. */
static uint32_t activations, activation[64], depth;
static struct {
    const void *site;
    uint32_t activation, trips;
} loops[SITES_MAX];

void __cyg_profile_func_enter(void *function, void *caller)
{
    (void)function;
    (void)caller;
    activation[++depth % ARRAY_SIZE(activation)] = ++activations;
}

void __cyg_profile_func_exit(void *function, void *caller)
{
    (void)function;
    (void)caller;
    depth--;
}

void trips_watched(const void *site, uint32_t n)
{
    uint32_t now = activation[depth % ARRAY_SIZE(activation)];
    uint32_t i = 0;

    while (loops[i].site != site && loops[i].site != NULL) {
        if (++i == SITES_MAX) {
            wrong("more loops than expected");
        }
    }
    if (loops[i].activation != now) {
        loops[i].site = site;
        loops[i].activation = now;
        loops[i].trips = 0;
    }
    if (++loops[i].trips > n) {
        wrong("a loop makes more trips than it says");
    }
}

/* Marks the units of a block. */
static void mark(const struct block *block, bool in_use)
{
    size_t end = (uintptr_t)block->mem + sys_heap_usable_size(&heap, block->mem) - first;
    size_t unit = ((uintptr_t)block->mem - HEADER - first) / UNIT;

    for (; unit < end / UNIT; unit++) {
        if (((taken[unit / 64] >> unit % 64) & 1) == in_use) {
            wrong("two blocks overlap");
        }
        taken[unit / 64] ^= UINT64_C(1) << unit % 64;
    }
}

/* The gap at or behind unit *at: its length in units, 0 when there is none; *at moves to it. */
static uint32_t gap(uint32_t *at)
{
    uint32_t end;

    while (*at < units && (taken[*at / 64] >> *at % 64 & 1) != 0) {
        uint64_t rest = ~taken[*at / 64] >> *at % 64;

        *at += rest != 0 ? (uint32_t)__builtin_ctzll(rest) : 64 - *at % 64;
    }
    for (end = *at; end < units && (taken[end / 64] >> end % 64 & 1) == 0;) {
        uint64_t rest = taken[end / 64] >> end % 64;

        end += rest != 0 ? (uint32_t)__builtin_ctzll(rest) : 64 - end % 64;
    }
    return *at < units ? MIN(end, units) - *at : 0;
}

static uint32_t units_for(uint32_t bytes)
{
    return (bytes + HEADER + UNIT - 1) / UNIT;
}

/* Whether a gap holds `bytes` bytes at a multiple of align. */
static bool some_gap_holds(uint32_t align, uint32_t bytes)
{
    uint32_t length;

    for (uint32_t at = 0; (length = gap(&at)) != 0; at += length) {
        uintptr_t mem = (first + at * UNIT + HEADER + align - 1) / align * align;

        if ((mem - HEADER - first) / UNIT + units_for(bytes) <= at + length) {
            return true;
        }
    }
    return false;
}

static bool some_gap_is_of(uint32_t bytes)
{
    uint32_t length;

    for (uint32_t at = 0; (length = gap(&at)) != 0; at += length) {
        if (length * UNIT - HEADER >= bytes) {
            return true;
        }
    }
    return false;
}

/* Whether a block and the gaps on both its sides hold `bytes` bytes. */
static bool grows_to(const struct block *block, uint32_t bytes)
{
    bool fits;

    mark(block, false);
    uint32_t at = (uint32_t)(((uintptr_t)block->mem - HEADER - first) / UNIT);
    while (at > 0 && (taken[(at - 1) / 64] >> (at - 1) % 64 & 1) == 0) {
        at--;
    }
    fits = gap(&at) >= units_for(bytes);
    mark(block, true);
    return fits;
}

/* A refused call changes nothing: some of the calls are watched byte by byte. */
static char before[BYTES_MAX];
static bool watching;

static void watch(void)
{
    watching = rnd() % 256 == 0;
    if (watching) {
        memcpy(before, memory, heap.init_bytes);
    }
}

static void was_refused(struct tally *tally)
{
    tally->refused++;
    if (watching && memcmp(before, memory, heap.init_bytes) != 0) {
        wrong("a refused call changed the heap");
    }
}

/* A new block's first and last byte carry a mark of its own. */
static void sign(struct block *block)
{
    block->mem[0] = (char)next_mark;
    block->mem[block->bytes - 1] = (char)next_mark++;
}

static void keep(char *mem, uint32_t bytes)
{
    blocks[live] = (struct block){mem, bytes};
    mark(&blocks[live], true);
    sign(&blocks[live++]);
    live_bytes += bytes;
}

static void drop(uint32_t i)
{
    live_bytes -= blocks[i].bytes;
    mark(&blocks[i], false);
    sys_heap_free(&heap, blocks[i].mem);
    blocks[i] = blocks[--live];
}

static void try_alloc(uint32_t bytes)
{
    watch();
    char *mem = sys_heap_alloc(&heap, bytes);

    allocs.calls++;
    if (mem != NULL) {
        keep(mem, bytes);
        return;
    }
    was_refused(&allocs);
    allocs.wrong += some_gap_is_of(bytes);
}

static void try_aligned(uint32_t bytes)
{
    uint32_t align = UNIT << rnd() % 7;

    watch();
    char *mem = sys_heap_aligned_alloc(&heap, align, bytes);

    aligneds.calls++;
    if (mem != NULL) {
        if ((uintptr_t)mem % align != 0) {
            wrong("a block not aligned");
        }
        keep(mem, bytes);
        return;
    }
    was_refused(&aligneds);
    if (some_gap_is_of(bytes + align - UNIT)) {
        aligneds.wrong++;
    } else if (some_gap_holds(align, bytes)) {
        aligneds.missed++;
    }
}

static void try_realloc(uint32_t i, uint32_t bytes)
{
    struct block old = blocks[i];
    uint32_t kept = MIN(old.bytes, bytes);
    char first_byte = old.mem[0];
    char last_byte = old.mem[kept - 1];

    mark(&old, false);
    watch();
    char *mem = sys_heap_realloc(&heap, old.mem, bytes);

    reallocs.calls++;
    if (mem == NULL) {
        mark(&old, true);
        was_refused(&reallocs);
        reallocs.wrong += some_gap_is_of(bytes) || grows_to(&old, bytes);
        mem = old.mem;
        bytes = old.bytes;
    } else {
        blocks[i] = (struct block){mem, bytes};
        mark(&blocks[i], true);
        live_bytes += bytes - old.bytes;
    }
    if (mem[0] != first_byte || mem[kept - 1] != last_byte) {
        wrong("realloc lost content");
    }
    sign(&blocks[i]);
}

/* Size laws; each gets the heap's bytes. */
static uint32_t power_law(uint32_t heap_bytes)
{
    uint32_t k = MIN(4 + (uint32_t)__builtin_clz(rnd() | 1), 10);

    (void)heap_bytes;
    return 1 + (rnd() & ((1u << k) - 1));
}

static uint32_t up_to_512(uint32_t heap_bytes)
{
    (void)heap_bytes;
    return 8 + rnd() % 505;
}

static uint32_t tiny(uint32_t heap_bytes)
{
    (void)heap_bytes;
    return 1 + rnd() % 40;
}

static uint32_t up_to_an_eighth(uint32_t heap_bytes)
{
    return 1 + rnd() % (heap_bytes / 8);
}

static uint32_t any_magnitude(uint32_t heap_bytes)
{
    uint32_t bits = 32 - (uint32_t)__builtin_clz(heap_bytes);

    return 1 + (rnd() & ((1u << (1 + rnd() % (bits - 1))) - 1));
}

static void start(uint32_t bytes)
{
    sys_heap_init(&heap, memory, bytes);
    char *whole = sys_heap_alloc(&heap, sys_heap_capacity(&heap));

    if (whole == NULL) {
        wrong("an empty heap does not give its capacity");
    }
    first = (uintptr_t)whole - HEADER;
    units = (uint32_t)((sys_heap_usable_size(&heap, whole) + HEADER) / UNIT);
    sys_heap_free(&heap, whole);
    memset(taken, 0, sizeof(taken));
    live = live_bytes = 0;
}

static void run(uint32_t heap_bytes, uint32_t (*law)(uint32_t), uint32_t per_cent,
                uint64_t operations)
{
    uint32_t target = heap_bytes / 100 * per_cent;

    start(heap_bytes);
    for (uint64_t i = 0; i < operations; i++) {
        uint32_t r = rnd() >> 16;
        uint32_t kind = rnd() % 16;

        if (live > 0 && kind < 3) {
            try_realloc(rnd() % live, law(heap_bytes));
        } else if (live == BLOCKS_MAX ||
                   (live > 0 &&
                    (live_bytes >= target || r < ((uint64_t)live_bytes << 15) / target))) {
            drop(rnd() % live);
        } else if (kind == 15) {
            try_aligned(law(heap_bytes));
        } else {
            try_alloc(law(heap_bytes));
        }
    }
    while (live > 0) {
        drop(live - 1);
    }
    if (sys_heap_largest_free_block(&heap) != sys_heap_capacity(&heap)) {
        wrong("the drained heap is not whole");
    }
}

int main(int argc, char **argv)
{
    static const uint32_t heaps[] = {600, 2048, 4096, 9001, 16384, 65536, 200000};
    static const uint32_t fills[] = {60, 90, 120};
    static uint32_t (*const laws[])(uint32_t) = {power_law, up_to_512, tiny, up_to_an_eighth,
                                                 any_magnitude};
    uint64_t operations = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint64_t runs = ARRAY_SIZE(heaps) * ARRAY_SIZE(fills) * ARRAY_SIZE(laws);

    for (uint32_t i = 0; i < runs; i++) {
        run(heaps[i % ARRAY_SIZE(heaps)], laws[i / ARRAY_SIZE(heaps) % ARRAY_SIZE(laws)],
            fills[i / ARRAY_SIZE(heaps) / ARRAY_SIZE(laws)], operations / runs + 1);
    }
    for (const struct tally *tally = &allocs; tally != NULL; tally = tally == &allocs ? &reallocs
                                                                     : tally == &reallocs
                                                                         ? &aligneds
                                                                         : NULL) {
        printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", tally->name, tally->calls,
               tally->refused, tally->wrong, tally->missed);
    }
    puts("done");
    return 0;
}
