/* SPDX-License-Identifier: Apache-2.0 */
/* What failed, for arch_coredump(). */
#pragma once

#include "../../../lib/util.h"

struct stacked;

/* The rest of a fault's handling, when the registers that the core does not stack are safe. */
void fault_report_saved(const struct stacked *frame, uint32_t exc_return);

/*
 * Notes that arch_coredump is about a fault, whose registers the core has stacked at `frame`; NULL:
 * it is about its caller again. Context: fault handler.
 */
void coredump_note_fault(const struct stacked *frame, uint32_t exc_return);
