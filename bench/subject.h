/* SPDX-License-Identifier: Apache-2.0 */
/* The allocator under measurement; one image links one. Each call is metered: meter_cost. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Makes the `bytes` bytes at `mem` an empty heap, forgetting what was before. */
void subject_init(void *mem, size_t bytes);

void *subject_alloc(size_t bytes);
void subject_free(void *mem);
void *subject_aligned_alloc(size_t align, size_t bytes);

/* Cairn only. Content is not moved where bench/unmoved.c is linked. */
void *subject_realloc(void *mem, size_t bytes);
