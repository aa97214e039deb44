/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_stm32.h"

#include "../lib/errno.h"
#include "dma_stm32_decode.h"
#include "dma_stm32_regs.h"
#include "dma_stm32_stream.h"

/* NULL when there is no such channel. */
static struct dma_stm32_channel *channel_of(const struct device *dev, uint32_t number)
{
    struct dma_stm32_data *data = dev->data;

    return number < DMA_STM32_STREAMS ? &data->channels[number] : NULL;
}

static bool is_busy(const struct dma_stm32_channel *channel)
{
    return channel->state >= DMA_STM32_RUNNING;
}

static void pend(const struct dma_stm32_channel *channel)
{
    const struct dma_stm32_config *config = channel->dev->config;

    irq_pend(config->irqs[channel->stream]);
}

static int configure(const struct device *dev, uint32_t number, struct dma_config *config)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    struct dma_stm32_job job;
    int result = channel == NULL ? -EINVAL : dma_stm32_decode(dev->config, config, &job);
    unsigned key;

    if (result != 0) {
        return result;
    }
    key = irq_lock();
    if (is_busy(channel)) {
        result = -EBUSY;
    } else {
        channel->job = job;
        channel->state = DMA_STM32_CONFIGURED;
        channel->total_bytes = 0;
    }
    irq_unlock(key);
    return result;
}

static int reload_running_locked(struct dma_stm32_channel *channel,
                                 const struct dma_stm32_block *block)
{
    const struct dma_stm32_job *job = &channel->job;

    if (channel->state != DMA_STM32_RUNNING || !job->cyclic || job->block_count != 2) {
        return -EBUSY;
    }
    if (block->bytes != job->blocks[0].bytes || block->peripheral != job->blocks[0].peripheral) {
        return -EINVAL;
    }
    dma_stm32_stream_set_next_locked(channel, block->memory);
    return 0;
}

static int reload_locked(struct dma_stm32_channel *channel, uintptr_t src, uintptr_t dst,
                         size_t size_bytes)
{
    bool from_memory = channel->job.direction == MEMORY_TO_PERIPHERAL;
    struct dma_stm32_block block = {.memory = (uint32_t)(from_memory ? src : dst),
                                    .peripheral = (uint32_t)(from_memory ? dst : src),
                                    .bytes = (uint32_t)size_bytes};

    if (channel->state == DMA_STM32_INIT || dma_stm32_check_block(&channel->job, &block) != 0) {
        return -EINVAL;
    }
    if (is_busy(channel)) {
        return reload_running_locked(channel, &block);
    }
    channel->job.blocks[0] = block;
    channel->job.block_count = 1;
    channel->job.control &= ~(uint32_t)DMA_SCR_DBM;
    return 0;
}

static int reload(const struct device *dev, uint32_t number, uintptr_t src, uintptr_t dst,
                  size_t size_bytes)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : reload_locked(channel, src, dst, size_bytes);

    irq_unlock(key);
    return result;
}

static int start(const struct device *dev, uint32_t number)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = 0;

    if (channel != NULL && channel->state == DMA_STM32_CONFIGURED) {
        channel->state = DMA_STM32_RUNNING;
        channel->block = 0;
        channel->done_bytes = 0;
        channel->total_bytes = 0;
        dma_stm32_stream_start_locked(channel);
    } else if (channel == NULL || channel->state != DMA_STM32_RUNNING) {
        result = -EINVAL;
    }
    irq_unlock(key);
    return result;
}

static int stop_locked(struct dma_stm32_channel *channel)
{
    int result = channel->state == DMA_STM32_RUNNING ? dma_stm32_stream_stop_locked(channel) : 0;

    if (result == 0 && is_busy(channel)) {
        channel->owed = false;
        channel->state = DMA_STM32_CONFIGURED;
    }
    return result;
}

static int stop(const struct device *dev, uint32_t number)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : stop_locked(channel);

    irq_unlock(key);
    return result;
}

/* A run begins at a multiple of a burst: what lies beyond one is copied again. */
static void step_back_locked(struct dma_stm32_channel *channel)
{
    uint32_t beyond = channel->done_bytes % channel->job.burst_bytes;

    channel->done_bytes -= beyond;
    channel->total_bytes -= beyond;
}

