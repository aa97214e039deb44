/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of one kind of call: how many, their sum, percentiles and the largest. */
#pragma once

#include <stdint.h>

#define SAMPLE_LIMIT 65536u

struct sample {
    uint32_t count, sum, max;
    uint32_t times[SAMPLE_LIMIT]; /* how often each cost was seen */
};

void sample_clear(struct sample *sample);
void sample_add(struct sample *sample, uint32_t cost);

/* Reports "key count sum p50 p99 max"; a percentile is the smallest cost that at least so many per
 * cent of the samples do not exceed. */
void sample_report(const char *key, const struct sample *sample);
