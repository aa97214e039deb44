/* SPDX-License-Identifier: Apache-2.0 */
/* What a dma_config means to a PL081, or why it cannot be done. Touches no hardware. */
#pragma once

#include "dma_pl081.h"

/* As struct dma_driver_api says. */
int dma_pl081_shape(const struct device *dev, const struct dma_config *config, struct dma_job *job);
