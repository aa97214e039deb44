/* SPDX-License-Identifier: Apache-2.0 */
/* The heap under test, in a buffer with room around it, so that a check that reads too far does so
 * in known memory. */
#pragma once

#include <zephyr/sys/heap_walk.h>
#include <zephyr/sys/multi_heap.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

#define ARENA_BYTES 4096
#define UNIT        HEAP_UNIT_BYTES
#define HEADER      (HEAP_HEADER_BYTES + HEAP_TRAILER_BYTES)

extern struct sys_heap heap;
extern size_t capacity;

/* A `before` function: an empty heap on ARENA_BYTES bytes at a multiple of 64. */
void arena_before(void *fixture);

/* An `after` function: the heap is sound. */
void arena_after(void *fixture);

/* The buffer itself, for tests that make heaps of their own. */
uint8_t *arena(void);

/* A block that must exist, filled with its own letter. */
uint8_t *take(size_t bytes);

/* The most bytes that fit into `units` units. */
size_t bytes_in(size_t units);

/* Takes everything, in blocks of `bytes` bytes, then in what is left; frees with release_all. */
void fill_heap(size_t bytes);
void release_all(void);

/* Damages a header: a field of it, which is HEAP_LINK_BYTES long, and the flag of a chunk in use. */
void write_field(uint8_t *field, uint32_t value);
#define USED_FLAG (1u << (8 * HEAP_LINK_BYTES - 1))

/* Whether `bytes` bytes at `mem` hold `value`. */
bool holds(const uint8_t *mem, uint8_t value, size_t bytes);
