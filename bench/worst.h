/* SPDX-License-Identifier: Apache-2.0 */
/* The sequences of bench/worst/ as a table; bench/worst.py writes it. */
#pragma once

#include "sequence.h"

extern const uint32_t worst_count;
extern const struct sequence worst_sequences[];
extern const char *const worst_names[];
