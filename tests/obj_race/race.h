/* SPDX-License-Identifier: Apache-2.0 */
/*
 * On the PC: a scenario is run again and again, each time with an interrupt at another of the places
 * where the kernel unmasks interrupts, and with pairs of interrupts up to a distance.
 */
#pragma once

#include <errno.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 8

struct race {
    void (*run)(void); /* set up, scenario, check */
    void (*const *actions)(void);
    unsigned action_count;
    unsigned pair_distance;
};

/* The interrupts happen between these two, which `run` calls. */
void race_begin(void);
void race_end(void);

/* Prints what the interrupts of this run are, when a check fails. */
bool race_check(bool holds, const char *what);

/* Runs `race` undisturbed, with one interrupt at each place, and with two. */
void race_sweep(const struct race *race);

/* Interrupts for every scenario. */
void race_tick(void);
