/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "board.h"
#include "meter.h"
#include "subject.h"

#include <string.h>

#define HEAP_BYTES_MAX (256u * 1024)

const char *const kind_names[KINDS] = {"alloc",           "refusal", "free",           "aligned",
                                       "aligned-refusal", "realloc", "realloc-refusal"};

static uint8_t memory[HEAP_BYTES_MAX] __attribute__((aligned(4096)));
static uint8_t before[HEAP_BYTES_MAX];

static struct slot {
    uint8_t *mem;
    uint32_t bytes;
} slots[SLOTS];

static void sign(const struct slot *slot, uint8_t byte)
{
    memset(slot->mem, byte, slot->bytes);
}

static void verify(const struct slot *slot, uint8_t byte)
{
    for (uint32_t i = 0; i < slot->bytes; i++) {
        if (slot->mem[i] != byte) {
            board_fail("a block whose content changed");
        }
    }
}

/* Makes the call; false when it makes no sense for the slot. */
static bool make(const struct step *step, struct slot *slot, enum kind *kind)
{
    uint8_t *mem = NULL;

    if ((slot->mem == NULL) != (step->call == CALL_ALLOC || step->call == CALL_ALIGNED)) {
        return false;
    }
    switch (step->call) {
    case CALL_ALLOC:
        mem = subject_alloc(step->bytes);
        *kind = mem != NULL ? ALLOC : REFUSAL;
        break;
    case CALL_ALIGNED:
        mem = subject_aligned_alloc(step->align, step->bytes);
        *kind = mem != NULL ? ALIGNED : ALIGNED_REFUSAL;
        break;
    case CALL_REALLOC:
        mem = subject_realloc(slot->mem, step->bytes);
        *kind = mem != NULL ? REALLOC : REALLOC_REFUSAL;
        break;
    default:
        subject_free(slot->mem);
        slot->mem = NULL;
        *kind = FREE;
        return true;
    }
    if (mem != NULL) {
        *slot = (struct slot){mem, step->bytes};
    }
    return true;
}

static bool refused(enum kind kind)
{
    return kind == REFUSAL || kind == ALIGNED_REFUSAL || kind == REALLOC_REFUSAL;
}

static void run_step(const struct sequence *sequence, uint32_t i, bool verifies,
                     struct extremes *extremes)
{
    const struct step *step = &sequence->steps[i];
    struct slot *slot = &slots[step->slot % SLOTS];
    enum kind kind;

    if (verifies && step->call == CALL_FREE && slot->mem != NULL) {
        verify(slot, step->slot);
    }
    if (verifies) {
        memcpy(before, memory, sequence->heap_bytes);
    }
    if (!make(step, slot, &kind)) {
        return;
    }
    if (meter_cost > extremes->cost[kind]) {
        extremes->cost[kind] = meter_cost;
        extremes->step[kind] = i;
    }
    if (verifies && refused(kind) && memcmp(before, memory, sequence->heap_bytes) != 0) {
        board_fail("a refused call changed the heap");
    }
    if (verifies && slot->mem != NULL) {
        sign(slot, step->slot);
    }
}

void sequence_run(const struct sequence *sequence, bool verifies, struct extremes *extremes)
{
    memset(extremes, 0, sizeof(*extremes));
    memset(slots, 0, sizeof(slots));
    if (verifies) {
        memset(memory, 0xA5, sequence->heap_bytes);
    }
    subject_init(memory, sequence->heap_bytes);
    for (uint32_t i = 0; i < sequence->count; i++) {
        run_step(sequence, i, verifies, extremes);
    }
}
