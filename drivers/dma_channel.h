/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between drivers/dma.c, which has the lock, the states, the list of blocks, the time limit and the
 * callback, and the driver of a controller, which has the registers. A block goes in pieces: as
 * much of it as the hardware counts at a time. The driver starts and stops a piece and says what
 * has become of it.
 */
#pragma once

#include "../kernel/timeout.h"
#include "dma.h"

#define DMA_MAX_BLOCKS 4

enum dma_state {
    DMA_INIT,
    DMA_CONFIGURED,
    DMA_RUNNING,
    DMA_SUSPENDED,
};

struct dma_block {
    uintptr_t source;
    uintptr_t dest;
    uint32_t bytes;
    bool source_fixed;
    bool dest_fixed;
};

/* What dma_config asks for. */
struct dma_job {
    dma_callback_t callback;
    void *user_data;
    enum dma_channel_direction direction;
    bool cyclic;
    bool tell_blocks;
    bool tell_halves;
    bool tell_errors;
    uint8_t block_count;
    struct dma_block blocks[DMA_MAX_BLOCKS];

    /* The driver's `shape` fills in the rest. Masks: a multiple of a power of two, less one. */
    uint32_t source_mask;
    uint32_t dest_mask;
    uint32_t size_mask;
    uint32_t piece_max_bytes; /* a multiple of what size_mask says */
    bool may_pause;           /* a piece that was stopped anywhere can be gone on with */
    bool may_poll;            /* is_active_locked is there */
    uint8_t width_shift;      /* log2 of the bytes of one access, as the hardware counts them */
    uint32_t control;         /* registers, as the driver likes */
    uint32_t fifo_control;
};

/* All members are protected by the interrupt lock. */
struct dma_channel {
    const struct device *dev; /* this and the number are constant from the initialisation on */
    uint8_t number;
    enum dma_state state;
    struct dma_job job;
    uint8_t block;        /* the present one */
    uint32_t done_bytes;  /* of it, in pieces that are over */
    uint32_t piece_bytes; /* under way; 0: none */
    uint64_t total_bytes; /* of pieces that are over, since the start */
    bool polled;          /* nobody is to hear of the end: it is found when somebody looks */
    bool owed;            /* the end of the piece came while it was being suspended */
    bool stuck;
    struct timeout watchdog;
};

/* What the hardware has to say about a channel: bits. */
#define DMA_EVENT_HALF     BIT(0)
#define DMA_EVENT_COMPLETE BIT(1)
#define DMA_EVENT_ERROR    BIT(2)

/* The driver. Context of *_locked: locked. */
struct dma_driver_api {
    /* Makes of `config` the driver's part of *job, whose first part is there. Touches no hardware.
     * Fails iff: -EINVAL, -ENOTSUP as dma_config says. */
    int (*shape)(const struct device *dev, const struct dma_config *config, struct dma_job *job);

    /* Clears old flags and starts channel->piece_bytes bytes of the present block, with an
     * interrupt at the end unless channel->polled. */
    void (*start_locked)(struct dma_channel *channel, uintptr_t source, uintptr_t dest);

    /* Stops the hardware, which then makes no interrupt. Nothing runs: nothing happens. Fails iff:
     * -ETIMEDOUT it does not stop. Bound: a fixed count of looks. */
    int (*stop_locked)(struct dma_channel *channel);

    /* Bytes of the present piece that have not been moved. */
    uint32_t (*left_locked)(const struct dma_channel *channel);

    /* Reads and clears the flags. */
    uint32_t (*events_take_locked)(struct dma_channel *channel);

    /* Whether the hardware is at work on a piece. NULL: without job.may_poll. */
    bool (*is_active_locked)(const struct dma_channel *channel);

    /* Has the channel's interrupt run. */
    void (*wake)(const struct dma_channel *channel);

    /* What a running cyclic transfer of two blocks shall use instead of the one that is not in use.
     * NULL: without cyclic jobs. Fails iff: -EINVAL it does not fit to the other one. */
    int (*swap_locked)(struct dma_channel *channel, uintptr_t source, uintptr_t dest,
                       uint32_t bytes);
};

/* First member of the data of every driver. */
struct dma_context {
    struct dma_channel *channels;
    uint32_t channel_count;
    uint32_t taken; /* bit n: channel n has an owner; protected by the interrupt lock */
};

/* Makes `count` channels, which are all zero, those of `dev`. Context: the driver's init. */
void dma_context_init(const struct device *dev, struct dma_channel *channels, uint32_t count);

/* Context: the channel's interrupt, not nested. Ends or continues what has come to an end, and
 * tells. Bound: the callback's and a constant. */
void dma_channel_serve(struct dma_channel *channel);

/* Checks and translates a configuration, with the driver's help. Fails iff: -EINVAL, -ENOTSUP as
 * dma_config says; *job is then undefined. Context: any. */
int dma_job_decode(const struct device *dev, const struct dma_config *config, struct dma_job *job);

/* Whether the job could run such a block. */
static inline bool dma_job_takes(const struct dma_job *job, uintptr_t source, uintptr_t dest,
                                 uint32_t bytes)
{
    return bytes != 0 && (!job->cyclic || bytes <= job->piece_max_bytes) &&
           ((bytes & job->size_mask) | (source & job->source_mask) | (dest & job->dest_mask)) == 0;
}
