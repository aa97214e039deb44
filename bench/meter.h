/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the instructions of one call, exactly: from the first of the function to its return, the
 * return included. The image runs under QEMU's -icount shift=8: each instruction takes 256 ns, of
 * which CMSDK timer 0 counts 6.4 ticks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef void (*meter_fn)(void);

/* Instructions of the last meter_call. */
extern uint32_t meter_cost;

/* While true, calls are measured in bytes of stack instead: meter_stack. */
extern bool meter_watches_stack;
extern uint32_t meter_stack;

/* Starts the timer and checks that calls of known length are measured exactly; ends the image if
 * one is not. */
void meter_init(void);

/* Calls fn(a, b, c), a function of up to three words, and returns what it leaves in r0. */
uintptr_t meter_call(meter_fn fn, uintptr_t a, uintptr_t b, uintptr_t c);
