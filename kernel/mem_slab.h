/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of one size. A block that is freed while threads wait goes straight to the first of them;
 * blocks that were never used are taken from the buffer one after the other, so a slab is ready
 * without any walk over it. A block handed to a thread that died before it saw it goes on.
 */
#pragma once

#include "../heap/mem_stats.h"
#include "thread.h"

struct k_mem_slab_info {
    uint32_t num_blocks;
    size_t block_size; /* bytes */
    uint32_t num_used;
    uint32_t max_used;
};

/* All members are protected by the interrupt lock. */
struct k_mem_slab {
    _wait_q_t wait_q;
    char *buffer;
    void *free_list;      /* blocks that came back, linked through their first word */
    uint32_t num_touched; /* blocks of the buffer that have been used at least once */
    struct k_mem_slab_info info;
};

#define Z_MEM_SLAB_INITIALIZER(slab, slab_buffer, slab_block_size, slab_num_blocks)                \
    {                                                                                              \
        .wait_q = Z_WAIT_Q_INIT(&(slab).wait_q), .buffer = (slab_buffer),                          \
        .info = {.num_blocks = (slab_num_blocks), .block_size = (slab_block_size)},                \
    }

/* Block sizes are rounded up to whole words. */
#define Z_MEM_SLAB_BLOCK(bytes) ROUND_UP(bytes, sizeof(void *))

/* Defines slab `name` of `num_blocks` blocks of at least `block_size` bytes, the first one at a
 * multiple of `align` bytes. */
#define K_MEM_SLAB_DEFINE(name, block_size, num_blocks, align)                                     \
    static char name##_buffer[(num_blocks)*Z_MEM_SLAB_BLOCK(block_size)] __noinit __aligned(       \
        MAX((align), sizeof(void *)));                                                             \
    struct k_mem_slab name =                                                                       \
        Z_MEM_SLAB_INITIALIZER(name, name##_buffer, Z_MEM_SLAB_BLOCK(block_size), num_blocks)
#define K_MEM_SLAB_DEFINE_STATIC(name, block_size, num_blocks, align)                              \
    static char name##_buffer[(num_blocks)*Z_MEM_SLAB_BLOCK(block_size)] __noinit __aligned(       \
        MAX((align), sizeof(void *)));                                                             \
    static struct k_mem_slab name =                                                                \
        Z_MEM_SLAB_INITIALIZER(name, name##_buffer, Z_MEM_SLAB_BLOCK(block_size), num_blocks)

/*
 * Makes `slab` num_blocks free blocks of block_size bytes at `buffer`. Returns 0.
 * Context: any; nobody may use it. Fails iff: -EINVAL buffer or block_size is not a multiple of the
 * pointer size, or block_size is 0. Bound: constant.
 */
int k_mem_slab_init(struct k_mem_slab *slab, void *buffer, size_t block_size, uint32_t num_blocks);

/*
 * Stores a block, content undefined, in *mem; waits for one until `timeout`. Returns 0.
 * Context: thread; ISR and before the scheduler with K_NO_WAIT. Fails iff: -ENOMEM none is free and
 * K_NO_WAIT, -EAGAIN none until the deadline; *mem is NULL then. Bound: constant without waiting.
 */
int k_mem_slab_alloc(struct k_mem_slab *slab, void **mem, k_timeout_t timeout);

/*
 * Gives the block back: to the first waiter, else to the free ones.
 * Context: any. Fails iff: `mem` is not a block of the slab, or none is in use (halts with O2).
 * Bound: constant.
 */
void k_mem_slab_free(struct k_mem_slab *slab, void *mem);

/* Bytes in free and used blocks and the peak of the latter. 0, or -EINVAL for NULL. Context: any.
 */
int k_mem_slab_runtime_stats_get(struct k_mem_slab *slab, struct sys_memory_stats *stats);

/* The peak becomes what is used now. 0, or -EINVAL for NULL. Context: any. */
int k_mem_slab_runtime_stats_reset_max(struct k_mem_slab *slab);

/* Context of all: any. Bound: constant. */
static inline uint32_t k_mem_slab_num_used_get(const struct k_mem_slab *slab)
{
    return slab->info.num_used;
}

static inline uint32_t k_mem_slab_max_used_get(const struct k_mem_slab *slab)
{
    return slab->info.max_used;
}

static inline uint32_t k_mem_slab_num_free_get(const struct k_mem_slab *slab)
{
    return slab->info.num_blocks - slab->info.num_used;
}
