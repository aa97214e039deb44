/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DMA controllers, in the shape of Zephyr's interface. A channel belongs to whoever requested it.
 *
 *            dma_config             dma_start                dma_suspend
 *   INIT ---------------> CONFIGURED ---------> RUNNING <--------------> SUSPENDED
 *                          ^ dma_stop, the end,    |       dma_resume        |
 *                          +- an error ------------+-------------------------+
 *
 * After dma_stop has returned, the callback is not called for what was stopped (D4); only a caller
 * more urgent than the controller's interrupt may find it under way. All functions may be called in
 * any context and from the callback, which runs in that interrupt.
 * Addresses are the core's; a memory out of the controller's reach is not detected here, but where
 * the hardware guards it (docs/drivers.md).
 */
#pragma once

#include "../lib/errno.h"
#include "device.h"

enum dma_channel_direction {
    MEMORY_TO_MEMORY,
    MEMORY_TO_PERIPHERAL,
    PERIPHERAL_TO_MEMORY,
    PERIPHERAL_TO_PERIPHERAL,
};

enum dma_addr_adj {
    DMA_ADDR_ADJ_INCREMENT,
    DMA_ADDR_ADJ_DECREMENT,
    DMA_ADDR_ADJ_NO_CHANGE,
};

/* Status of a callback; a negative errno says what went wrong. */
enum dma_callback_status {
    DMA_STATUS_COMPLETE = 0,      /* the whole list is done; the channel is CONFIGURED */
    DMA_STATUS_BLOCK = 1,         /* one block of several is done, with complete_callback_en */
    DMA_STATUS_HALF_COMPLETE = 2, /* half of a block is done, with half_complete_callback_en */
};

enum dma_channel_filter {
    DMA_CHANNEL_NORMAL,
    DMA_CHANNEL_PERIODIC,
};

enum dma_attribute_type {
    DMA_ATTR_BUFFER_ADDRESS_ALIGNMENT,
    DMA_ATTR_BUFFER_SIZE_ALIGNMENT,
    DMA_ATTR_COPY_ALIGNMENT,
    DMA_ATTR_MAX_BLOCK_COUNT,
};

/* One contiguous piece; block_size in bytes. */
struct dma_block_config {
    uintptr_t source_address;
    uintptr_t dest_address;
    uint32_t source_gather_interval;
    uint32_t dest_scatter_interval;
    uint16_t dest_scatter_count;
    uint16_t source_gather_count;
    uint32_t block_size;
    struct dma_block_config *next_block;
    uint16_t source_gather_en : 1;
    uint16_t dest_scatter_en : 1;
    uint16_t source_addr_adj : 2;
    uint16_t dest_addr_adj : 2;
    uint16_t source_reload_en : 1;
    uint16_t dest_reload_en : 1;
    uint16_t fifo_mode_control : 4;
    uint16_t flow_control_mode : 1;
};

typedef void (*dma_callback_t)(const struct device *dev, void *user_data, uint32_t channel,
                               int status);

struct dma_config {
    uint32_t dma_slot : 8;
    uint32_t channel_direction : 3;
    uint32_t complete_callback_en : 1;
    uint32_t error_callback_dis : 1;
    uint32_t half_complete_callback_en : 1;
    uint32_t source_handshake : 1;
    uint32_t dest_handshake : 1;
    uint32_t channel_priority : 4;
    uint32_t source_chaining_en : 1;
    uint32_t dest_chaining_en : 1;
    uint32_t linked_channel : 7;
    uint32_t cyclic : 1;
    uint32_t source_data_size : 16; /* bytes of one access */
    uint32_t dest_data_size : 16;
    uint32_t source_burst_length : 16; /* bytes */
    uint32_t dest_burst_length : 16;
    uint32_t block_count;
    struct dma_block_config *head_block; /* copied: need not outlive dma_config() */
    void *user_data;
    dma_callback_t dma_callback; /* NULL: nobody is told; dma_get_status says busy */
};

struct dma_status {
    bool busy;
    enum dma_channel_direction dir;
    uint32_t pending_length; /* bytes not moved yet */
    uint32_t free;           /* of a cyclic buffer */
    uint32_t write_position;
    uint32_t read_position;
    uint64_t total_copied; /* bytes moved since dma_start */
};

/*
 * Says what the channel shall do. Fails iff: -EINVAL no such channel, no block, sizes or addresses
 * that are no multiple of the access; -EBUSY running or suspended; -ENOTSUP the controller cannot
 * do that. After a failure the channel is as it was. Bound: linear in blocks.
 */
int dma_config(const struct device *dev, uint32_t channel, struct dma_config *config);

/*
 * Replaces the configured list by one block and keeps everything else. While a cyclic transfer of
 * two blocks runs: replaces the one that is not in use, if the controller can. Fails iff: -EINVAL
 * never configured, or as dma_config; -EBUSY running or suspended. Bound: constant.
 */
int dma_reload(const struct device *dev, uint32_t channel, uintptr_t src, uintptr_t dst,
               size_t size_bytes);

/* Starts the list from its beginning; 0 also when it runs. Fails iff: -EINVAL not configured, or
 * suspended. Bound: constant. */
int dma_start(const struct device *dev, uint32_t channel);

/* Stops at once; 0 also when nothing runs. Fails iff: -EINVAL no such channel; -ETIMEDOUT the
 * hardware does not let go, the channel is still RUNNING. Bound: a fixed count of looks. */
int dma_stop(const struct device *dev, uint32_t channel);

/* Makes the channel pause; 0 also when suspended. Fails iff: -EINVAL not running; -ENOSYS what runs
 * cannot be gone on with; -ETIMEDOUT as dma_stop. Bound: as dma_stop. */
int dma_suspend(const struct device *dev, uint32_t channel);

/* Lets it go on; 0 also when running. Fails iff: -EINVAL neither. Bound: constant. */
int dma_resume(const struct device *dev, uint32_t channel);

/* Fails iff: -EINVAL no such channel or never configured. Bound: linear in blocks. */
int dma_get_status(const struct device *dev, uint32_t channel, struct dma_status *status);

/* Stores the value of an enum dma_attribute_type. Fails iff: -EINVAL no such type. */
int dma_get_attribute(const struct device *dev, uint32_t type, uint32_t *value);

/* Takes a free channel and returns its number; filter_param: NULL, or a pointer to a uint32_t with
 * the number that it must have. Context: any. Fails iff: -EINVAL none. Bound: linear in them. */
int dma_request_channel(const struct device *dev, void *filter_param);

/* Gives the channel back, stopped. Context: any. */
void dma_release_channel(const struct device *dev, uint32_t channel);
