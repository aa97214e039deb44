/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks for the sequence of calls that makes one call most expensive: hill climbing from random and
 * from known sequences, on the measured instructions themselves. Arguments: kind=0.. (enum kind), seed=,
 * rounds=, heap=. Writes the best sequence in the format of bench/worst/.
 */
#include "board.h"
#include "meter.h"
#include "random.h"
#include "worst.h"

#include <string.h>

uint32_t random_state;

int main(void);

#define PATIENCE 4000u

static struct sequence best, climber, attempt;
static struct extremes extremes;

/* Bytes of all magnitudes, often near those of another step: chunks of equal or almost equal size
 * meet in one list. */
static uint32_t some_bytes(const struct sequence *sequence)
{
    static const int32_t near[] = {0, 0, 0, 8, -8, 16, -16, 64, -64, 256, -256, 1, -1, 248};
    uint32_t other = sequence->count > 0 ? sequence->steps[rnd() % sequence->count].bytes : 0;
    uint32_t limit = sequence->heap_bytes;

    if (other > 256 && rnd() % 2 == 0) {
        return other + (uint32_t)near[rnd() % (sizeof(near) / sizeof(near[0]))];
    }
    switch (rnd() % 4) {
    case 0:
        return 1 + rnd() % 256;
    case 1:
        return 1 + rnd() % (limit / 8);
    case 2:
        return 1 + (rnd() & ((1u << (3 + rnd() % 13)) - 1));
    default:
        return limit / 8 + rnd() % (limit / 8);
    }
}

static struct step some_step(const struct sequence *sequence, bool plain)
{
    uint32_t r = rnd() % 16;
    uint32_t call = r < 7             ? CALL_FREE
                    : plain || r < 13 ? CALL_ALLOC
                    : r < 14          ? CALL_ALIGNED
                                      : CALL_REALLOC;

    return (struct step){
        .call = (uint8_t)call,
        .slot = (uint8_t)(rnd() % SLOTS),
        .align = (uint16_t)(8u << rnd() % 8),
        .bytes = some_bytes(sequence),
    };
}

/* Where a climb begins: at what was found before, or at a heap cut into blocks, some of which are
 * then freed. */
static void plant(struct sequence *sequence, uint32_t heap_bytes)
{
    if (rnd() % 3 == 0) {
        *sequence = worst_sequences[rnd() % worst_count];
        sequence->heap_bytes = heap_bytes;
        return;
    }

    uint32_t blocks = 8 + rnd() % (SLOTS - 8);
    uint32_t frees = rnd() % blocks;

    sequence->heap_bytes = heap_bytes;
    sequence->count = 0;
    for (uint32_t i = 0; i < blocks; i++) {
        struct step step = {CALL_ALLOC, (uint8_t)i, 64, rnd() % 2 == 0 ? 8 : some_bytes(sequence)};

        sequence->steps[sequence->count++] = step;
    }
    for (uint32_t i = 0; i < frees; i++) {
        struct step step = {CALL_FREE, (uint8_t)(rnd() % blocks), 64, 0};

        sequence->steps[sequence->count++] = step;
    }
}

static void insert(struct sequence *sequence, uint32_t at, struct step step)
{
    if (sequence->count < STEPS_MAX) {
        memmove(&sequence->steps[at + 1], &sequence->steps[at],
                (sequence->count - at) * sizeof(struct step));
        sequence->steps[at] = step;
        sequence->count++;
    }
}

static void delete (struct sequence *sequence, uint32_t at)
{
    sequence->count--;
    memmove(&sequence->steps[at], &sequence->steps[at + 1],
            (sequence->count - at) * sizeof(struct step));
}

static void mutate(struct sequence *sequence, bool plain)
{
    for (uint32_t changes = 1 + rnd() % 4; changes > 0; changes--) {
        uint32_t at = rnd() % sequence->count;
        struct step *step = &sequence->steps[at];
        struct step old = *step;
        uint32_t other = rnd() % sequence->count;

        switch (rnd() % 8) {
        case 0:
            *step = some_step(sequence, plain);
            break;
        case 1:
        case 2:
            insert(sequence, at, some_step(sequence, plain));
            break;
        case 3:
            if (sequence->count > 2) {
                delete (sequence, at);
            }
            break;
        case 4:
            *step = sequence->steps[other];
            sequence->steps[other] = old;
            break;
        case 5:
            step->slot = (uint8_t)(rnd() % SLOTS);
            break;
        default:
            step->bytes = some_bytes(sequence);
            break;
        }
    }
}

static uint32_t cost_of(const struct sequence *sequence, enum kind kind)
{
    sequence_run(sequence, false, &extremes);
    return extremes.cost[kind];
}

/* Leaves out what the cost does not need. */
static void shorten(struct sequence *sequence, enum kind kind, uint32_t cost)
{
    cost_of(sequence, kind);
    sequence->count = extremes.step[kind] + 1;
    for (uint32_t at = sequence->count; at-- > 0;) {
        attempt = *sequence;
        delete (&attempt, at);
        if (attempt.count > 0 && cost_of(&attempt, kind) >= cost) {
            *sequence = attempt;
        }
    }
}

static void write(const struct sequence *sequence, enum kind kind, uint32_t cost)
{
    static const char *const names[] = {"a", "f", "A", "r"};

    board_write("# ");
    REPORT(kind_names[kind], cost);
    REPORT("heap", sequence->heap_bytes);
    for (uint32_t i = 0; i < sequence->count; i++) {
        const struct step *step = &sequence->steps[i];

        switch (step->call) {
        case CALL_FREE:
            REPORT(names[step->call], step->slot);
            break;
        case CALL_ALIGNED:
            REPORT(names[step->call], step->slot, step->bytes, step->align);
            break;
        default:
            REPORT(names[step->call], step->slot, step->bytes);
            break;
        }
    }
}

int main(void)
{
    enum kind kind = (enum kind)(board_number("kind", FREE) % KINDS);
    uint32_t rounds = board_number("rounds", 20000);
    uint32_t heap_bytes = board_number("heap", 65536);
    bool plain = kind <= FREE;
    uint32_t best_cost = 0, climber_cost = 0, idle = PATIENCE;

    random_state = board_number("seed", 1) * 0x9E3779B9u | 1;
    meter_init();
    for (uint32_t round = 0; round < rounds; round++) {
        if (idle++ == PATIENCE) {
            plant(&climber, heap_bytes);
            climber_cost = idle = 0;
        }
        attempt = climber;
        mutate(&attempt, plain);
        uint32_t cost = cost_of(&attempt, kind);

        if (cost >= climber_cost) {
            idle = cost > climber_cost ? 0 : idle;
            climber = attempt;
            climber_cost = cost;
        }
        if (cost > best_cost) {
            best = attempt;
            best_cost = cost;
        }
    }
    shorten(&best, kind, best_cost);
    write(&best, kind, best_cost);
    board_write("done\n");
    return 0;
}
