/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_stm32_decode.h"

#include "dma_stm32_regs.h"

/* A transfer as the controller sees it: one side is its peripheral port, the other its memory port.
 * From memory to memory the source is at the peripheral port (10.3.6). */
struct port {
    uint32_t bytes; /* of one access */
    uint32_t burst_bytes;
    uint8_t shift;      /* log2 of `bytes` */
    uint8_t burst_code; /* for PBURST or MBURST */
};

static int decode_port(uint32_t access_bytes, uint32_t burst_bytes, struct port *port)
{
    uint32_t accesses = access_bytes == 0 ? 0 : burst_bytes / access_bytes;

    if (access_bytes != 1 && access_bytes != 2 && access_bytes != 4) {
        return -EINVAL;
    }
    if (accesses > 1 && accesses != 4 && accesses != 8 && accesses != 16) {
        return -EINVAL;
    }
    *port = (struct port){
        .bytes = access_bytes,
        .burst_bytes = MAX(accesses, 1u) * access_bytes,
        .shift = (uint8_t)(access_bytes / 2),
        .burst_code = (uint8_t)(accesses > 1 ? 30 - u32_count_leading_zeros(accesses) : 0),
    };
    return 0;
}

/* 10.3.12, table "FIFO threshold configurations": the threshold is a multiple of a memory burst,
 * and no burst is longer than the FIFO. */
static int decode_fifo(const struct dma_config *config, const struct port *peripheral,
                       const struct port *memory, uint32_t *fifo_control)
{
    uint32_t quarters = config->head_block->fifo_mode_control;
    bool needed = config->channel_direction == MEMORY_TO_MEMORY ||
                  peripheral->bytes != memory->bytes || peripheral->burst_code != 0 ||
                  memory->burst_code != 0;

    *fifo_control = 0;
    if (quarters > 4) {
        return -EINVAL;
    }
    if (quarters == 0 && !needed) {
        return 0;
    }
    quarters = quarters == 0 ? 4 : quarters;
    if (quarters * DMA_FIFO_QUARTER_BYTES % memory->burst_bytes != 0 ||
        peripheral->burst_bytes > 4 * DMA_FIFO_QUARTER_BYTES) {
        return -EINVAL;
    }
    *fifo_control = DMA_SFCR_DMDIS | DMA_SFCR_FTH(quarters);
    return 0;
}

static uint32_t direction_code(enum dma_channel_direction direction)
{
    return direction == MEMORY_TO_MEMORY ? 2 : direction == MEMORY_TO_PERIPHERAL ? 1 : 0;
}

static bool source_is_memory_port(const struct dma_config *config)
{
    return config->channel_direction == MEMORY_TO_PERIPHERAL;
}

static int decode_control(const struct dma_config *config, struct dma_stm32_job *job)
{
    const struct dma_block_config *head = config->head_block;
    struct port source = {0};
    struct port dest = {0};
    bool memory_first = source_is_memory_port(config);
    const struct port *memory = memory_first ? &source : &dest;
    const struct port *peripheral = memory_first ? &dest : &source;
    uint32_t memory_adj = memory_first ? head->source_addr_adj : head->dest_addr_adj;
    uint32_t peripheral_adj = memory_first ? head->dest_addr_adj : head->source_addr_adj;
    int result = decode_port(config->source_data_size, config->source_burst_length, &source);

    if (result != 0 ||
        (result = decode_port(config->dest_data_size, config->dest_burst_length, &dest)) ||
        (result = decode_fifo(config, peripheral, memory, &job->fifo_control))) {
        return result;
    }
    job->width_shift = peripheral->shift;
    job->burst_bytes = (uint16_t)MAX(memory->burst_bytes, peripheral->bytes);
    job->control = DMA_SCR_DIR(direction_code(config->channel_direction)) |
                   DMA_SCR_CHSEL(config->dma_slot) | DMA_SCR_PL(config->channel_priority) |
                   DMA_SCR_PSIZE(peripheral->shift) | DMA_SCR_MSIZE(memory->shift) |
                   DMA_SCR_PBURST(peripheral->burst_code) | DMA_SCR_MBURST(memory->burst_code) |
                   (memory_adj == DMA_ADDR_ADJ_INCREMENT ? DMA_SCR_MINC : 0) |
                   (peripheral_adj == DMA_ADDR_ADJ_INCREMENT ? DMA_SCR_PINC : 0);
    return 0;
}

