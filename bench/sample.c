/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "board.h"

#include <string.h>

void sample_clear(struct sample *sample)
{
    memset(sample, 0, sizeof(*sample));
}

void sample_add(struct sample *sample, uint32_t cost)
{
    if (cost >= SAMPLE_LIMIT) {
        board_fail("a call too long for the table of samples");
    }
    sample->count++;
    sample->sum += cost;
    sample->times[cost]++;
    if (cost > sample->max) {
        sample->max = cost;
    }
}

static uint32_t percentile(const struct sample *sample, uint32_t percent)
{
    uint32_t cost = 0;
    uint32_t seen = sample->times[0];

    while (seen * 100 < sample->count * percent) {
        seen += sample->times[++cost];
    }
    return cost;
}

void sample_report(const char *key, const struct sample *sample)
{
    REPORT(key, sample->count, sample->sum, percentile(sample, 50), percentile(sample, 99),
           sample->max);
}
