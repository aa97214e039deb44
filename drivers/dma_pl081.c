/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_pl081.h"

#include "dma_pl081_decode.h"
#include "dma_pl081_piece.h"

static struct dma_pl081_data *data_of(const struct device *dev)
{
    return dev->data;
}

/* NULL when there is no such channel. */
static struct dma_pl081_channel *channel_of(const struct device *dev, uint32_t number)
{
    return number < DMA_PL081_CHANNELS ? &data_of(dev)->channels[number] : NULL;
}

static uint32_t index_of(const struct dma_pl081_channel *channel)
{
    return (uint32_t)(channel - data_of(channel->dev)->channels);
}

/* Without an interrupt the end of a transfer is found when somebody looks. */
static void settle_locked(struct dma_pl081_channel *channel)
{
    if (channel->state == DMA_PL081_RUNNING && !channel->uses_interrupt &&
        !dma_pl081_piece_is_active(channel)) {
        dma_pl081_piece_account_locked(channel);
        channel->state = DMA_PL081_CONFIGURED;
    }
}

static int configure(const struct device *dev, uint32_t number, struct dma_config *config)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    struct dma_pl081_channel wanted = {.dev = dev, .state = DMA_PL081_CONFIGURED};
    int result = channel == NULL ? -EINVAL : dma_pl081_decode(config, &wanted);
    unsigned key;

    if (result != 0) {
        return result;
    }
    key = irq_lock();
    settle_locked(channel);
    if (channel->state >= DMA_PL081_RUNNING) {
        result = -EBUSY;
    } else {
        *channel = wanted;
    }
    irq_unlock(key);
    return result;
}

static int reload_locked(struct dma_pl081_channel *channel, uintptr_t src, uintptr_t dst,
                         size_t size_bytes)
{
    struct dma_pl081_block *block = &channel->blocks[0];

    settle_locked(channel);
    if (channel->state == DMA_PL081_INIT) {
        return -EINVAL;
    }
    if (channel->state != DMA_PL081_CONFIGURED) {
        return -EBUSY;
    }
    if (dma_pl081_check_place(src, dst, (uint32_t)size_bytes, channel->width_shift) != 0) {
        return -EINVAL;
    }
    block->source = src;
    block->dest = dst;
    block->bytes = (uint32_t)size_bytes;
    channel->block_count = 1;
    return 0;
}

static int reload(const struct device *dev, uint32_t number, uintptr_t src, uintptr_t dst,
                  size_t size_bytes)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : reload_locked(channel, src, dst, size_bytes);

    irq_unlock(key);
    return result;
}

static bool wants_interrupt(const struct dma_pl081_channel *channel)
{
    return channel->callback != NULL || channel->block_count > 1 ||
           channel->blocks[0].bytes > DMA_PL081_PIECE_MAX << channel->width_shift;
}

