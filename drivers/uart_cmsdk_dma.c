/* SPDX-License-Identifier: Apache-2.0 */
#include "../lib/errno.h"
#include "dma.h"
#include "uart_cmsdk.h"

/* A beat takes about ten cycles of the bus; a channel that needs more looks than this is stuck. */
#define BEAT_LOOKS 1000u

bool uart_cmsdk_dma_beat(const struct uart_cmsdk_dma *dma, uint32_t channel, uintptr_t from,
                         uintptr_t to)
{
    const struct device *controller = dma->controller;
    struct dma_status status;

    if (dma_reload(controller, channel, from, to, 1) != 0 || dma_start(controller, channel) != 0) {
        return false;
    }
    for (unsigned look = 0; look < BEAT_LOOKS; look++) {
        if (dma_get_status(controller, channel, &status) == 0 && !status.busy) {
            return true;
        }
    }
    (void)dma_stop(controller, channel);
    return false;
}

static int take_channel(const struct device *dma, uint32_t channel, bool from_memory)
{
    struct dma_block_config block = {
        .block_size = 1,
        .source_addr_adj = from_memory ? DMA_ADDR_ADJ_INCREMENT : DMA_ADDR_ADJ_NO_CHANGE,
        .dest_addr_adj = from_memory ? DMA_ADDR_ADJ_NO_CHANGE : DMA_ADDR_ADJ_INCREMENT,
    };
    /* No request line: to the controller this is a copy of one byte, and nobody waits for its
     * interrupt. */
    struct dma_config config = {
        .channel_direction = MEMORY_TO_MEMORY,
        .source_data_size = 1,
        .dest_data_size = 1,
        .source_burst_length = 1,
        .dest_burst_length = 1,
        .block_count = 1,
        .head_block = &block,
    };

    if (!device_is_ready(dma)) {
        return -ENODEV;
    }
    return dma_request_channel(dma, &channel) < 0 ? -EBUSY : dma_config(dma, channel, &config);
}

int uart_cmsdk_dma_prepare(const struct uart_cmsdk_dma *dma)
{
    int result = take_channel(dma->controller, dma->tx_channel, true);

    if (result == 0) {
        result = take_channel(dma->controller, dma->rx_channel, false);
        if (result != 0) {
            dma_release_channel(dma->controller, dma->tx_channel);
        }
    }
    return result;
}
