/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random operations on one heap beside a model that knows every block and its content, and an
 * oracle that walks the chunks: is there a fit? Every answer of the heap must agree.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MODEL_LAWS 6

struct model_run {
    void *memory; /* at a multiple of 8 */
    size_t heap_bytes;
    uint32_t seed;
    unsigned law; /* of sizes, below MODEL_LAWS */
    unsigned target_percent;
    uint32_t operations;
    uint32_t validate_every; /* operations */
};

/* What happened; `missed` aligned requests were refused although some chunk had an aligned fit. */
struct model_result {
    uint32_t allocs;
    uint32_t refused;
    uint32_t reallocs;
    uint32_t aligned;
    uint32_t missed;
};

/* Returns NULL, or what went wrong. Adds to *result. */
const char *model_execute(const struct model_run *run, struct model_result *result);
