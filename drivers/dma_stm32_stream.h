/* SPDX-License-Identifier: Apache-2.0 */
/* One run of a stream: as much of a block as the hardware counts, or all of a cyclic job. Context
 * of all: locked. */
#pragma once

#include "dma_stm32.h"

/* Starts the next piece of the present block, in the order of 10.3.17. */
void dma_stm32_stream_start_locked(struct dma_stm32_channel *channel);

/* Stops the stream, which then has no interrupt, and adds what it has moved to what is done. Fails
 * iff: -ETIMEDOUT it does not stop; nothing is accounted. Bound: a fixed count of looks. */
int dma_stm32_stream_stop_locked(struct dma_stm32_channel *channel);

/* Adds the present piece, which is complete, to what is done. */
void dma_stm32_stream_account_locked(struct dma_stm32_channel *channel);

/* Bytes of the present piece that have been moved. */
uint32_t dma_stm32_stream_moved_locked(const struct dma_stm32_channel *channel);

/* Reads and clears the flags of the stream. */
uint32_t dma_stm32_stream_flags_take_locked(struct dma_stm32_channel *channel);

/* Gives a running double buffer the address that it uses after the present one. */
void dma_stm32_stream_set_next_locked(struct dma_stm32_channel *channel, uint32_t memory);
