/* SPDX-License-Identifier: Apache-2.0 */
/* Sequences of calls that make one of them expensive: found by search.c, replayed by worst.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum call { CALL_ALLOC, CALL_FREE, CALL_ALIGNED, CALL_REALLOC };

/* What is measured; a refused call is a kind of its own. */
enum kind { ALLOC, REFUSAL, FREE, ALIGNED, ALIGNED_REFUSAL, REALLOC, REALLOC_REFUSAL, KINDS };
extern const char *const kind_names[KINDS];

/* A call on the block of a slot; one that makes no sense there (free of nothing) is left out. */
struct step {
    uint8_t call;
    uint8_t slot;
    uint16_t align;
    uint32_t bytes;
};

#define SLOTS     64u
#define STEPS_MAX 160u

struct sequence {
    uint32_t heap_bytes, count;
    struct step steps[STEPS_MAX];
};

/* The largest cost of each kind, and the step that had it. */
struct extremes {
    uint32_t cost[KINDS], step[KINDS];
};

/* Runs a sequence on a fresh heap. When `verifies`, blocks are filled and verified (anew after a
 * realloc, which moves nothing in this image), and a refused call must leave every byte of the heap
 * as it was. */
void sequence_run(const struct sequence *sequence, bool verifies, struct extremes *extremes);
