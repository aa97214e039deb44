/* SPDX-License-Identifier: Apache-2.0 */
#include "dma.h"

#include "../kernel/irq.h"
#include "dma_states.h"

/* NULL when there is no such channel. */
static ALWAYS_INLINE struct dma_channel *channel_of(const struct device *dev, uint32_t number)
{
    const struct dma_context *context = dev->data;

    return number < context->channel_count ? &context->channels[number] : NULL;
}

void dma_context_init(const struct device *dev, struct dma_channel *channels, uint32_t count)
{
    struct dma_context *context = dev->data;

    for (uint32_t i = 0; i < count; i++) {
        channels[i].dev = dev;
        channels[i].number = (uint8_t)i;
    }
    context->channels = channels;
    context->channel_count = count;
}

int dma_config(const struct device *dev, uint32_t channel, struct dma_config *config)
{
    struct dma_channel *target = channel_of(dev, channel);
    struct dma_job job;
    int result = target == NULL ? -EINVAL : dma_job_decode(dev, config, &job);
    unsigned key;

    if (result != 0) {
        return result;
    }
    key = irq_lock();
    result = dma_configure_locked(target, &job);
    irq_unlock(key);
    return result;
}

int dma_reload(const struct device *dev, uint32_t channel, uintptr_t src, uintptr_t dst,
               size_t size_bytes)
{
    struct dma_channel *target = channel_of(dev, channel);
    unsigned key = irq_lock();
    int result = target == NULL ? -EINVAL : dma_reload_locked(target, src, dst, size_bytes);

    irq_unlock(key);
    return result;
}

static ALWAYS_INLINE int with_channel(const struct device *dev, uint32_t channel,
                                      int (*act_locked)(struct dma_channel *channel))
{
    struct dma_channel *target = channel_of(dev, channel);
    unsigned key = irq_lock();
    int result = target == NULL ? -EINVAL : act_locked(target);

    irq_unlock(key);
    return result;
}

int dma_start(const struct device *dev, uint32_t channel)
{
    return with_channel(dev, channel, dma_start_locked);
}

int dma_stop(const struct device *dev, uint32_t channel)
{
    return with_channel(dev, channel, dma_stop_locked);
}

int dma_suspend(const struct device *dev, uint32_t channel)
{
    return with_channel(dev, channel, dma_suspend_locked);
}

int dma_resume(const struct device *dev, uint32_t channel)
{
    return with_channel(dev, channel, dma_resume_locked);
}

int dma_get_status(const struct device *dev, uint32_t channel, struct dma_status *status)
{
    struct dma_channel *target = channel_of(dev, channel);
    unsigned key = irq_lock();
    int result = target == NULL ? -EINVAL : dma_status_locked(target, status);

    irq_unlock(key);
    return result;
}

int dma_get_attribute(const struct device *dev, uint32_t type, uint32_t *value)
{
    ARG_UNUSED(dev);
    if (type > DMA_ATTR_MAX_BLOCK_COUNT) {
        return -EINVAL;
    }
    /* Accesses of one byte are always among those that a controller offers. */
    *value = type == DMA_ATTR_MAX_BLOCK_COUNT ? DMA_MAX_BLOCKS : 1;
    return 0;
}

int dma_request_channel(const struct device *dev, void *filter_param)
{
    struct dma_context *context = dev->data;
    const uint32_t *wanted = filter_param;
    int result = -EINVAL;
    unsigned key = irq_lock();

    for (uint32_t channel = 0; channel < context->channel_count && result < 0; channel++) {
        if ((context->taken & BIT(channel)) == 0 && (wanted == NULL || *wanted == channel)) {
            context->taken |= UINT32_C(1) << channel;
            result = (int)channel;
        }
    }
    irq_unlock(key);
    return result;
}

void dma_release_channel(const struct device *dev, uint32_t channel)
{
    struct dma_context *context = dev->data;
    unsigned key;

    (void)dma_stop(dev, channel);
    key = irq_lock();
    if (channel < context->channel_count) {
        context->taken &= ~(UINT32_C(1) << channel);
    }
    irq_unlock(key);
}
