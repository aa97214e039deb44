/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_stm32_stream.h"

#include "../lib/errno.h"
#include "dma_stm32_regs.h"
#include "mmio.h"

/* An access that is under way ends within some bus cycles, and a FIFO is written out. */
#define STOP_LOOKS 1000u

static const struct dma_stm32_config *config_of(const struct dma_stm32_channel *channel)
{
    return channel->dev->config;
}

static uintptr_t stream_of(const struct dma_stm32_channel *channel)
{
    return config_of(channel)->registers + DMA_STREAM(channel->stream);
}

static void clear_flags(const struct dma_stm32_channel *channel, uint32_t flags)
{
    mmio_write(config_of(channel)->registers + DMA_IFCR(channel->stream),
               flags << dma_flag_shift(channel->stream));
}

static void watchdog_expired(struct timeout *timeout)
{
    struct dma_stm32_channel *channel = CONTAINER_OF(timeout, struct dma_stm32_channel, watchdog);

    /* The callback's place is the stream's interrupt, where nothing is locked. */
    channel->stuck = true;
    irq_pend(config_of(channel)->irqs[channel->stream]);
}

void dma_stm32_stream_start_locked(struct dma_stm32_channel *channel)
{
    const struct dma_stm32_job *job = &channel->job;
    const struct dma_stm32_block *block = &job->blocks[channel->block];
    uintptr_t stream = stream_of(channel);
    uint32_t bytes =
        MIN(block->bytes - channel->done_bytes, DMA_STM32_PIECE_MAX << job->width_shift);
    uint32_t interrupts = DMA_SCR_TCIE | DMA_SCR_TEIE | DMA_SCR_DMEIE;

    channel->piece_bytes = bytes;
    clear_flags(channel, DMA_FLAGS);
    mmio_write(stream + DMA_SPAR,
               block->peripheral + ((job->control & DMA_SCR_PINC) != 0 ? channel->done_bytes : 0));
    mmio_write(stream + DMA_SM0AR,
               block->memory + ((job->control & DMA_SCR_MINC) != 0 ? channel->done_bytes : 0));
    mmio_write(stream + DMA_SM1AR, (job->control & DMA_SCR_DBM) != 0 ? job->blocks[1].memory : 0);
    mmio_write(stream + DMA_SNDTR, bytes >> job->width_shift);
    mmio_write(stream + DMA_SFCR, job->fifo_control);
    interrupts |= job->tell_halves ? DMA_SCR_HTIE : 0;
    mmio_write(stream + DMA_SCR, job->control | interrupts);
    if (job->direction == MEMORY_TO_MEMORY) {
        timeout_start_locked(&channel->watchdog, K_MSEC(CONFIG_DMA_STUCK_MS), watchdog_expired);
    }
    mmio_write(stream + DMA_SCR, job->control | interrupts | DMA_SCR_EN);
}

uint32_t dma_stm32_stream_moved_locked(const struct dma_stm32_channel *channel)
{
    uint32_t left_bytes = mmio_read(stream_of(channel) + DMA_SNDTR) << channel->job.width_shift;

    return channel->piece_bytes - MIN(left_bytes, channel->piece_bytes);
}

void dma_stm32_stream_account_locked(struct dma_stm32_channel *channel)
{
    channel->done_bytes += channel->piece_bytes;
    channel->total_bytes += channel->piece_bytes;
    channel->piece_bytes = 0;
    (void)timeout_stop_locked(&channel->watchdog);
    channel->stuck = false;
}

/*
 * Disabling sets the complete flag (10.3.14), so the interrupts are switched off in the same store.
 * The flag stays until the next start clears it; an interrupt that finds it finds nothing at work.
 */
int dma_stm32_stream_stop_locked(struct dma_stm32_channel *channel)
{
    uintptr_t stream = stream_of(channel);
    unsigned looks = 0;

    mmio_write(stream + DMA_SCR, mmio_read(stream + DMA_SCR) & ~(DMA_SCR_EN | DMA_SCR_INTERRUPTS));
    while ((mmio_read(stream + DMA_SCR) & DMA_SCR_EN) != 0) {
        if (++looks == STOP_LOOKS) {
            return -ETIMEDOUT;
        }
    }
    channel->piece_bytes = dma_stm32_stream_moved_locked(channel);
    dma_stm32_stream_account_locked(channel);
    return 0;
}

uint32_t dma_stm32_stream_flags_take_locked(struct dma_stm32_channel *channel)
{
    uint32_t all = mmio_read(config_of(channel)->registers + DMA_ISR(channel->stream));
    uint32_t flags = all >> dma_flag_shift(channel->stream) & DMA_FLAGS;

    if (flags != 0) {
        clear_flags(channel, flags);
    }
    return flags;
}

void dma_stm32_stream_set_next_locked(struct dma_stm32_channel *channel, uint32_t memory)
{
    uintptr_t stream = stream_of(channel);
    bool second_in_use = (mmio_read(stream + DMA_SCR) & DMA_SCR_CT) != 0;

    mmio_write(stream + (second_in_use ? DMA_SM0AR : DMA_SM1AR), memory);
    channel->job.blocks[second_in_use ? 0 : 1].memory = memory;
}
