/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_pl081_decode.h"

/* Channel control register (DDI 0218, "Channel Control Registers"). */
#define CONTROL_SOURCE_BURST(b) ((uint32_t)(b) << 12)
#define CONTROL_DEST_BURST(b)   ((uint32_t)(b) << 15)
#define CONTROL_SOURCE_WIDTH(w) ((uint32_t)(w) << 18)
#define CONTROL_DEST_WIDTH(w)   ((uint32_t)(w) << 21)

static int decode_width(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    uint32_t bytes = config->source_data_size;

    /* The PL081 packs and unpacks; QEMU 7.2's model does it wrong. */
    if (config->dest_data_size != bytes) {
        return -ENOTSUP;
    }
    if (bytes != 1 && bytes != 2 && bytes != 4) {
        return -EINVAL;
    }
    wanted->width_shift = (uint8_t)(bytes / 2);
    return 0;
}

/* Burst codes: 1, 4, 8, 16 ... 256 accesses are 0, 1, 2 ... 7. */
static int decode_burst(uint32_t burst_bytes, uint8_t width_shift, uint32_t *code)
{
    uint32_t accesses = burst_bytes >> width_shift;

    *code = 0;
    if (accesses <= 1) {
        return 0;
    }
    if (accesses < 4 || accesses > 256 || !is_power_of_two(accesses)) {
        return -EINVAL;
    }
    *code = 30 - u32_count_leading_zeros(accesses);
    return 0;
}

static int decode_control(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    uint32_t source_burst;
    uint32_t dest_burst;
    int result = decode_width(config, wanted);

    if (result != 0 ||
        (result = decode_burst(config->source_burst_length, wanted->width_shift, &source_burst)) ||
        (result = decode_burst(config->dest_burst_length, wanted->width_shift, &dest_burst))) {
        return result;
    }
    wanted->control = CONTROL_SOURCE_BURST(source_burst) | CONTROL_DEST_BURST(dest_burst) |
                      CONTROL_SOURCE_WIDTH(wanted->width_shift) |
                      CONTROL_DEST_WIDTH(wanted->width_shift);
    return 0;
}

int dma_pl081_check_place(uintptr_t source, uintptr_t dest, uint32_t bytes, uint8_t width_shift)
{
    return bytes == 0 || ((source | dest | bytes) & BIT_MASK(width_shift)) != 0 ? -EINVAL : 0;
}

static int decode_block(const struct dma_block_config *from, uint8_t width_shift,
                        struct dma_pl081_block *block)
{
    if (from->source_addr_adj == DMA_ADDR_ADJ_DECREMENT ||
        from->dest_addr_adj == DMA_ADDR_ADJ_DECREMENT || from->source_gather_en ||
        from->dest_scatter_en || from->source_reload_en || from->dest_reload_en) {
        return -ENOTSUP;
    }
    *block = (struct dma_pl081_block){
        .source = from->source_address,
        .dest = from->dest_address,
        .bytes = from->block_size,
        .source_fixed = from->source_addr_adj == DMA_ADDR_ADJ_NO_CHANGE,
        .dest_fixed = from->dest_addr_adj == DMA_ADDR_ADJ_NO_CHANGE,
    };
    return dma_pl081_check_place(block->source, block->dest, block->bytes, width_shift);
}

static int decode_blocks(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    const struct dma_block_config *from = config->head_block;

    if (config->block_count == 0) {
        return -EINVAL;
    }
    if (config->block_count > DMA_PL081_MAX_BLOCKS) {
        return -ENOTSUP;
    }
    for (uint8_t i = 0; i < config->block_count; i++, from = from->next_block) {
        int result =
            from == NULL ? -EINVAL : decode_block(from, wanted->width_shift, &wanted->blocks[i]);

        if (result != 0) {
            return result;
        }
    }
    wanted->block_count = (uint8_t)config->block_count;
    return 0;
}

int dma_pl081_decode(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    int result;

    if (config->channel_direction != MEMORY_TO_MEMORY || config->cyclic ||
        config->half_complete_callback_en || config->source_chaining_en ||
        config->dest_chaining_en) {
        return -ENOTSUP;
    }
    wanted->callback = config->dma_callback;
    wanted->user_data = config->user_data;
    wanted->tell_blocks = config->complete_callback_en;
    wanted->tell_errors = !config->error_callback_dis;
    result = decode_control(config, wanted);
    return result != 0 ? result : decode_blocks(config, wanted);
}
