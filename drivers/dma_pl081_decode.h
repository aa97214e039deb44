/* SPDX-License-Identifier: Apache-2.0 */
/* What a dma_config means to a PL081, or why it cannot be done. Touches no hardware. */
#pragma once

#include "dma_pl081.h"

/* Fills in what `config` says about a channel. Fails iff: -EINVAL, -ENOTSUP as dma_config says. */
int dma_pl081_decode(const struct dma_config *config, struct dma_pl081_channel *wanted);

/* 0, or -EINVAL: no bytes, or an address or the size is no multiple of the access. */
int dma_pl081_check_place(uintptr_t source, uintptr_t dest, uint32_t bytes, uint8_t width_shift);
