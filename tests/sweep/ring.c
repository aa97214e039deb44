/* SPDX-License-Identifier: Apache-2.0 */
/*
 * D9: an interrupt at every instruction of a write to the console's ring, as a more urgent handler
 * would come into a less urgent one; it writes, reads, or both. Every character that was taken
 * comes out once and in its writer's order, and the others are counted in marks.
 */
#include <stdlib.h>

#include "../../drivers/char_ring.h"
#include "sweep.h"

#define SIZE 32u

static char bytes[SIZE];
static struct char_ring ring;
static char out[256];
static size_t out_length;
static atomic_t refusals;
static unsigned filled; /* characters '.' before the body writes */
static bool emptied;    /* and the reader has been there: a mark is due and there is room for it */

static void read_all(void)
{
    const char *piece;
    size_t count;

    while ((count = char_ring_peek(&ring, &piece)) > 0) {
        memcpy(out + out_length, piece, count);
        out_length += count;
        char_ring_take(&ring, count);
    }
}

static void put(char character)
{
    if (!char_ring_put(&ring, character)) {
        (void)atomic_inc(&refusals);
    }
}

static void put_text(const char *text)
{
    while (*text != '\0') {
        put(*text++);
    }
}

static void prepare(void)
{
    char_ring_init(&ring, bytes, SIZE);
    ring.state = (atomic_val_t)(0xfff0u << 16); /* positions wrap soon */
    ring.first = ring.written = 0xfff0u;
    out_length = 0;
    refusals = 0;
    for (unsigned i = 0; i < filled; i++) {
        put('.');
    }
    if (emptied) {
        read_all();
    }
}

static void write_ab(void)
{
    put_text("ab");
}

static void write_xy(void)
{
    put_text("xy");
}

static void read_in_between(void)
{
    read_all();
}

static void write_and_read(void)
{
    put_text("xy");
    read_all();
}

/* How many characters the marks in `out` tell of; takes the marks out. */
static unsigned long take_marks(void)
{
    unsigned long lost = 0;
    char *mark;

    out[out_length] = '\0';
    while ((mark = strchr(out, '[')) != NULL) {
        char *end = strchr(mark, ']');

        zassert_not_null(end, "half a mark: '%s', point %u, pc %lx", out, sweep_point(),
                         sweep_pc());
        lost += strtoul(mark + 1, NULL, 10);
        memmove(mark, end + 1, strlen(end));
    }
    return lost;
}

static void check_order(const char *text)
{
    const char *at = out;

    for (; *text != '\0'; text++) {
        const char *found = strchr(at, *text);

        at = found == NULL ? at : found + 1;
        zassert_true(strchr(out, *text) == NULL || found != NULL, "'%s', point %u, pc %lx", out,
                     sweep_point(), sweep_pc());
    }
}

static void check(void)
{
    unsigned long lost;
    unsigned refused;
    unsigned wrote;

    read_all();
    zassert_equal(char_ring_count(&ring), 0, "not published: '%.*s', point %u, pc %lx",
                  (int)out_length, out, sweep_point(), sweep_pc());
    put_text("z"); /* brings the mark, if one is due */
    read_all();
    lost = take_marks();
    refused = (unsigned)refusals;
    zassert_equal(char_ring_lost(&ring), 0);
    zassert_equal(char_ring_count(&ring), 0);
    zassert_equal(lost, refused, "%lu in marks, %u refused: '%s', point %u, pc %lx", lost, refused,
                  out, sweep_point(), sweep_pc());
    check_order("abz");
    check_order("xyz");
    wrote = filled + 3 + (strpbrk(out, "xy") != NULL ? 2 : 0);
    zassert_true(strlen(out) + refused == wrote || strlen(out) + refused == filled + 5,
                 "'%s', %u refused, point %u, pc %lx", out, refused, sweep_point(), sweep_pc());
    for (unsigned i = 0; i < SIZE; i++) {
        zassert_equal(bytes[i], 0, "left behind");
    }
}

static void sweep_writing(const char *name, unsigned characters_before, void (*handler)(void))
{
    struct sweep sweep = {name, prepare, write_ab, handler, check};

    filled = characters_before;
    zassert_true(sweep_run(&sweep) > 50);
}

ZTEST_SUITE(sweep_ring, NULL, NULL, NULL, NULL, NULL);

ZTEST(sweep_ring, D9_a_handler_writes_at_every_instruction_of_another)
{
    sweep_writing("ring: room for all", 0, write_xy);
    sweep_writing("ring: room for three", SIZE - 3, write_xy);
    sweep_writing("ring: no room", SIZE, write_xy);
    emptied = true;
    sweep_writing("ring: a mark is due", SIZE + 3, write_xy);
    emptied = false;
}

ZTEST(sweep_ring, D9_the_reader_comes_at_every_instruction_of_a_writer)
{
    sweep_writing("ring: read", 5, read_in_between);
    sweep_writing("ring: read, no room", SIZE, read_in_between);
    sweep_writing("ring: written and read", 5, write_and_read);
    sweep_writing("ring: written and read, losses before", SIZE + 3, write_and_read);
    emptied = true;
    sweep_writing("ring: written and read, a mark is due", SIZE + 3, write_and_read);
    emptied = false;
}

/* For some instructions what is published is older than what was read: nothing is there then. */
ZTEST(sweep_ring, D9_what_is_published_may_be_older_than_what_was_read)
{
    const char *piece;

    filled = 0;
    prepare();
    put_text("abc");
    read_all();
    ring.written = (uint16_t)(ring.written - 2);
    zassert_equal(char_ring_peek(&ring, &piece), 0);
}

/* A handler that faults does not return to whom it interrupted: what that one had reserved is let
 * through as zeros. */
ZTEST(sweep_ring, D9_abandoned_writers_do_not_keep_the_rest)
{
    const char *piece;

    filled = 0;
    prepare();
    put_text("ab");
    ring.writers = 1; /* one that has reserved, and no more */
    ring.state += 1 << 16;
    put_text("xy");
    read_all();
    zassert_equal(out_length, 2);
    char_ring_abandon_writers(&ring);
    zassert_equal(char_ring_peek(&ring, &piece), 3);
    zassert_mem_equal(piece, "\0xy", 3);
}
