/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_channel.h"

static const struct dma_driver_api *api_of(const struct device *dev)
{
    return dev->api;
}

/* No controller here counts addresses down, leaves gaps or lets a peripheral end a transfer. */
static int decode_block(const struct dma_block_config *from, struct dma_block *block)
{
    if (from->source_addr_adj == DMA_ADDR_ADJ_DECREMENT ||
        from->dest_addr_adj == DMA_ADDR_ADJ_DECREMENT || from->source_gather_en ||
        from->dest_scatter_en || from->source_reload_en || from->dest_reload_en ||
        from->flow_control_mode) {
        return -ENOTSUP;
    }
    *block = (struct dma_block){
        .source = from->source_address,
        .dest = from->dest_address,
        .bytes = from->block_size,
        .source_fixed = from->source_addr_adj == DMA_ADDR_ADJ_NO_CHANGE,
        .dest_fixed = from->dest_addr_adj == DMA_ADDR_ADJ_NO_CHANGE,
    };
    return 0;
}

static int decode_blocks(const struct dma_config *config, struct dma_job *job)
{
    const struct dma_block_config *from = config->head_block;

    for (uint32_t i = 0; i < config->block_count; i++, from = from->next_block) {
        int result = from == NULL ? -EINVAL : decode_block(from, &job->blocks[i]);

        if (result != 0) {
            return result;
        }
    }
    return 0;
}

static int check_blocks(const struct dma_job *job)
{
    for (unsigned i = 0; i < job->block_count; i++) {
        const struct dma_block *block = &job->blocks[i];

        if (!dma_job_takes(job, block->source, block->dest, block->bytes)) {
            return -EINVAL;
        }
    }
    return 0;
}

int dma_job_decode(const struct device *dev, const struct dma_config *config, struct dma_job *job)
{
    int result;

    if (config->block_count == 0 || config->head_block == NULL) {
        return -EINVAL;
    }
    if (config->block_count > DMA_MAX_BLOCKS || config->source_chaining_en ||
        config->dest_chaining_en) {
        return -ENOTSUP;
    }
    *job = (struct dma_job){
        .callback = config->dma_callback,
        .user_data = config->user_data,
        .direction = (enum dma_channel_direction)config->channel_direction,
        .cyclic = config->cyclic,
        .tell_blocks = config->complete_callback_en || config->cyclic,
        .tell_halves = config->half_complete_callback_en,
        .tell_errors = !config->error_callback_dis,
        .block_count = (uint8_t)config->block_count,
    };
    if ((result = decode_blocks(config, job)) || (result = api_of(dev)->shape(dev, config, job))) {
        return result;
    }
    return check_blocks(job);
}
