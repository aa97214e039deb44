/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_stm32.h"

#include "dma_stm32_regs.h"
#include "dma_stm32_shape.h"
#include "mmio.h"

/* An access that is under way ends within some bus cycles, and a FIFO is written out. */
#define STOP_LOOKS 1000u

static const struct dma_stm32_config *config_of(const struct dma_channel *channel)
{
    return channel->dev->config;
}

static uintptr_t stream_of(const struct dma_channel *channel)
{
    return config_of(channel)->registers + DMA_STREAM(channel->number);
}

static void clear_flags(const struct dma_channel *channel, uint32_t flags)
{
    mmio_write(config_of(channel)->registers + DMA_IFCR(channel->number),
               flags << dma_flag_shift(channel->number));
}

static void wake(const struct dma_channel *channel)
{
    irq_pend(config_of(channel)->irqs[channel->number]);
}

/* 10.3.9: two blocks that take turns. */
static bool is_double(const struct dma_job *job)
{
    return job->cyclic && job->block_count == 2;
}

/* The order of 10.3.17. */
static void start_locked(struct dma_channel *channel, uintptr_t source, uintptr_t dest)
{
    const struct dma_job *job = &channel->job;
    bool memory_first = job->direction == MEMORY_TO_PERIPHERAL;
    uintptr_t stream = stream_of(channel);
    uint32_t second = (uint32_t)(is_double(job) ? dma_stm32_memory_of(job, &job->blocks[1]) : 0);
    uint32_t control = job->control | (is_double(job) ? DMA_SCR_DBM : 0) |
                       (job->tell_halves ? DMA_SCR_HTIE : 0) | DMA_SCR_TCIE | DMA_SCR_TEIE |
                       DMA_SCR_DMEIE;

    clear_flags(channel, DMA_FLAGS);
    mmio_write(stream + DMA_SPAR, (uint32_t)(memory_first ? dest : source));
    mmio_write(stream + DMA_SM0AR, (uint32_t)(memory_first ? source : dest));
    mmio_write(stream + DMA_SM1AR, second);
    mmio_write(stream + DMA_SNDTR, channel->piece_bytes >> job->width_shift);
    mmio_write(stream + DMA_SFCR, job->fifo_control);
    mmio_write(stream + DMA_SCR, control);
    mmio_write(stream + DMA_SCR, control | DMA_SCR_EN);
}

static uint32_t left_locked(const struct dma_channel *channel)
{
    return mmio_read(stream_of(channel) + DMA_SNDTR) << channel->job.width_shift;
}

/*
 * Disabling sets the complete flag (10.3.14), so the interrupts are switched off in the same store.
 * The flag stays until the next start clears it; an interrupt that finds it finds nothing at work.
 */
static int stop_locked(struct dma_channel *channel)
{
    uintptr_t stream = stream_of(channel);
    unsigned looks = 0;

    mmio_write(stream + DMA_SCR, mmio_read(stream + DMA_SCR) & ~(DMA_SCR_EN | DMA_SCR_INTERRUPTS));
    while ((mmio_read(stream + DMA_SCR) & DMA_SCR_EN) != 0) {
        if (++looks == STOP_LOOKS) {
            return -ETIMEDOUT;
        }
    }
    return 0;
}

static uint32_t events_take_locked(struct dma_channel *channel)
{
    uint32_t all = mmio_read(config_of(channel)->registers + DMA_ISR(channel->number));
    uint32_t flags = all >> dma_flag_shift(channel->number) & DMA_FLAGS;

    if (flags != 0) {
        clear_flags(channel, flags);
    }
    return ((flags & DMA_FLAG_HALF) != 0 ? DMA_EVENT_HALF : 0) |
           ((flags & DMA_FLAG_COMPLETE) != 0 ? DMA_EVENT_COMPLETE : 0) |
           ((flags & (DMA_FLAG_ERROR | DMA_FLAG_DIRECT)) != 0 ? DMA_EVENT_ERROR : 0);
}

static int swap_locked(struct dma_channel *channel, uintptr_t source, uintptr_t dest,
                       uint32_t bytes)
{
    struct dma_job *job = &channel->job;
    struct dma_block block = {.source = source, .dest = dest, .bytes = bytes};
    uintptr_t stream = stream_of(channel);
    bool second_in_use;

    if (bytes != job->blocks[0].bytes ||
        dma_stm32_peripheral_of(job, &block) != dma_stm32_peripheral_of(job, &job->blocks[0])) {
        return -EINVAL;
    }
    second_in_use = (mmio_read(stream + DMA_SCR) & DMA_SCR_CT) != 0;
    mmio_write(stream + (second_in_use ? DMA_SM0AR : DMA_SM1AR),
               (uint32_t)dma_stm32_memory_of(job, &block));
    block.source_fixed = job->blocks[0].source_fixed;
    block.dest_fixed = job->blocks[0].dest_fixed;
    job->blocks[second_in_use ? 0 : 1] = block;
    return 0;
}

void dma_stm32_isr(const void *arg)
{
    dma_channel_serve((struct dma_channel *)(uintptr_t)arg);
}

const struct dma_driver_api dma_stm32_api = {
    .shape = dma_stm32_shape,
    .start_locked = start_locked,
    .stop_locked = stop_locked,
    .left_locked = left_locked,
    .events_take_locked = events_take_locked,
    .wake = wake,
    .swap_locked = swap_locked,
};

int dma_stm32_init(const struct device *dev)
{
    const struct dma_stm32_config *config = dev->config;
    struct dma_stm32_data *data = dev->data;

    stm32_clock_enable(&config->gate);
    config->connect();
    dma_context_init(dev, data->channels, DMA_STM32_STREAMS);
    for (unsigned i = 0; i < DMA_STM32_STREAMS; i++) {
        irq_enable(config->irqs[i]);
    }
    return 0;
}
