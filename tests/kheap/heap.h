/* SPDX-License-Identifier: Apache-2.0 */
/* The heap under test, and threads that wait on it. */
#pragma once

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define TEST_PRIORITY 5
#define HEAP_BYTES    1024

extern struct k_heap heap;
extern size_t capacity;

/* What a worker asks for, and what it got. Zero members: plain allocation, default alignment. */
struct wait {
    char letter; /* traced when the answer is a block, '~' when it is NULL */
    size_t bytes;
    size_t align;
    void *old; /* not NULL: realloc of this block */
    k_timeout_t timeout;
    bool answered;
    void *block;
    int64_t answered_tick;
};

/* An empty heap and preemptible priority; a `before` function. */
void heap_before(void *fixture);

/* Ends workers, checks the heap and that each wake-up was a grant; an `after` function. */
void heap_after(void *fixture);

/* Worker `index` asks for wait->bytes at `priority`. */
void wait_start(unsigned index, struct wait *wait, int priority);

/* Fills the heap with blocks of `bytes` bytes from its beginning; returns how many. The last one
 * takes what is left. */
unsigned fill(size_t bytes, void **blocks, unsigned max);

size_t allocated_bytes(void);
struct k_heap_wait_stats wait_stats(void);
