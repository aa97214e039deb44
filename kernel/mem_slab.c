/* SPDX-License-Identifier: Apache-2.0 */
#include "mem_slab.h"

#include "../lib/assert.h"
#include "../lib/errno.h"
#include "irq.h"
#include "object.h"

/* On the stack of a waiter. */
struct slab_request {
    struct grant grant; /* first: undo gets it back */
    struct k_mem_slab *slab;
    void *block; /* what it was handed */
};

static void *take_locked(struct k_mem_slab *slab)
{
    void *block = slab->free_list;

    if (block != NULL) {
        slab->free_list = *(void **)block;
    } else if (slab->num_touched < slab->info.num_blocks) {
        block = slab->buffer + slab->num_touched++ * slab->info.block_size;
    } else {
        return NULL;
    }
    slab->info.num_used++;
    slab->info.max_used = MAX(slab->info.max_used, slab->info.num_used);
    return block;
}

static enum consequence give_back_locked(struct k_mem_slab *slab, void *block)
{
    struct k_thread *waiter = wait_queue_head_locked(&slab->wait_q);

    if (waiter != NULL) {
        ((struct slab_request *)(void *)waiter->request)->block = block;
        return unpend_locked(waiter, 0);
    }
    *(void **)block = slab->free_list;
    slab->free_list = block;
    slab->info.num_used--;
    return KEEP_RUNNING;
}

static void pass_block_on(struct grant *grant)
{
    struct slab_request *request = (struct slab_request *)(void *)grant;

    if (request->block != NULL) {
        superseded(give_back_locked(request->slab, request->block));
    }
}

int k_mem_slab_init(struct k_mem_slab *slab, void *buffer, size_t block_size, uint32_t num_blocks)
{
    if (block_size == 0 || ((block_size | (uintptr_t)buffer) & (sizeof(void *) - 1)) != 0) {
        return -EINVAL;
    }
    *slab = (struct k_mem_slab)Z_MEM_SLAB_INITIALIZER(*slab, buffer, block_size, num_blocks);
    return 0;
}

int k_mem_slab_alloc(struct k_mem_slab *slab, void **mem, k_timeout_t timeout)
{
    struct slab_request request = {{pass_block_on}, slab, NULL};
    unsigned key = irq_lock();
    int result = 0;

    *mem = take_locked(slab);
    if (*mem == NULL && !K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
        result = object_wait(key, &slab->wait_q, &request.grant, timeout);
        *mem = request.block;
        return result;
    }
    irq_unlock(key);
    return *mem == NULL ? -ENOMEM : 0;
}

static bool is_block(const struct k_mem_slab *slab, const void *mem)
{
    size_t offset = (uintptr_t)mem - (uintptr_t)slab->buffer;

    return offset < slab->num_touched * slab->info.block_size &&
           offset % slab->info.block_size == 0 && slab->info.num_used != 0;
}

void k_mem_slab_free(struct k_mem_slab *slab, void *mem)
{
    unsigned key = irq_lock();

    ASSERT(is_block(slab, mem), "O2 not a block in use of this slab", slab, mem);
    reschedule(give_back_locked(slab, mem), key);
}

int k_mem_slab_runtime_stats_get(struct k_mem_slab *slab, struct sys_memory_stats *stats)
{
    unsigned key;

    if (slab == NULL || stats == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    stats->allocated_bytes = slab->info.num_used * slab->info.block_size;
    stats->free_bytes = k_mem_slab_num_free_get(slab) * slab->info.block_size;
    stats->max_allocated_bytes = slab->info.max_used * slab->info.block_size;
    irq_unlock(key);
    return 0;
}

int k_mem_slab_runtime_stats_reset_max(struct k_mem_slab *slab)
{
    unsigned key;

    if (slab == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    slab->info.max_used = slab->info.num_used;
    irq_unlock(key);
    return 0;
}
