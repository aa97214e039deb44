/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_pl081_shape.h"

/* Channel control register (DDI 0218, "Channel Control Registers"). */
#define CONTROL_SOURCE_BURST(b) ((uint32_t)(b) << 12)
#define CONTROL_DEST_BURST(b)   ((uint32_t)(b) << 15)
#define CONTROL_SOURCE_WIDTH(w) ((uint32_t)(w) << 18)
#define CONTROL_DEST_WIDTH(w)   ((uint32_t)(w) << 21)

static int shape_width(const struct dma_config *config, struct dma_job *job)
{
    uint32_t bytes = config->source_data_size;

    /* The PL081 packs and unpacks; QEMU 7.2's model does it wrong. */
    if (config->dest_data_size != bytes) {
        return -ENOTSUP;
    }
    if (bytes != 1 && bytes != 2 && bytes != 4) {
        return -EINVAL;
    }
    job->width_shift = (uint8_t)(bytes / 2);
    job->source_mask = job->dest_mask = job->size_mask = bytes - 1;
    job->piece_max_bytes = DMA_PL081_PIECE_MAX << job->width_shift;
    return 0;
}

/* Burst codes: 1, 4, 8, 16 ... 256 accesses are 0, 1, 2 ... 7. */
static int burst_code(uint32_t burst_bytes, uint8_t width_shift, uint32_t *code)
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

int dma_pl081_shape(const struct device *dev, const struct dma_config *config, struct dma_job *job)
{
    uint32_t source_burst;
    uint32_t dest_burst;
    int result;

    ARG_UNUSED(dev);
    if (job->direction != MEMORY_TO_MEMORY || job->cyclic || job->tell_halves) {
        return -ENOTSUP;
    }
    if ((result = shape_width(config, job)) ||
        (result = burst_code(config->source_burst_length, job->width_shift, &source_burst)) ||
        (result = burst_code(config->dest_burst_length, job->width_shift, &dest_burst))) {
        return result;
    }
    job->may_pause = true;
    job->may_poll = true;
    job->control = CONTROL_SOURCE_BURST(source_burst) | CONTROL_DEST_BURST(dest_burst) |
                   CONTROL_SOURCE_WIDTH(job->width_shift) | CONTROL_DEST_WIDTH(job->width_shift);
    return 0;
}
