/* SPDX-License-Identifier: Apache-2.0 */
/* What arrives: every byte, nothing beside it. */
#include <limits.h>

#include "dma_fixture.h"

ZTEST_SUITE(dma_copy, NULL, NULL, dma_before, dma_after, NULL);

static void copied_exactly(size_t offset, size_t bytes)
{
    zassert_mem_equal(from + offset, to + offset, bytes);
    zassert_true(offset == 0 || to[offset - 1] == 0xee, "a byte before the block was written");
    zassert_equal(to[offset + bytes], 0xee, "a byte after the block was written");
}

ZTEST(dma_copy, test_every_size_up_to_the_limit_of_a_piece_and_beyond)
{
    static const uint16_t sizes[] = {1,    2,    3,    4,    5,     4094, 4095,
                                     4096, 4097, 8190, 8191, 16380, 19000};

    for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct dma_block_config block = block_of(3, sizes[i]);
        struct dma_config config = config_of(&block);

        memset(to, 0xee, BUFFER_BYTES);
        zassert_ok(dma_config(dma, channel, &config));
        zassert_ok(dma_start(dma, channel));
        zassert_equal(next_status(), DMA_STATUS_COMPLETE, "size %u", sizes[i]);
        copied_exactly(3, sizes[i]);
        zassert_equal(record.count, i + 1, "told %u times", record.count);
    }
}

ZTEST(dma_copy, test_every_width)
{
    for (uint16_t width = 1; width <= 4; width = (uint16_t)(width * 2)) {
        struct dma_block_config block = block_of(8, 18000);
        struct dma_config config = config_of(&block);

        config.source_data_size = config.dest_data_size = width;
        config.source_burst_length = config.dest_burst_length = (uint16_t)(width * 4);
        memset(to, 0xee, BUFFER_BYTES);
        zassert_ok(dma_config(dma, channel, &config));
        zassert_ok(dma_start(dma, channel));
        zassert_equal(next_status(), DMA_STATUS_COMPLETE, "width %u", width);
        copied_exactly(8, 18000);
    }
}

ZTEST(dma_copy, test_fixed_address)
{
    struct dma_block_config block = block_of(0, 100);
    struct dma_config config = config_of(&block);

    block.source_addr_adj = DMA_ADDR_ADJ_NO_CHANGE;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    for (unsigned i = 0; i < 100; i++) {
        zassert_equal(to[i], from[0]);
    }
    block.source_addr_adj = DMA_ADDR_ADJ_INCREMENT;
    block.dest_addr_adj = DMA_ADDR_ADJ_NO_CHANGE;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(to[0], from[99]);
    zassert_equal(to[1], from[0], "a fixed address moved");
}

static void link_three_blocks(struct dma_block_config blocks[3])
{
    blocks[0] = block_of(0, 10);
    blocks[1] = block_of(100, 5000);
    blocks[2] = block_of(6000, 1);
    blocks[0].next_block = &blocks[1];
    blocks[1].next_block = &blocks[2];
}

ZTEST(dma_copy, test_list_of_blocks)
{
    struct dma_block_config blocks[3];
    struct dma_config config = config_of(blocks);

    link_three_blocks(blocks);
    config.block_count = 3;
    zassert_ok(dma_config(dma, channel, &config));
    memset(blocks, 0xff, sizeof(blocks)); /* it was copied */
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(next_status(), INT_MAX, "told more than once");
    copied_exactly(0, 10);
    copied_exactly(100, 5000);
    copied_exactly(6000, 1);
}

ZTEST(dma_copy, test_each_block_is_told_when_asked_for)
{
    struct dma_block_config blocks[3];
    struct dma_config config = config_of(blocks);

    link_three_blocks(blocks);
    config.block_count = 3;
    config.complete_callback_en = 1;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(next_status(), INT_MAX);
}

static void restart(const struct device *dev, uint32_t number, int status)
{
    if (status == DMA_STATUS_COMPLETE && record.count < 4) {
        struct dma_block_config block = block_of(record.count * 4000, 4000);
        struct dma_config config = config_of(&block);

        zexpect_ok(dma_config(dev, number, &config));
        zexpect_ok(dma_start(dev, number));
    }
}

ZTEST(dma_copy, test_four_transfers_each_started_from_the_callback_of_the_one_before)
{
    struct dma_block_config block = block_of(0, 4000);
    struct dma_config config = config_of(&block);

    record.also = restart;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    for (unsigned i = 0; i < 4; i++) {
        zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    }
    zassert_equal(next_status(), INT_MAX);
    copied_exactly(0, 16000);
}

ZTEST(dma_copy, test_without_callback_the_status_tells)
{
    struct dma_block_config block = block_of(1, 1000);
    struct dma_config config = config_of(&block);
    struct dma_status status = {.busy = true};

    config.dma_callback = NULL;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    for (unsigned look = 0; look < 1000 && status.busy; look++) {
        zassert_ok(dma_get_status(dma, channel, &status));
    }
    zassert_false(status.busy);
    zassert_equal(status.total_copied, 1000);
    zassert_equal(status.pending_length, 0);
    copied_exactly(1, 1000);
    /* Without a pause: the end of the first is found by the call that starts the second. */
    zassert_ok(dma_reload(dma, channel, (uintptr_t)from, (uintptr_t)to + 5000, 10));
    zassert_ok(dma_start(dma, channel));
    zassert_ok(dma_reload(dma, channel, (uintptr_t)from, (uintptr_t)to + 6000, 10));
    zassert_ok(dma_start(dma, channel));
    zassert_ok(dma_get_status(dma, channel, &status));
    zassert_mem_equal(from, to + 5000, 10);
    zassert_mem_equal(from, to + 6000, 10);
}
