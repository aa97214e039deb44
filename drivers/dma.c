/* SPDX-License-Identifier: Apache-2.0 */
#include "dma.h"

#include "../kernel/irq.h"

static int take_free_channel_locked(const struct device *dev, void *filter_param)
{
    struct dma_context *context = dev->data;

    for (uint32_t channel = 0; channel < context->channel_count; channel++) {
        if ((context->taken & BIT(channel)) == 0 &&
            (DMA_API(dev)->chan_filter == NULL ||
             DMA_API(dev)->chan_filter(dev, (int)channel, filter_param))) {
            context->taken |= UINT32_C(1) << channel;
            return (int)channel;
        }
    }
    return -EINVAL;
}

int dma_request_channel(const struct device *dev, void *filter_param)
{
    unsigned key = irq_lock();
    int channel = take_free_channel_locked(dev, filter_param);

    irq_unlock(key);
    return channel;
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
