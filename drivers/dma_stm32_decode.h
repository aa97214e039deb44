/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "dma_stm32.h"

/* Checks and translates a configuration. Fails iff: -EINVAL, -ENOTSUP as dma_config; *job is then
 * undefined. */
int dma_stm32_decode(const struct dma_stm32_config *controller, const struct dma_config *config,
                     struct dma_stm32_job *job);

/* Whether the job could run this block. 0 or -EINVAL. */
int dma_stm32_check_block(const struct dma_stm32_job *job, const struct dma_stm32_block *block);
