/* SPDX-License-Identifier: Apache-2.0 */
/* One run of a PL081 channel: as much of a block as the hardware takes at a time. Context of all:
 * locked. */
#pragma once

#include "dma_pl081.h"

/* What the controller has to say about a channel. */
struct dma_pl081_flags {
    bool complete;
    bool bus_error;
};

/* Starts the next piece of the present block and, if its interrupt matters, the watchdog. */
void dma_pl081_piece_start_locked(struct dma_pl081_channel *channel);

/* Adds the present piece to what is done; nothing is under way then. */
void dma_pl081_piece_account_locked(struct dma_pl081_channel *channel);

/* Bytes of the present piece that have been moved. */
uint32_t dma_pl081_piece_moved_locked(const struct dma_pl081_channel *channel);

/* Stops the hardware and accounts for what it has moved. */
void dma_pl081_piece_stop_locked(struct dma_pl081_channel *channel);

/* Lets the hardware pause and go on. */
void dma_pl081_piece_halt_locked(struct dma_pl081_channel *channel);
void dma_pl081_piece_go_on_locked(struct dma_pl081_channel *channel);

/* True while the hardware is at work on a piece, paused or not. */
bool dma_pl081_piece_is_active(const struct dma_pl081_channel *channel);

/* Reads and clears the interrupt flags of the channel. */
struct dma_pl081_flags dma_pl081_flags_take_locked(struct dma_pl081_channel *channel);

/* Enables the controller. */
void dma_pl081_controller_enable(const struct device *dev);