static int suspend_locked(struct dma_stm32_channel *channel)
{
    const struct dma_stm32_job *job = &channel->job;
    bool splits_anywhere =
        job->direction == MEMORY_TO_MEMORY || job->burst_bytes == 1u << job->width_shift;
    int result;

    if (channel->state == DMA_STM32_SUSPENDED) {
        return 0;
    }
    if (channel->state != DMA_STM32_RUNNING) {
        return -EINVAL;
    }
    if (job->cyclic || !splits_anywhere) {
        return -ENOSYS;
    }
    result = dma_stm32_stream_stop_locked(channel);
    if (result == 0) {
        /* The flag that would have told is gone: resume tells. */
        channel->owed = channel->done_bytes == job->blocks[channel->block].bytes;
        step_back_locked(channel);
        channel->state = DMA_STM32_SUSPENDED;
    }
    return result;
}

static int suspend(const struct device *dev, uint32_t number)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : suspend_locked(channel);

    irq_unlock(key);
    return result;
}

static int resume_locked(struct dma_stm32_channel *channel)
{
    if (channel->state == DMA_STM32_RUNNING) {
        return 0;
    }
    if (channel->state != DMA_STM32_SUSPENDED) {
        return -EINVAL;
    }
    channel->state = DMA_STM32_RUNNING;
    if (channel->owed) {
        pend(channel);
    } else {
        dma_stm32_stream_start_locked(channel);
    }
    return 0;
}

static int resume(const struct device *dev, uint32_t number)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : resume_locked(channel);

    irq_unlock(key);
    return result;
}

static void status_locked(const struct dma_stm32_channel *channel, struct dma_status *status)
{
    const struct dma_stm32_block *block = &channel->job.blocks[channel->block];
    uint32_t moved = channel->piece_bytes == 0 ? 0 : dma_stm32_stream_moved_locked(channel);

    *status = (struct dma_status){
        .busy = is_busy(channel),
        .dir = channel->job.direction,
        .total_copied = channel->total_bytes + moved,
    };
    if (!status->busy) {
        return;
    }
    status->read_position = channel->done_bytes + moved;
    status->write_position = channel->done_bytes + moved;
    status->pending_length = block->bytes - status->read_position;
    for (unsigned i = channel->block + 1u; i < channel->job.block_count && !channel->job.cyclic;
         i++) {
        status->pending_length += channel->job.blocks[i].bytes;
    }
    status->free = channel->job.cyclic ? status->pending_length : 0;
}

static int get_status(const struct device *dev, uint32_t number, struct dma_status *status)
{
    struct dma_stm32_channel *channel = channel_of(dev, number);
    int result = -EINVAL;
    unsigned key = irq_lock();

    if (channel != NULL && channel->state != DMA_STM32_INIT) {
        status_locked(channel, status);
        result = 0;
    }
    irq_unlock(key);
    return result;
}

static int get_attribute(const struct device *dev, uint32_t type, uint32_t *value)
{
    ARG_UNUSED(dev);
    switch (type) {
    case DMA_ATTR_BUFFER_ADDRESS_ALIGNMENT:
    case DMA_ATTR_BUFFER_SIZE_ALIGNMENT:
    case DMA_ATTR_COPY_ALIGNMENT:
        *value = 1;
        return 0;
    case DMA_ATTR_MAX_BLOCK_COUNT:
        *value = DMA_STM32_MAX_BLOCKS;
        return 0;
    default:
        return -EINVAL;
    }
}

static bool chan_filter(const struct device *dev, int channel, void *filter_param)
{
    ARG_UNUSED(dev);
    return filter_param == NULL || *(const uint32_t *)filter_param == (uint32_t)channel;
}

/* The interrupt. */

enum news {
    NO_NEWS,
    HALF_DONE,
    PIECE_DONE,
    BLOCK_DONE,
    LIST_DONE,
    FAILED,
};

