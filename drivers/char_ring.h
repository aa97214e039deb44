/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters from interrupt handlers, which may interrupt each other, to one reader, without a
 * lock. A writer reserves its place with one atomic exchange, writes, and leaves; as handlers nest,
 * when the outermost of them leaves everything that was reserved has been written, and it publishes
 * that. Threads do not nest: they write one at a time and keep handlers that write away meanwhile,
 * which is what the interrupt lock does.
 *
 * What does not fit is counted, and the next character that fits is preceded by "[17 lost]".
 */
#pragma once

#include "../lib/atomic.h"

/* "[4294967295 lost]" */
#define CHAR_RING_MARK_BYTES 18u

/* Positions count on and on in 16 bits; a difference of two must have a sign. */
#define CHAR_RING_MAX_BYTES 16384u

struct char_ring {
    char *bytes;
    uint32_t mask;     /* size less one */
    atomic_t state;    /* where the next writer begins << 16 | lost since the last mark, at most */
    atomic_t overflow; /* what was lost beyond what fits there */
    atomic_t writers;  /* at work */
    volatile uint16_t written; /* what may be read ends here */
    volatile uint16_t first;   /* and begins here */
};

/* `bytes` has room for `size` characters: a power of two up to CHAR_RING_MAX_BYTES. Context: one
 * that is alone. */
void char_ring_init(struct char_ring *ring, char *bytes, uint32_t size);

/* Stores a character, or counts it as lost and returns false. Context: any interrupt, or a thread
 * that holds the interrupt lock. Bound: constant, and once more for each interrupt that writes. */
bool char_ring_put(struct char_ring *ring, char character);

/* How many characters lie in one piece at *bytes, the oldest first. Context: one reader at a
 * time. Bound: constant. */
size_t char_ring_peek(const struct char_ring *ring, const char **bytes);

/* The reader needs the oldest `count` no more. Bound: linear in them. */
void char_ring_take(struct char_ring *ring, size_t count);

/* Lets the reader have what writers have left that will never go on, zeros for what they have not
 * written. Context: one that does not return to them. */
void char_ring_abandon_writers(struct char_ring *ring);

/* Characters in it, and lost since the last mark. Context: any. */
size_t char_ring_count(const struct char_ring *ring);
uint32_t char_ring_lost(const struct char_ring *ring);
