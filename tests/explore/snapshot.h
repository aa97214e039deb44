/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program as it is at one moment, to go on from there again: its data, the used parts of its
 * stacks, the registers of whoever runs. What malloc gave is left alone, so that the explorer
 * remembers what it has seen.
 *
 * Of the data only those pages are copied to which anybody has ever written: the others are
 * protected against writing, and the fault of the first write counts them in.
 */
#pragma once

#include <stddef.h>
#include <ucontext.h>

struct snapshot {
    ucontext_t registers; /* of whoever is to go on; set by swapcontext */
    unsigned pages;
    size_t bytes;
    size_t room_bytes;
    char *copy;
};

/* Begins to count pages; later calls do nothing. All threads that take part exist. */
void snapshots_begin(void);

/* Copies everything but the registers. Context: on a stack from malloc. */
void snapshot_take(struct snapshot *snapshot);

/* Makes everything as it was and goes on there. Context: on a stack from malloc. */
void snapshot_resume(const struct snapshot *snapshot);

/* Goes on there when nothing has happened since. */
void snapshot_go_on(const struct snapshot *snapshot);

/* Goes to `to`, which has a stack from malloc; returns whenever somebody goes on at `moment`. */
void snapshot_leave(ucontext_t *moment, ucontext_t *to);

/* The first call there. */
void snapshot_arrive(void);
