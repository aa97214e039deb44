/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts the input into lines and makes each a message, waiting for memory when there is none. */
#pragma once

#include "message.h"

struct reader_result {
    uint32_t lines;
    uint32_t skipped; /* of them, longer than LINE_MAX_BYTES */
    uint64_t bytes;
    uint64_t waited_ms; /* for memory, in all */
    uint64_t longest_wait_ms;
};

/* Serves the input to its end. 0, or a negative errno. Context: the reader's thread. */
int reader_run(struct reader_result *result);