int dma_stm32_check_block(const struct dma_stm32_job *job, const struct dma_stm32_block *block)
{
    uint32_t item_mask = (UINT32_C(1) << job->width_shift) - 1;
    bool too_long = job->cyclic && block->bytes > DMA_STM32_PIECE_MAX << job->width_shift;

    return block->bytes == 0 || too_long || block->bytes % job->burst_bytes != 0 ||
                   block->memory % job->burst_bytes != 0 || (block->peripheral & item_mask) != 0
               ? -EINVAL
               : 0;
}

static bool same_steps(const struct dma_block_config *a, const struct dma_block_config *b)
{
    return a->source_addr_adj == b->source_addr_adj && a->dest_addr_adj == b->dest_addr_adj;
}

static int decode_block(const struct dma_config *config, const struct dma_block_config *from,
                        struct dma_stm32_job *job, struct dma_stm32_block *block)
{
    bool memory_first = source_is_memory_port(config);

    if (from->source_addr_adj == DMA_ADDR_ADJ_DECREMENT ||
        from->dest_addr_adj == DMA_ADDR_ADJ_DECREMENT || from->source_gather_en ||
        from->dest_scatter_en || from->source_reload_en || from->dest_reload_en ||
        from->flow_control_mode || !same_steps(from, config->head_block)) {
        return -ENOTSUP;
    }
    *block = (struct dma_stm32_block){
        .memory = (uint32_t)(memory_first ? from->source_address : from->dest_address),
        .peripheral = (uint32_t)(memory_first ? from->dest_address : from->source_address),
        .bytes = from->block_size,
    };
    return dma_stm32_check_block(job, block);
}

static int decode_blocks(const struct dma_config *config, struct dma_stm32_job *job)
{
    const struct dma_block_config *from = config->head_block;

    for (uint32_t i = 0; i < config->block_count; i++, from = from->next_block) {
        int result = from == NULL ? -EINVAL : decode_block(config, from, job, &job->blocks[i]);

        if (result != 0) {
            return result;
        }
    }
    job->block_count = (uint8_t)config->block_count;
    return 0;
}

/* 10.3.8 and 10.3.9. */
static int decode_cycle(struct dma_stm32_job *job)
{
    if (!job->cyclic) {
        return 0;
    }
    if (job->direction == MEMORY_TO_MEMORY || job->block_count > 2) {
        return -ENOTSUP;
    }
    if (job->block_count == 2 && (job->blocks[0].bytes != job->blocks[1].bytes ||
                                  job->blocks[0].peripheral != job->blocks[1].peripheral)) {
        return -ENOTSUP;
    }
    job->control |= DMA_SCR_CIRC | (job->block_count == 2 ? DMA_SCR_DBM : 0);
    return 0;
}

static int check_kind(const struct dma_stm32_config *controller, const struct dma_config *config)
{
    if (config->head_block == NULL || config->block_count == 0 || config->dma_slot > 7 ||
        config->channel_priority > 3) {
        return -EINVAL;
    }
    if (config->channel_direction > PERIPHERAL_TO_MEMORY || config->source_chaining_en ||
        config->dest_chaining_en || config->block_count > DMA_STM32_MAX_BLOCKS) {
        return -ENOTSUP;
    }
    return config->channel_direction == MEMORY_TO_MEMORY && !controller->copies_memory ? -ENOTSUP
                                                                                       : 0;
}

int dma_stm32_decode(const struct dma_stm32_config *controller, const struct dma_config *config,
                     struct dma_stm32_job *job)
{
    int result = check_kind(controller, config);

    *job = (struct dma_stm32_job){
        .direction = (enum dma_channel_direction)config->channel_direction,
        .cyclic = config->cyclic,
        .tell_blocks = config->complete_callback_en || config->cyclic,
        .tell_halves = config->half_complete_callback_en,
        .tell_errors = !config->error_callback_dis,
        .callback = config->dma_callback,
        .user_data = config->user_data,
    };
    if (result != 0 || (result = decode_control(config, job)) ||
        (result = decode_blocks(config, job))) {
        return result;
    }
    return decode_cycle(job);
}
