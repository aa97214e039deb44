/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a piece of code many times, each time with an interrupt after one more instruction, until
 * the code ends before the interrupt comes. Needs virtual time that counts instructions: the timer
 * ticks every 50 (mps2_an505) or 40 ns (mps2_an385), an instruction takes 64 ns, so every boundary
 * between two instructions is hit at least once.
 */
#pragma once

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

struct sweep {
    const char *name;
    void (*prepare)(void); /* before each point, not interrupted */
    void (*body)(void);    /* what is interrupted */
    void (*handler)(void); /* in the interrupt, once */
    void (*check)(void);   /* behind each point, not interrupted */
};

/* Runs `sweep`, prints how many points it had, and returns that. */
unsigned sweep_run(const struct sweep *sweep);

/* The current point and the interrupted instruction, for messages. */
unsigned sweep_point(void);
unsigned long sweep_pc(void);

/* Points of all sweeps so far. */
unsigned sweep_total(void);
