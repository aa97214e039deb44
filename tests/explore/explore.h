/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every order, on the PC. Up to four threads run short scripts on one kernel object. Wherever the
 * kernel unmasks interrupts, an interrupt may come that lets any of the most urgent ready threads
 * run next, lets time pass until the next deadline, or does one of the scenario's events (abort a
 * thread, give, free). The explorer tries all sequences of these choices, depth first (search.h); it
 * gives up a run that reaches a state that was seen before. A state is the kernel's and the object's data and, of each thread, the script's place,
 * the registers and the live part of its stack, so nothing that matters is left out of it.
 *
 * At each choice the whole kernel and the object are checked; a run ends when nothing can happen
 * any more, and then those that still wait must have a reason.
 */
#pragma once

#include <errno.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define EXPLORE_THREADS 4
#define EXPLORE_OPS     6
#define EXPLORE_EVENTS  3

/* One call. What the members mean is the model's matter; what == 0: the script is over. */
struct op {
    uint8_t what;
    uint8_t item;
    uint8_t ticks; /* how long it may wait; 0: not at all, WAIT_FOREVER */
};
#define WAIT_FOREVER UINT8_MAX

/* An event kills thread `item`, or is the model's. */
#define EVENT_ABORT UINT8_MAX

struct scenario {
    const char *name;
    int8_t priority[EXPLORE_THREADS];
    struct op scripts[EXPLORE_THREADS][EXPLORE_OPS + 1];
    struct op events[EXPLORE_EVENTS];
};

/* A kind of object. Functions that check return NULL or what is wrong. */
struct model {
    void (*set_up)(const struct scenario *scenario);
    void (*perform)(unsigned thread, const struct op *op); /* in the thread */
    void (*event)(const struct op *op);                    /* in an interrupt */
    void (*aborted)(unsigned thread, bool in_call);        /* thread is about to be aborted */
    const char *(*check)(void);                            /* in an interrupt */
    const char *(*check_end)(void);                        /* nothing happens any more */
    const char *(*clean_up)(void);                         /* all threads are dead */
    uint64_t (*hash)(uint64_t hash);                       /* of object and model */
};

struct exploration {
    const char *broken; /* NULL: nothing found */
    unsigned states;
    unsigned runs;
    bool complete; /* every state was reached */
};

/* Explores `scenario` until something is broken, all is seen, or `states_max` states are. Prints a
 * line. */
struct exploration explore(const struct model *model, const struct scenario *scenario,
                           unsigned states_max);

/* explore() with the configured budget; the test fails when something is broken or left out. */
void explore_all(const struct model *model, const struct scenario *scenario);

/* The same for what takes long, with CONFIG_EXPLORE_LARGE only. */
void explore_large(const struct model *model, const struct scenario *scenario);

/* explore() of a variant with a mistake: the test fails when it is not found. */
void explore_seeded(const struct model *model, const struct scenario *scenario);

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count);
uint64_t hash_number(uint64_t hash, uint64_t number);

/* The timeout that `op` says. */
k_timeout_t op_timeout(const struct op *op);

/* The thread at `index` while it is alive, and whether it is in a call of its script. */
bool player_is_alive(unsigned index);

/* What the thread waits in; NULL: nothing. */
const _wait_q_t *player_waits_in(unsigned index);

/* It waits, or has not run since its wait ended. */
bool player_is_in_a_wait(unsigned index);

/* The operation that it is in. */
const struct op *player_op(unsigned index);
