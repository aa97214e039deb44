/* SPDX-License-Identifier: Apache-2.0 */
/* One misuse of a heap, named by the argument. Prints "detected " and the invariant's text, or what
 * the validator says afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/sys_heap.h>

#define MARGIN 300000
#define ARENA  4096

static struct {
    uint8_t before[MARGIN];
    uint8_t arena[ARENA];
    uint8_t behind[MARGIN];
} memory __aligned(64);

static struct sys_heap heap;
static const char *moment = "setting up";
static uint8_t copy[ARENA];

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    (void)object;
    (void)item;
    printf("%.*s %s", (int)strcspn(invariant, " "), invariant, moment);
    /* H6 is about links that an operation meets on its way, H15 about a block that makes room. */
    if (invariant[1] != '6' && strncmp(invariant, "H15", 3) != 0 &&
        memcmp(copy, memory.arena, ARENA) != 0) {
        printf(", after a write");
    }
    printf("\n");
    exit(0);
}

static void now(const char *operation)
{
    moment = operation;
    memcpy(copy, memory.arena, ARENA);
}

static void free_now(void *mem, const char *operation)
{
    now(operation);
    sys_heap_free(&heap, mem);
}

/* Requests that fill a chunk of 6 units to the last byte, and one that leaves 3 bytes over. */
#define FULL_BYTES  (6 * HEAP_UNIT_BYTES - HEAP_HEADER_BYTES - HEAP_TRAILER_BYTES)
#define SLACK_BYTES (FULL_BYTES - 3)

static uint8_t *block[8];

static void set_up(size_t bytes)
{
    memset(&memory, 0x5a, sizeof(memory));
    sys_heap_init(&heap, memory.arena, ARENA);
    for (unsigned i = 0; i < 8; i++) {
        block[i] = sys_heap_alloc(&heap, i == 3 || i == 5 ? bytes : 40);
        memset(block[i], 0x11, 40 < bytes ? 40 : bytes);
    }
    memcpy(copy, memory.arena, ARENA);
}

static void double_free(void)
{
    sys_heap_free(&heap, block[3]);
    free_now(block[3], "free");
}

static void double_free_merged(void)
{
    sys_heap_free(&heap, block[2]);
    sys_heap_free(&heap, block[4]);
    sys_heap_free(&heap, block[3]);
    free_now(block[3], "free");
}

static void double_free_realloc(void)
{
    sys_heap_free(&heap, block[3]);
    now("realloc");
    (void)!sys_heap_realloc(&heap, block[3], 200);
}

static void foreign(void)
{
    free_now(memory.before + 4096, "free");
}

static void other_heap(void)
{
    struct sys_heap other;
    void *mem;

    sys_heap_init(&other, memory.behind + 64, 1024);
    mem = sys_heap_alloc(&other, 40);
    free_now(mem, "free");
}

static void interior(void)
{
    free_now(block[3] + 2 * HEAP_UNIT_BYTES, "free");
}

static void misaligned(void)
{
    free_now(block[3] + 1, "free");
}

/* Writes `count` bytes of `value` behind what was asked for, then frees the block itself. */
static void overrun(size_t bytes, size_t count, uint8_t value)
{
    memset(block[3] + bytes, value, count);
    free_now(block[3], "free");
}

/* The same, but the neighbour that was hit is freed first. */
static void overrun_victim(size_t count, uint8_t value)
{
    memset(block[3] + FULL_BYTES, value, count);
    free_now(block[4], "neighbour's free");
    free_now(block[3], "free");
}

/* A write into a free chunk; then a request that the chunk answers. */
static void use_after_free(size_t at, size_t count, uint8_t value)
{
    sys_heap_free(&heap, block[5]);
    sys_heap_free(&heap, block[3]);
    memset(block[3] + at, value, count);
#if defined(CONFIG_SYS_HEAP_HARDENING_MODERATE) || defined(CONFIG_SYS_HEAP_HARDENING_FULL) ||      \
    defined(CONFIG_SYS_HEAP_HARDENING_EXTREME)
    now("alloc");
    (void)!sys_heap_alloc(&heap, FULL_BYTES);
#endif
}

/* A write into a free chunk, and releases that would push it out of a short quarantine. */
static void written_in_quarantine(void)
{
    sys_heap_free(&heap, block[3]);
    block[3][2 * HEAP_HEADER_BYTES] = 0x41;
    now("later free");
    for (unsigned i = 0; i < 3; i++) {
        sys_heap_free(&heap, block[i]);
    }
}

/* A block in quarantine is handed to every call that checks. */
static void used_in_quarantine(void)
{
    sys_heap_free(&heap, block[3]);
    now("usable_size");
    (void)sys_heap_usable_size(&heap, block[3]);
}

static void misuse(const char *kind)
{
    unsigned count;
    unsigned value;

    if (strcmp(kind, "double_free") == 0) {
        double_free();
    } else if (strcmp(kind, "double_free_merged") == 0) {
        double_free_merged();
    } else if (strcmp(kind, "double_free_realloc") == 0) {
        double_free_realloc();
    } else if (strcmp(kind, "foreign") == 0) {
        foreign();
    } else if (strcmp(kind, "other_heap") == 0) {
        other_heap();
    } else if (strcmp(kind, "interior") == 0) {
        interior();
    } else if (strcmp(kind, "misaligned") == 0) {
        misaligned();
    } else if (strcmp(kind, "written_in_quarantine") == 0) {
        written_in_quarantine();
    } else if (strcmp(kind, "used_in_quarantine") == 0) {
        used_in_quarantine();
    } else if (sscanf(kind, "overrun_%u_%x", &count, &value) == 2) {
        overrun(FULL_BYTES, count, (uint8_t)value);
    } else if (sscanf(kind, "slack_%u_%x", &count, &value) == 2) {
        set_up(SLACK_BYTES);
        overrun(SLACK_BYTES, count, (uint8_t)value);
    } else if (sscanf(kind, "victim_%u_%x", &count, &value) == 2) {
        overrun_victim(count, (uint8_t)value);
    } else if (sscanf(kind, "links_%u_%x", &count, &value) == 2) {
        use_after_free(0, count, (uint8_t)value);
    } else if (sscanf(kind, "content_%u_%x", &count, &value) == 2) {
        use_after_free(2 * HEAP_HEADER_BYTES, count, (uint8_t)value);
    } else {
        printf("no such misuse\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    set_up(FULL_BYTES);
    if (argc == 2) {
        misuse(argv[1]);
    }
    printf("%s\n", sys_heap_validate(&heap) ? "not noticed" : "seen by the validator");
    return 0;
}
