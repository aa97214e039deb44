/* SPDX-License-Identifier: Apache-2.0 */
#include "char_ring.h"

#include <string.h>

#include "../kernel/printk.h"

#define LOST_MAX UINT16_MAX

static uint16_t end_of(atomic_val_t state)
{
    return (uint16_t)((uint32_t)state >> 16);
}

static uint16_t lost_of(atomic_val_t state)
{
    return (uint16_t)state;
}

static atomic_val_t state_of(uint32_t end, uint32_t lost)
{
    return (atomic_val_t)((end & UINT16_MAX) << 16 | lost);
}

void char_ring_init(struct char_ring *ring, char *bytes, uint32_t size)
{
    *ring = (struct char_ring){.bytes = bytes, .mask = size - 1};
    memset(bytes, 0, size);
}

static size_t room_before(const struct char_ring *ring, uint16_t end)
{
    return ring->mask + 1 - (uint16_t)(end - ring->first);
}

/* All or nothing; on success `state` becomes what it is behind them. */
static bool reserve(struct char_ring *ring, atomic_val_t state, size_t count)
{
    return room_before(ring, end_of(state)) >= count &&
           atomic_cas(&ring->state, state, state_of(end_of(state) + (uint32_t)count, 0));
}

static bool count_as_lost(struct char_ring *ring, atomic_val_t state)
{
    if (lost_of(state) == LOST_MAX) {
        (void)atomic_inc(&ring->overflow);
        return true;
    }
    return atomic_cas(&ring->state, state, state + 1);
}

static void store(struct char_ring *ring, uint16_t at, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ring->bytes[(at + i) & ring->mask] = text[i];
    }
}

/* Between the look at the end and the store a handler may have published more than that. */
static void publish(struct char_ring *ring)
{
    uint16_t end;

    do {
        end = end_of(atomic_get(&ring->state));
        ring->written = end;
    } while (end_of(atomic_get(&ring->state)) != end);
}

static void leave(struct char_ring *ring)
{
    if (atomic_dec(&ring->writers) == 1) {
        publish(ring);
    }
}

/* Writes "[17 lost]" and the character as one. The exchange makes sure that nobody else told of
 * these, and that nothing came between. */
static bool put_with_mark(struct char_ring *ring, atomic_val_t state, char character)
{
    char text[CHAR_RING_MARK_BYTES + 1];
    atomic_val_t overflow = atomic_get(&ring->overflow);
    size_t count = (size_t)snprintk(text, sizeof(text), "[%lu lost]",
                                    (unsigned long)(lost_of(state) + (uint32_t)overflow));

    text[count] = character;
    if (!reserve(ring, state, count + 1)) {
        return false;
    }
    (void)atomic_sub(&ring->overflow, overflow);
    store(ring, end_of(state), text, count + 1);
    return true;
}

static bool put_at(struct char_ring *ring, atomic_val_t state, char character)
{
    if (lost_of(state) != 0) {
        return put_with_mark(ring, state, character);
    }
    if (!reserve(ring, state, 1)) {
        return false;
    }
    store(ring, end_of(state), &character, 1);
    return true;
}

bool char_ring_put(struct char_ring *ring, char character)
{
    bool stored;
    bool lost;

    (void)atomic_inc(&ring->writers);
    do {
        atomic_val_t state = atomic_get(&ring->state);
        size_t wanted = lost_of(state) == 0 ? 1 : CHAR_RING_MARK_BYTES;
        bool fits = room_before(ring, end_of(state)) >= wanted;

        stored = fits && put_at(ring, state, character);
        lost = !fits && count_as_lost(ring, state);
    } while (!stored && !lost);
    leave(ring);
    return stored;
}

/* What lies behind `first` up to `written`; the latter may be older for a moment. */
static size_t readable(const struct char_ring *ring)
{
    int16_t count = (int16_t)(uint16_t)(ring->written - ring->first);

    return count > 0 ? (size_t)count : 0;
}

size_t char_ring_peek(const struct char_ring *ring, const char **bytes)
{
    size_t begin = ring->first & ring->mask;

    *bytes = ring->bytes + begin;
    return MIN(readable(ring), ring->mask + 1 - begin);
}

void char_ring_take(struct char_ring *ring, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ring->bytes[(ring->first + i) & ring->mask] = '\0';
    }
    /* The compiler must not write the zeros later, over what a writer has put there. */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    ring->first = (uint16_t)(ring->first + count);
}

void char_ring_abandon_writers(struct char_ring *ring)
{
    publish(ring);
}

size_t char_ring_count(const struct char_ring *ring)
{
    return (uint16_t)(end_of(atomic_get(&ring->state)) - ring->first);
}

uint32_t char_ring_lost(const struct char_ring *ring)
{
    return lost_of(atomic_get(&ring->state)) + (uint32_t)atomic_get(&ring->overflow);
}
