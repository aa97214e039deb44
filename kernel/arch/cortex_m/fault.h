/* SPDX-License-Identifier: Apache-2.0 */
/* A fault as fault_status.c reads it from the core and fault.c reports it. */
#pragma once

#include "stacked.h"

/* Registers of the core; all 0 where there are none (Armv6-M). */
struct fault_status {
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    uint32_t sfsr;
    uint32_t sfar;
};

struct arch_esf {
    const struct stacked *frame; /* NULL when stacking itself failed */
    uint32_t exc_return;
    uint32_t exception;
    struct fault_status status;
    bool isr_overflow;
};

/* Stores what the core says and clears it, so that the next fault is told apart. */
void fault_status_read(struct fault_status *status);

/* True when the core could not stack: what `frame` points at is not what failed. */
bool fault_status_nothing_stacked(const struct arch_esf *esf);

/* True when the bottom of the stack in use was touched; the running thread's or the interrupts'. */
bool fault_status_guard_hit(const struct fault_status *status, bool in_thread);

/* Prints the status in words. */
void fault_status_print(const struct fault_status *status);