static int start(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    int result = 0;
    unsigned key;

    if (channel == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    settle_locked(channel);
    if (channel->state == DMA_PL081_CONFIGURED) {
        channel->state = DMA_PL081_RUNNING;
        channel->block = 0;
        channel->done_bytes = 0;
        channel->total_bytes = 0;
        channel->uses_interrupt = wants_interrupt(channel);
        dma_pl081_piece_start_locked(channel);
    } else if (channel->state != DMA_PL081_RUNNING) {
        result = -EINVAL;
    }
    irq_unlock(key);
    return result;
}

static int stop(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key;

    if (channel == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    if (channel->state >= DMA_PL081_RUNNING) {
        dma_pl081_piece_stop_locked(channel);
        channel->state = DMA_PL081_CONFIGURED;
    }
    irq_unlock(key);
    return 0;
}

static int suspend_locked(struct dma_pl081_channel *channel)
{
    settle_locked(channel);
    if (channel->state == DMA_PL081_SUSPENDED) {
        return 0;
    }
    if (channel->state != DMA_PL081_RUNNING) {
        return -EINVAL;
    }
    channel->state = DMA_PL081_SUSPENDED;
    dma_pl081_piece_halt_locked(channel);
    return 0;
}

static int suspend(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : suspend_locked(channel);

    irq_unlock(key);
    return result;
}

static int resume_locked(struct dma_pl081_channel *channel)
{
    if (channel->state == DMA_PL081_RUNNING) {
        return 0;
    }
    if (channel->state != DMA_PL081_SUSPENDED) {
        return -EINVAL;
    }
    channel->state = DMA_PL081_RUNNING;
    if (channel->piece_bytes == 0) {
        dma_pl081_piece_start_locked(channel);
    } else {
        dma_pl081_piece_go_on_locked(channel);
    }
    return 0;
}

static int resume(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : resume_locked(channel);

    irq_unlock(key);
    return result;
}

static uint32_t pending_bytes(const struct dma_pl081_channel *channel, uint32_t moved)
{
    uint32_t pending = channel->blocks[channel->block].bytes - channel->done_bytes - moved;

    for (unsigned i = channel->block + 1u; i < channel->block_count; i++) {
        pending += channel->blocks[i].bytes;
    }
    return pending;
}

static void status_locked(struct dma_pl081_channel *channel, struct dma_status *status)
{
    uint32_t moved;

    settle_locked(channel);
    moved = channel->piece_bytes == 0 ? 0 : dma_pl081_piece_moved_locked(channel);
    /* One by one: UARTs call this for each byte, and clearing it all first costs a call. */
    status->busy = channel->state >= DMA_PL081_RUNNING;
    status->dir = MEMORY_TO_MEMORY;
    status->free = 0;
    status->pending_length = status->busy ? pending_bytes(channel, moved) : 0;
    status->read_position = status->busy ? channel->done_bytes + moved : 0;
    status->write_position = status->read_position;
    status->total_copied = channel->total_bytes + moved;
}

static int get_status(const struct device *dev, uint32_t number, struct dma_status *status)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    int result = -EINVAL;
    unsigned key = irq_lock();

    if (channel != NULL && channel->state != DMA_PL081_INIT) {
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
        *value = DMA_PL081_MAX_BLOCKS;
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
    PIECE_DONE,
    BLOCK_DONE,
    LIST_DONE,
    FAILED,
};

static enum news complete_piece_locked(struct dma_pl081_channel *channel)
{
    dma_pl081_piece_account_locked(channel);
    (void)timeout_stop_locked(&channel->watchdog);
    if (channel->done_bytes < channel->blocks[channel->block].bytes) {
        return PIECE_DONE;
    }
    if (channel->block + 1u == channel->block_count) {
        channel->state = DMA_PL081_CONFIGURED;
        return LIST_DONE;
    }
    channel->block++;
    channel->done_bytes = 0;
    return BLOCK_DONE;
}

static enum news fail_locked(struct dma_pl081_channel *channel)
{
    dma_pl081_piece_stop_locked(channel);
    channel->state = DMA_PL081_CONFIGURED;
    return FAILED;
}

/* What the hardware, or the watchdog, has to say about one channel. The flag of what
 * dma_stop has ended is cleared here, or was by the next start. */
static enum news look_locked(struct dma_pl081_channel *channel, int *error)
{
    struct dma_pl081_flags flags = dma_pl081_flags_take_locked(channel);

    if (channel->state < DMA_PL081_RUNNING) {
        return NO_NEWS;
    }
    *error = flags.bus_error ? -EIO : -ETIMEDOUT;
    if (flags.bus_error || (channel->stuck && !flags.complete)) {
        return fail_locked(channel);
    }
    return flags.complete ? complete_piece_locked(channel) : NO_NEWS;
}

static void tell(const struct dma_pl081_channel *channel, enum news news, int error)
{
    bool wanted = news == LIST_DONE || (news == BLOCK_DONE && channel->tell_blocks) ||
                  (news == FAILED && channel->tell_errors);
    int status = news == FAILED      ? error
                 : news == LIST_DONE ? DMA_STATUS_COMPLETE
                                     : DMA_STATUS_BLOCK;

    if (wanted && channel->callback != NULL) {
        channel->callback(channel->dev, channel->user_data, index_of(channel), status);
    }
}

/* The callback may have stopped, suspended or restarted the channel. */
static void start_next_piece(struct dma_pl081_channel *channel)
{
    unsigned key = irq_lock();

    if (channel->state == DMA_PL081_RUNNING && channel->piece_bytes == 0) {
        dma_pl081_piece_start_locked(channel);
    }
    irq_unlock(key);
}

void dma_pl081_isr(const void *arg)
{
    const struct device *dev = arg;

    for (unsigned i = 0; i < DMA_PL081_CHANNELS; i++) {
        struct dma_pl081_channel *channel = &data_of(dev)->channels[i];
        int error = 0;
        enum news news;
        unsigned key;

        if (channel->state == DMA_PL081_INIT) {
            continue;
        }
        key = irq_lock();
        news = look_locked(channel, &error);
        irq_unlock(key);
        if (news != NO_NEWS) {
            tell(channel, news, error);
            start_next_piece(channel);
        }
    }
}

const struct dma_driver_api dma_pl081_api = {
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

int dma_pl081_init(const struct device *dev)
{
    const struct dma_pl081_config *config = dev->config;

    dma_pl081_controller_enable(dev);
    config->connect();
    irq_enable(config->irq);
    return 0;
}
