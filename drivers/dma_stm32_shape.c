/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_stm32_shape.h"

#include "dma_stm32_regs.h"

/* A transfer as the controller sees it: one side is its peripheral port, the other its memory
 * port. */
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

static int shape_control(const struct dma_config *config, struct dma_job *job)
{
    const struct dma_block *head = &job->blocks[0];
    struct port source = {0};
    struct port dest = {0};
    bool memory_first = job->direction == MEMORY_TO_PERIPHERAL;
    const struct port *memory = memory_first ? &source : &dest;
    const struct port *peripheral = memory_first ? &dest : &source;
    bool memory_fixed = memory_first ? head->source_fixed : head->dest_fixed;
    bool peripheral_fixed = memory_first ? head->dest_fixed : head->source_fixed;
    int result = decode_port(config->source_data_size, config->source_burst_length, &source);
    uint32_t memory_mask;

    if (result != 0 ||
        (result = decode_port(config->dest_data_size, config->dest_burst_length, &dest)) ||
        (result = decode_fifo(config, peripheral, memory, &job->fifo_control))) {
        return result;
    }
    memory_mask = MAX(memory->burst_bytes, peripheral->bytes) - 1;
    job->source_mask = memory_first ? memory_mask : peripheral->bytes - 1;
    job->dest_mask = memory_first ? peripheral->bytes - 1 : memory_mask;
    job->size_mask = memory_mask;
    job->width_shift = peripheral->shift;
    job->control = DMA_SCR_DIR(direction_code(job->direction)) | DMA_SCR_CHSEL(config->dma_slot) |
                   DMA_SCR_PL(config->channel_priority) | DMA_SCR_PSIZE(peripheral->shift) |
                   DMA_SCR_MSIZE(memory->shift) | DMA_SCR_PBURST(peripheral->burst_code) |
                   DMA_SCR_MBURST(memory->burst_code) | (memory_fixed ? 0 : DMA_SCR_MINC) |
                   (peripheral_fixed ? 0 : DMA_SCR_PINC);
    return 0;
}

/* How addresses step is in the control register, once for all blocks. */
static bool blocks_step_alike(const struct dma_job *job)
{
    for (unsigned i = 1; i < job->block_count; i++) {
        if (job->blocks[i].source_fixed != job->blocks[0].source_fixed ||
            job->blocks[i].dest_fixed != job->blocks[0].dest_fixed) {
            return false;
        }
    }
    return true;
}

/* 10.3.8 and 10.3.9. */
static int shape_cycle(struct dma_job *job)
{
    uintptr_t first = dma_stm32_peripheral_of(job, &job->blocks[0]);

    if (!job->cyclic) {
        return 0;
    }
    if (job->direction == MEMORY_TO_MEMORY || job->block_count > 2) {
        return -ENOTSUP;
    }
    if (job->block_count == 2 && (job->blocks[0].bytes != job->blocks[1].bytes ||
                                  dma_stm32_peripheral_of(job, &job->blocks[1]) != first)) {
        return -ENOTSUP;
    }
    job->control |= DMA_SCR_CIRC;
    return 0;
}

int dma_stm32_shape(const struct device *dev, const struct dma_config *config, struct dma_job *job)
{
    const struct dma_stm32_config *controller = dev->config;
    int result;

    if (config->dma_slot > 7 || config->channel_priority > 3) {
        return -EINVAL;
    }
    if (job->direction > PERIPHERAL_TO_MEMORY || !blocks_step_alike(job) ||
        (job->direction == MEMORY_TO_MEMORY && !controller->copies_memory)) {
        return -ENOTSUP;
    }
    if ((result = shape_control(config, job)) || (result = shape_cycle(job))) {
        return result;
    }
    job->piece_max_bytes = DMA_STM32_PIECE_MAX << job->width_shift;
    /* The hardware starts a cycle from its beginning only, and a peripheral's byte that was taken
     * into the FIFO is not seen in NDTR. */
    job->may_pause = !job->cyclic && (job->direction == MEMORY_TO_MEMORY ||
                                      job->size_mask + 1 == 1u << job->width_shift);
    return 0;
}
