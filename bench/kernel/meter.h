/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts executed instructions exactly. The image runs under QEMU's -icount shift=8: an instruction
 * takes 256 ns, of which CMSDK timer 0 counts 6.4 ticks, so each difference is a whole number of
 * instructions.
 *
 * A measurement begins in one thread or interrupt and may end in another: the times of the last
 * begin and the last end are global. What is counted: from the call (included) of a kernel
 * function, its arguments being in place, to the first instruction after the call that ends it.
 */
#pragma once

#include <zephyr/kernel.h>

typedef void (*meter_fn)(void);

/* Times, as the timer has them: it counts down. */
extern uint32_t meter_begin;
extern uint32_t meter_end;

/* What comes between the two times beside the operation. */
#define METER_CALL    2 /* meter_call: one read, one store */
#define METER_HANDLER 3 /* meter_handler: the same and a literal */

/* Starts the timer, and checks that calls of known length are measured exactly; halts if one is
 * not. Context: thread. */
void meter_init(void);

/* Calls fn(a, b, c, d) between the two times; returns what it returns. */
uintptr_t meter_call(meter_fn fn, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d);

/* Interrupt handler: takes the time, then goes to the function at *meter_handler_fn with
 * *meter_handler_arg. */
void meter_handler(void);
extern meter_fn meter_handler_fn;
extern void *meter_handler_arg;

/* Makes `line` pending between the two times: store, dsb, isb. */
void meter_pend(volatile uint32_t *place, uint32_t bit);

/* Instructions between the last begin and the last end, less `around`. */
uint32_t meter_count(uint32_t around);

/* One row of the table: samples of one operation. */
struct row {
    uint32_t count;
    uint32_t smallest;
    uint32_t largest;
    uint32_t sum;
};

void row_add(struct row *row, uint32_t sample);

/* Prints "name smallest mean*100 largest". */
void row_print(const char *name, const struct row *row);

/* Adds the last measurement, less `around`. */
static inline void row_measured(struct row *row, uint32_t around)
{
    row_add(row, meter_count(around));
}

/* Tells the tracer which row the following instructions belong to; returns the one before. */
const char *meter_mark(const char *name);
