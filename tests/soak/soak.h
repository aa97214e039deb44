/* SPDX-License-Identifier: Apache-2.0 */
/* Players who do random things to one set of objects: threads, and the interrupt. */
#pragma once

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define PLAYERS   WORKER_COUNT
#define INTERRUPT PLAYERS /* the last player */
#define BLOCKS    3

struct block {
    unsigned char *mem;
    size_t bytes;
};

/* Each counts for itself, so that an interrupt in the middle of counting does no harm. */
struct player {
    uint32_t random;
    uint32_t operations;
    uint32_t given; /* units of the semaphore */
    uint32_t taken;
    uint32_t sent;
    uint32_t received;
    uint32_t last_seen[PLAYERS + 1]; /* by sender */
    struct block blocks[BLOCKS];
    size_t asks_bytes; /* of the heap, while it asks */
    bool in_call;      /* what it has is not known */
};

extern struct player players[PLAYERS + 1];

/* In this round threads are aborted, so what they had cannot be accounted for. */
extern bool deadly;

/* Set: threads end after their present operation. */
extern volatile bool round_over;

uint32_t random_below(struct player *player, uint32_t below);

/* Makes all objects new. */
void objects_init(void);

/* One random operation of a thread, which may wait, and of the interrupt, which does not. */
void play_in_thread(unsigned index);
void play_in_interrupt(void);

/* Gives back the blocks of a player that does not run. */
void forget_player(unsigned index);

/* NULL, or which rule does not hold for an object. Context: any. */
const char *objects_broken(void);

/* NULL, or what does not add up at the end of a round, after which nothing is used. */
const char *accounts_broken(void);