static enum news complete_piece_locked(struct dma_stm32_channel *channel)
{
    const struct dma_stm32_job *job = &channel->job;

    if (job->cyclic) {
        channel->total_bytes += channel->piece_bytes; /* the hardware goes on by itself */
        return BLOCK_DONE;
    }
    dma_stm32_stream_account_locked(channel);
    channel->owed = false;
    if (channel->done_bytes < job->blocks[channel->block].bytes) {
        return PIECE_DONE;
    }
    if (channel->block + 1u == job->block_count) {
        channel->state = DMA_STM32_CONFIGURED;
        return LIST_DONE;
    }
    channel->block++;
    channel->done_bytes = 0;
    return BLOCK_DONE;
}

static enum news fail_locked(struct dma_stm32_channel *channel)
{
    if (dma_stm32_stream_stop_locked(channel) == 0) {
        channel->state = DMA_STM32_CONFIGURED;
    }
    return FAILED;
}

/* What the stream, or the watchdog, has to say. An interrupt that belongs to what dma_stop has
 * ended finds no flag and no piece under way. */
static enum news look_locked(struct dma_stm32_channel *channel, int *error)
{
    uint32_t flags = dma_stm32_stream_flags_take_locked(channel);
    bool refused = (flags & (DMA_FLAG_ERROR | DMA_FLAG_DIRECT)) != 0;
    bool complete = (flags & DMA_FLAG_COMPLETE) != 0 || channel->owed;

    if (channel->state != DMA_STM32_RUNNING) {
        return NO_NEWS;
    }
    *error = refused ? -EIO : -ETIMEDOUT;
    if (refused || (channel->stuck && !complete)) {
        return fail_locked(channel);
    }
    if (complete) {
        return complete_piece_locked(channel);
    }
    return (flags & DMA_FLAG_HALF) != 0 ? HALF_DONE : NO_NEWS;
}

static void tell(const struct dma_stm32_channel *channel, enum news news, int error)
{
    const struct dma_stm32_job *job = &channel->job;
    bool wanted = news == LIST_DONE || (news == BLOCK_DONE && job->tell_blocks) ||
                  (news == HALF_DONE && job->tell_halves) || (news == FAILED && job->tell_errors);
    int status = news == FAILED      ? error
                 : news == LIST_DONE ? DMA_STATUS_COMPLETE
                 : news == HALF_DONE ? DMA_STATUS_HALF_COMPLETE
                                     : DMA_STATUS_BLOCK;

    if (wanted && job->callback != NULL) {
        job->callback(channel->dev, job->user_data, channel->stream, status);
    }
}

/* The callback may have stopped, suspended or restarted the channel. */
static void start_next_piece(struct dma_stm32_channel *channel)
{
    unsigned key = irq_lock();

    if (channel->state == DMA_STM32_RUNNING && channel->piece_bytes == 0 && !channel->owed) {
        dma_stm32_stream_start_locked(channel);
    }
    irq_unlock(key);
}

void dma_stm32_isr(const void *arg)
{
    struct dma_stm32_channel *channel = (struct dma_stm32_channel *)(uintptr_t)arg;
    int error = 0;
    unsigned key = irq_lock();
    enum news news = look_locked(channel, &error);

    irq_unlock(key);
    if (news != NO_NEWS) {
        tell(channel, news, error);
        start_next_piece(channel);
    }
}

const struct dma_driver_api dma_stm32_api = {
    .config = configure,
    .reload = reload,
    .start = start,
    .stop = stop,
    .suspend = suspend,
    .resume = resume,
    .get_status = get_status,
    .get_attribute = get_attribute,
    .chan_filter = chan_filter,
};

int dma_stm32_init(const struct device *dev)
{
    const struct dma_stm32_config *config = dev->config;
    struct dma_stm32_data *data = dev->data;

    stm32_clock_enable(&config->gate);
    config->connect();
    data->context.channel_count = DMA_STM32_STREAMS;
    for (uint8_t i = 0; i < DMA_STM32_STREAMS; i++) {
        data->channels[i].dev = dev;
        data->channels[i].stream = i;
        irq_enable(config->irqs[i]);
    }
    return 0;
}
