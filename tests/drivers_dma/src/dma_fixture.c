/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_fixture.h"

#include <limits.h>

#include "../../../kernel/region_heap.h"

struct record record;
const struct device *dma;
uint32_t channel;
uint8_t *from;
uint8_t *to;

static void told(const struct device *dev, void *user_data, uint32_t number, int status)
{
    struct record *r = user_data;

    if (r->count < MAX_CALLS) {
        r->statuses[r->count] = status;
    }
    r->count++;
    if (r->also != NULL) {
        r->also(dev, number, status);
    }
    k_sem_give(&r->told);
}

struct dma_block_config block_of(size_t offset, size_t bytes)
{
    return (struct dma_block_config){.source_address = (uintptr_t)from + offset,
                                     .dest_address = (uintptr_t)to + offset,
                                     .block_size = (uint32_t)bytes};
}

struct dma_config config_of(struct dma_block_config *block)
{
    return (struct dma_config){.channel_direction = MEMORY_TO_MEMORY,
                               .source_data_size = 1,
                               .dest_data_size = 1,
                               .source_burst_length = 1,
                               .dest_burst_length = 1,
                               .block_count = 1,
                               .head_block = block,
                               .user_data = &record,
                               .dma_callback = told};
}

int next_status(void)
{
    unsigned key = irq_lock();
    unsigned next = record.count - k_sem_count_get(&record.told);

    irq_unlock(key);
    return k_sem_take(&record.told, K_MSEC(250)) == 0 ? record.statuses[next] : INT_MAX;
}

void dma_before(void *fixture)
{
    int got;

    ARG_UNUSED(fixture);
    record = (struct record){0};
    zassert_ok(k_sem_init(&record.told, 0, MAX_CALLS));
    dma = device_get_binding("dma1");
    zassert_not_null(dma);
    got = dma_request_channel(dma, NULL);
    zassert_true(got >= 0);
    channel = (uint32_t)got;
    from = region_heap_alloc(REGION_DMA, REGION_EXTERNAL, 4, BUFFER_BYTES);
    to = region_heap_alloc(REGION_DMA, REGION_EXTERNAL, 4, BUFFER_BYTES);
    zassert_true(from != NULL && to != NULL);
    for (size_t i = 0; i < BUFFER_BYTES; i++) {
        from[i] = (uint8_t)(i * 7 + i / 256 + 1);
        to[i] = 0xee;
    }
}

void dma_after(void *fixture)
{
    ARG_UNUSED(fixture);
    dma_release_channel(dma, channel);
    region_heap_free(from);
    region_heap_free(to);
}
