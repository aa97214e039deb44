/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of dma.h on one channel, for drivers/dma.c. Context: locked. Fails iff: as there. */
#pragma once

#include "dma_channel.h"

int dma_configure_locked(struct dma_channel *channel, const struct dma_job *job);
int dma_reload_locked(struct dma_channel *channel, uintptr_t src, uintptr_t dst, size_t size_bytes);
int dma_start_locked(struct dma_channel *channel);
int dma_stop_locked(struct dma_channel *channel);
int dma_suspend_locked(struct dma_channel *channel);
int dma_resume_locked(struct dma_channel *channel);
int dma_status_locked(struct dma_channel *channel, struct dma_status *status);
