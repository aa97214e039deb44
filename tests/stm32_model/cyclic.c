/* SPDX-License-Identifier: Apache-2.0 */
/* Rings and double buffers, driven by a USART's receive requests. */
#include <errno.h>

#include "../../drivers/dma_stm32.h"
#include "../../drivers/mmio.h"
#include "board.h"

#define DMA     DEVICE_GET(dma2)
#define CHANNEL 5 /* USART1_RX's other stream */
#define FIRST   SCRATCH
#define SECOND  (SCRATCH + 0x1000)
#define THIRD   (SCRATCH + 0x2000)

static char told[64];
static unsigned told_count;

static void note(const struct device *dev, void *user_data, uint32_t channel, int status)
{
    ARG_UNUSED(dev);
    ARG_UNUSED(user_data);
    ARG_UNUSED(channel);
    if (told_count < sizeof(told) - 1) {
        told[told_count++] = status == DMA_STATUS_BLOCK           ? 'b'
                             : status == DMA_STATUS_HALF_COMPLETE ? 'h'
                             : status == DMA_STATUS_COMPLETE      ? 'c'
                                                                  : 'e';
    }
}

static bool told_is(const char *expected)
{
    bool same;

    told[told_count] = '\0';
    same = strcmp(told, expected) == 0;
    if (!same) {
        printk("# told \"%s\", expected \"%s\"\n", told, expected);
    }
    told_count = 0;
    return same;
}

static void before(void *fixture)
{
    board_before(fixture);
    told_count = 0;
    mmio_write(USART1 + USART_CR3, USART_CR3_DMAR);
}

static void after(void *fixture)
{
    (void)dma_stop(DMA, CHANNEL);
    mmio_write(USART1 + USART_CR3, 0);
    model_after(fixture);
}

ZTEST_SUITE(dma_cyclic, NULL, NULL, before, after, NULL);

static struct dma_block_config blocks[2];
static struct dma_config config;

static void plan(unsigned count, uint32_t bytes)
{
    for (unsigned i = 0; i < 2; i++) {
        blocks[i] = (struct dma_block_config){
            .source_address = USART1 + USART_DR,
            .dest_address = i == 0 ? FIRST : SECOND,
            .block_size = bytes,
            .source_addr_adj = DMA_ADDR_ADJ_NO_CHANGE,
            .next_block = i == 0 ? &blocks[1] : NULL,
        };
    }
    config = (struct dma_config){
        .dma_slot = 4,
        .channel_direction = PERIPHERAL_TO_MEMORY,
        .half_complete_callback_en = 1,
        .cyclic = 1,
        .source_data_size = 1,
        .dest_data_size = 1,
        .block_count = count,
        .head_block = blocks,
        .dma_callback = note,
    };
}

static void receive(unsigned frames)
{
    model_send(USART1, frames);
    model_run(frames);
}

/* Whether memory holds the frames with numbers from `number` on. */
static bool holds(uintptr_t address, unsigned number, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (at(address)[i] != (uint8_t)(number + i)) {
            return false;
        }
    }
    return true;
}

ZTEST(dma_cyclic, ring_goes_round_by_itself)
{
    struct dma_status now;

    plan(1, 8);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    receive(8);
    zassert_true(told_is("hb"));
    zassert_true(holds(FIRST, 0, 8));
    receive(11);
    zassert_true(told_is("hb"));
    zassert_true(holds(FIRST, 16, 3) && holds(FIRST + 3, 11, 5));
    zassert_ok(dma_get_status(DMA, CHANNEL, &now));
    zassert_true(now.busy);
    zassert_equal(now.total_copied, 19);
    zassert_equal(now.write_position, 3);
    zassert_equal(now.free, 5);
    zassert_equal(dma_suspend(DMA, CHANNEL), -ENOSYS);
    zassert_ok(dma_stop(DMA, CHANNEL));
    receive(1);
    zassert_true(told_is(""));
    zassert_equal(at(FIRST + 3)[0], 11);
}

ZTEST(dma_cyclic, double_buffer_takes_turns_and_new_buffers)
{
    plan(2, 4);
    config.half_complete_callback_en = 0;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    receive(8);
    zassert_true(told_is("bb"));
    zassert_true(holds(FIRST, 0, 4) && holds(SECOND, 4, 4));
    /* The first is in use again; the second's place is taken by the third. */
    zassert_ok(dma_reload(DMA, CHANNEL, USART1 + USART_DR, THIRD, 4));
    receive(8);
    zassert_true(told_is("bb"));
    zassert_true(holds(FIRST, 8, 4) && holds(THIRD, 12, 4) && holds(SECOND, 4, 4));
    receive(2);
    zassert_ok(dma_reload(DMA, CHANNEL, USART1 + USART_DR, SECOND, 4));
    receive(4);
    zassert_true(holds(FIRST, 16, 4) && holds(SECOND, 20, 2));
    zassert_equal(dma_reload(DMA, CHANNEL, USART1 + USART_DR, SECOND, 5), -EINVAL);
    zassert_equal(dma_reload(DMA, CHANNEL, USART2 + USART_DR, SECOND, 4), -EINVAL);
}

ZTEST(dma_cyclic, double_buffer_becomes_a_ring)
{
    plan(2, 4);
    config.half_complete_callback_en = 0;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_reload(DMA, CHANNEL, USART1 + USART_DR, THIRD, 3));
    zassert_ok(dma_start(DMA, CHANNEL));
    receive(5);
    zassert_true(told_is("b"));
    zassert_true(holds(THIRD, 3, 2) && holds(THIRD + 2, 2, 1));
    zassert_equal(at(SECOND)[0], 0);
}

ZTEST(dma_cyclic, what_the_hardware_cannot_cycle_is_refused)
{
    plan(2, 4);
    blocks[1].block_size = 5;
    zassert_equal(dma_config(DMA, CHANNEL, &config), -ENOTSUP);
    plan(1, DMA_STM32_PIECE_MAX + 1);
    zassert_equal(dma_config(DMA, CHANNEL, &config), -EINVAL);
    plan(1, DMA_STM32_PIECE_MAX);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
}

ZTEST(dma_cyclic, suspend_loses_no_byte_of_a_peripheral)
{
    plan(1, 20);
    config.cyclic = 0;
    config.half_complete_callback_en = 0;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    for (unsigned i = 0; i < 20; i++) {
        zassert_ok(dma_suspend(DMA, CHANNEL));
        receive(1); /* waits in DR */
        zassert_ok(dma_resume(DMA, CHANNEL));
        model_beats(4);
    }
    zassert_true(told_is("c"));
    zassert_true(holds(FIRST, 0, 20));
}

ZTEST(dma_cyclic, packing_with_a_peripheral_cannot_be_suspended)
{
    plan(1, 16);
    config.cyclic = 0;
    config.half_complete_callback_en = 0;
    config.dest_data_size = 4;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_memory_writes = 0;
    receive(6);
    zassert_equal(model_memory_writes, 0, "not packed");
    zassert_equal(dma_suspend(DMA, CHANNEL), -ENOSYS);
    /* Stopping writes out what the FIFO holds (10.3.14). */
    zassert_ok(dma_stop(DMA, CHANNEL));
    zassert_true(holds(FIRST, 0, 6));
}
