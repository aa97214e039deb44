/* SPDX-License-Identifier: Apache-2.0 */
/* The DMA driver on the model: states, lists, modes, errors. */
#include <errno.h>

#include "../../drivers/dma_stm32.h"
#include "board.h"

#define DMA     DEVICE_GET(dma2)
#define CHANNEL 3

static int statuses[64];
static unsigned status_count;

static void before(void *fixture)
{
    board_before(fixture);
    status_count = 0;
}

ZTEST_SUITE(dma_stm32, NULL, NULL, before, model_after, NULL);

static void note(const struct device *dev, void *user_data, uint32_t channel, int status)
{
    zassert_equal_ptr(dev, DMA);
    zassert_equal_ptr(user_data, &status_count);
    ARG_UNUSED(channel);
    zassert_true(k_is_in_isr());
    if (status_count < ARRAY_SIZE(statuses)) {
        statuses[status_count++] = status;
    }
}

static struct dma_block_config block;
static struct dma_config config;

/* Bytes from SCRATCH to SCRATCH + 0x8000. */
static void plan_copy(uint32_t bytes)
{
    block = (struct dma_block_config){
        .source_address = SCRATCH, .dest_address = SCRATCH + 0x8000, .block_size = bytes};
    config = (struct dma_config){
        .channel_direction = MEMORY_TO_MEMORY,
        .source_data_size = 1,
        .dest_data_size = 1,
        .block_count = 1,
        .head_block = &block,
        .user_data = &status_count,
        .dma_callback = note,
    };
    for (uint32_t i = 0; i < bytes; i++) {
        at(SCRATCH)[i] = (uint8_t)(i * 7 + i / 256);
    }
}

static bool copied(uint32_t bytes)
{
    return memcmp(at(SCRATCH), at(SCRATCH + 0x8000), bytes) == 0 &&
           at(SCRATCH + 0x8000)[bytes] == 0;
}

static struct dma_status status(void)
{
    struct dma_status got;

    zassert_ok(dma_get_status(DMA, CHANNEL, &got));
    return got;
}

static bool told(unsigned count, int last)
{
    return status_count == count && (count == 0 || statuses[count - 1] == last);
}

ZTEST(dma_stm32, copies_and_tells_once)
{
    plan_copy(1000);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    zassert_true(status().busy);
    model_beats(2000);
    zassert_true(told(1, DMA_STATUS_COMPLETE));
    zassert_true(copied(1000));
    zassert_false(status().busy);
    zassert_equal(status().total_copied, 1000);
    /* The configuration is kept. */
    memset(at(SCRATCH + 0x8000), 0, 1000);
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(2000);
    zassert_true(told(2, DMA_STATUS_COMPLETE) && copied(1000));
}

ZTEST(dma_stm32, old_flags_do_not_keep_a_stream_from_starting)
{
    plan_copy(64);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    model_leave_flags(1, CHANNEL, DMA_FLAGS);
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_true(told(1, DMA_STATUS_COMPLETE) && copied(64));
}

ZTEST(dma_stm32, D4_states)
{
    struct dma_status got;

    zassert_equal(dma_start(DMA, 0), -EINVAL, "never configured");
    zassert_equal(dma_get_status(DMA, 0, &got), -EINVAL);
    zassert_equal(dma_reload(DMA, 0, SCRATCH, SCRATCH, 4), -EINVAL);
    zassert_equal(dma_suspend(DMA, 0), -EINVAL);
    zassert_equal(dma_resume(DMA, 0), -EINVAL);
    zassert_ok(dma_stop(DMA, 0));
    plan_copy(500);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_equal(dma_suspend(DMA, CHANNEL), -EINVAL);
    zassert_equal(dma_resume(DMA, CHANNEL), -EINVAL);
    zassert_ok(dma_start(DMA, CHANNEL));
    zassert_ok(dma_start(DMA, CHANNEL));
    zassert_ok(dma_resume(DMA, CHANNEL));
    zassert_equal(dma_config(DMA, CHANNEL, &config), -EBUSY);
    zassert_equal(dma_reload(DMA, CHANNEL, SCRATCH, SCRATCH + 0x8000, 4), -EBUSY);
    zassert_ok(dma_suspend(DMA, CHANNEL));
    zassert_ok(dma_suspend(DMA, CHANNEL));
    zassert_equal(dma_start(DMA, CHANNEL), -EINVAL);
    zassert_equal(dma_config(DMA, CHANNEL, &config), -EBUSY);
    zassert_ok(dma_resume(DMA, CHANNEL));
    zassert_ok(dma_stop(DMA, CHANNEL));
    zassert_ok(dma_stop(DMA, CHANNEL));
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_true(told(0, 0));
    zassert_equal(dma_start(DMA, 8), -EINVAL);
    zassert_equal(dma_stop(DMA, 8), -EINVAL);
    zassert_equal(dma_config(DMA, 8, &config), -EINVAL);
}

/* One thing wrong at a time. */
static int config_with(void (*spoil)(void))
{
    plan_copy(64);
    spoil();
    return dma_config(DMA, CHANNEL, &config);
}

#define SPOIL(name, statement)                                                                     \
    static void spoil_##name(void)                                                                 \
    {                                                                                              \
        statement;                                                                                 \
    }
SPOIL(nothing, (void)0)
SPOIL(no_block, config.head_block = NULL)
SPOIL(no_count, config.block_count = 0)
SPOIL(short_list, config.block_count = 2)
SPOIL(long_list, config.block_count = DMA_MAX_BLOCKS + 1)
SPOIL(no_bytes, block.block_size = 0)
SPOIL(odd_size, config.source_data_size = 3)
SPOIL(odd_address, config.dest_data_size = 4; block.dest_address += 2)
SPOIL(odd_length, config.dest_data_size = 4; block.block_size = 6)
SPOIL(odd_burst, config.dest_burst_length = 3)
SPOIL(big_burst, config.dest_data_size = 4; config.dest_burst_length = 32)
SPOIL(burst_threshold, config.dest_data_size = 4; config.dest_burst_length = 16;
      block.fifo_mode_control = 3)
SPOIL(threshold, block.fifo_mode_control = 5)
SPOIL(slot, config.dma_slot = 8)
SPOIL(priority, config.channel_priority = 4)
SPOIL(decrement, block.source_addr_adj = DMA_ADDR_ADJ_DECREMENT)
SPOIL(gather, block.source_gather_en = 1)
SPOIL(flow, block.flow_control_mode = 1)
SPOIL(ring, config.cyclic = 1)
SPOIL(direction, config.channel_direction = PERIPHERAL_TO_PERIPHERAL)

ZTEST(dma_stm32, config_refuses_what_the_hardware_cannot_do)
{
    static const struct {
        void (*spoil)(void);
        int result;
    } cases[] = {
        {spoil_nothing, 0},          {spoil_no_block, -EINVAL},    {spoil_no_count, -EINVAL},
        {spoil_short_list, -EINVAL}, {spoil_long_list, -ENOTSUP},  {spoil_no_bytes, -EINVAL},
        {spoil_odd_size, -EINVAL},   {spoil_odd_address, -EINVAL}, {spoil_odd_length, -EINVAL},
        {spoil_odd_burst, -EINVAL},  {spoil_big_burst, -EINVAL},   {spoil_burst_threshold, -EINVAL},
        {spoil_threshold, -EINVAL},  {spoil_slot, -EINVAL},        {spoil_priority, -EINVAL},
        {spoil_decrement, -ENOTSUP}, {spoil_gather, -ENOTSUP},     {spoil_flow, -ENOTSUP},
        {spoil_ring, -ENOTSUP},      {spoil_direction, -ENOTSUP},
    };

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        zassert_equal(config_with(cases[i].spoil), cases[i].result, "case %u", i);
    }
    plan_copy(64);
    zassert_equal(dma_config(DEVICE_GET(dma1), CHANNEL, &config), -ENOTSUP,
                  "DMA1 does not copy memory");
}

ZTEST(dma_stm32, every_pair_of_sizes_and_bursts_copies_right)
{
    static const uint8_t sizes[] = {1, 2, 4};
    static const uint8_t bursts[] = {1, 4, 8, 16};
    unsigned done = 0;

    for (unsigned i = 0; i < 3 * 3 * 4 * 4 * 5; i++) {
        uint32_t source = sizes[i % 3];
        uint32_t dest = sizes[i / 3 % 3];

        plan_copy(640);
        config.source_data_size = source & 0xff;
        config.dest_data_size = dest & 0xff;
        config.source_burst_length = (source * bursts[i / 9 % 4]) & 0xffff;
        config.dest_burst_length = (dest * bursts[i / 36 % 4]) & 0xffff;
        block.fifo_mode_control = i / 144 & 7;
        if (dma_config(DMA, CHANNEL, &config) != 0) {
            continue;
        }
        memset(at(SCRATCH + 0x8000), 0, 641);
        status_count = 0;
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(1000);
        zassert_true(told(1, DMA_STATUS_COMPLETE) && copied(640), "combination %u", i);
        done++;
    }
    zassert_true(done > 200, "%u combinations", done);
}

ZTEST(dma_stm32, long_block_goes_in_pieces)
{
    struct dma_status now;

    /* More than NDTR counts; the fixed destination needs no room. */
    plan_copy(16);
    block.dest_addr_adj = DMA_ADDR_ADJ_NO_CHANGE;
    block.source_addr_adj = DMA_ADDR_ADJ_NO_CHANGE;
    block.block_size = 150000;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(100000);
    now = status();
    zassert_between_inclusive(now.total_copied, 100000, 100100);
    zassert_equal(now.pending_length, 150000 - now.total_copied);
    zassert_true(told(0, 0));
    model_beats(100000);
    zassert_true(told(1, DMA_STATUS_COMPLETE));
    zassert_equal(status().total_copied, 150000);
}

ZTEST(dma_stm32, pieces_continue_where_the_last_ended)
{
    plan_copy(64);
    block.source_address = SRAM;
    block.dest_address = SRAM + 0x11000;
    block.block_size = 70000;
    for (uint32_t i = 0; i < 70000; i++) {
        at(SRAM + 0x11000)[i] = 0;
    }
    at(SRAM + 0x10000)[0xffe] = 0x5a; /* byte 69630 is in the second piece */
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(100000);
    zassert_true(told(1, DMA_STATUS_COMPLETE));
    zassert_mem_equal(at(SRAM + 0x11000 + 65000), at(SRAM + 65000), 4096);
}

static void plan_list(struct dma_block_config *blocks, unsigned count)
{
    plan_copy(1000);
    for (unsigned i = 0; i < count; i++) {
        blocks[i] = (struct dma_block_config){
            .source_address = SCRATCH + 100 * i,
            .dest_address = SCRATCH + 0x8000 + 100 * i,
            .block_size = 10 + i,
            .next_block = i + 1 < count ? &blocks[i + 1] : NULL,
        };
    }
    config.head_block = blocks;
    config.block_count = count;
}

ZTEST(dma_stm32, list_of_blocks)
{
    struct dma_block_config blocks[DMA_MAX_BLOCKS];

    for (unsigned each = 0; each < 2; each++) {
        plan_list(blocks, DMA_MAX_BLOCKS);
        config.complete_callback_en = each & 1;
        status_count = 0;
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        memset(at(SCRATCH + 0x8000), 0, 1000);
        memset(blocks, 0xff, sizeof(blocks)); /* copied by dma_config */
        zassert_ok(dma_start(DMA, CHANNEL));
        zassert_true(status().pending_length > 30);
        model_beats(1000);
        for (unsigned i = 0; i < DMA_MAX_BLOCKS; i++) {
            zassert_mem_equal(at(SCRATCH + 0x8000 + 100 * i), at(SCRATCH + 100 * i), 10 + i);
            zassert_equal(at(SCRATCH + 0x8000 + 100 * i)[10 + i], 0);
        }
        zassert_true(told(each == 0 ? 1 : DMA_MAX_BLOCKS, DMA_STATUS_COMPLETE));
        zassert_true(each == 0 || statuses[0] == DMA_STATUS_BLOCK);
        zassert_equal(status().total_copied, 10 + 11 + 12 + 13);
    }
}

static void restart(const struct device *dev, void *user_data, uint32_t channel, int result)
{
    note(dev, user_data, channel, result);
    if (status_count < 4) {
        uint32_t from = SCRATCH + 0x8000 + 256 * (status_count - 1);

        zassert_ok(dma_reload(dev, channel, from, from + 256, 256));
        zassert_ok(dma_start(dev, channel));
    }
}

ZTEST(dma_stm32, callback_restarts)
{
    plan_copy(256);
    config.dma_callback = restart;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(3000);
    zassert_true(told(4, DMA_STATUS_COMPLETE));
    zassert_mem_equal(at(SCRATCH + 0x8000 + 768), at(SCRATCH), 256);
}

ZTEST(dma_stm32, half_is_told)
{
    plan_copy(100);
    config.half_complete_callback_en = 1;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(60);
    zassert_true(told(1, DMA_STATUS_HALF_COMPLETE));
    model_beats(100);
    zassert_true(told(2, DMA_STATUS_COMPLETE));
}

/* Stop. Disabling sets the complete flag; nobody may hear of it. */
ZTEST(dma_stm32, D4_stop_at_every_moment_is_silent_and_counts_right)
{
    for (unsigned beats = 0; beats < 60; beats++) {
        struct dma_status after;

        before(NULL);
        plan_copy(64);
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(beats);
        if (status_count != 0) {
            break;
        }
        zassert_ok(dma_stop(DMA, CHANNEL));
        after = status();
        model_beats(100);
        zassert_true(told(0, 0), "stopped after %u beats", beats);
        zassert_true(!after.busy && copied((uint32_t)after.total_copied), "%u of %u copied", beats,
                     (unsigned)after.total_copied);
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(200);
        zassert_true(told(1, DMA_STATUS_COMPLETE) && copied(64));
        zassert_equal(model_violations, 0);
    }
}

ZTEST(dma_stm32, D4_stop_makes_no_interrupt)
{
    unsigned handled;

    plan_copy(640);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    handled = model_flag_reads;
    zassert_ok(dma_stop(DMA, CHANNEL));
    model_beats(4);
    zassert_equal(model_flag_reads, handled, "the flag that disabling sets has interrupted");
}

ZTEST(dma_stm32, D4_interrupt_that_was_pending_at_stop_is_stale)
{
    unsigned key;

    plan_copy(64);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    key = irq_lock();
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_true(copied(64));
    zassert_ok(dma_stop(DMA, CHANNEL));
    irq_unlock(key);
    zassert_true(told(0, 0), "the interrupt of the stopped transfer called back");
    key = irq_lock();
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_ok(dma_stop(DMA, CHANNEL));
    zassert_ok(dma_start(DMA, CHANNEL));
    irq_unlock(key);
    zassert_true(told(0, 0) || status().total_copied == 64,
                 "the old interrupt ended the new transfer");
    model_beats(200);
    zassert_true(told(1, DMA_STATUS_COMPLETE));
}

ZTEST(dma_stm32, suspend_at_every_moment)
{
    for (unsigned beats = 0; beats < 80; beats++) {
        uint64_t total;
        unsigned key;

        before(NULL);
        plan_copy(64);
        config.dest_data_size = 4;
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        key = irq_lock(); /* the interrupt of a transfer that has ended comes later */
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(beats);
        zassert_ok(dma_suspend(DMA, CHANNEL));
        irq_unlock(key);
        total = status().total_copied;
        model_beats(100);
        zassert_true(status().busy);
        zassert_equal(status().total_copied, total, "it moves while suspended");
        zassert_equal(status().pending_length, 64 - total);
        zassert_true(told(0, 0));
        zassert_ok(dma_resume(DMA, CHANNEL));
        model_beats(200);
        zassert_true(told(1, DMA_STATUS_COMPLETE) && copied(64), "suspended after %u beats", beats);
        zassert_equal(status().total_copied, 64);
        zassert_equal(model_violations, 0);
    }
}

/* The end of a block that is not the last is owed, too: the next one starts with it. */
ZTEST(dma_stm32, suspend_at_every_moment_of_a_list)
{
    struct dma_block_config blocks[3];

    for (unsigned beats = 0; beats < 80; beats++) {
        unsigned key;

        before(NULL);
        plan_list(blocks, 3);
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        memset(at(SCRATCH + 0x8000), 0, 300);
        key = irq_lock();
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(beats);
        zassert_ok(dma_suspend(DMA, CHANNEL));
        irq_unlock(key);
        zassert_ok(dma_resume(DMA, CHANNEL));
        model_beats(300);
        zassert_true(told(1, DMA_STATUS_COMPLETE), "suspended after %u beats", beats);
        zassert_equal(status().total_copied, 10 + 11 + 12);
        for (unsigned i = 0; i < 3; i++) {
            zassert_mem_equal(at(SCRATCH + 0x8000 + 100 * i), at(SCRATCH + 100 * i), 10 + i);
        }
        zassert_equal(model_violations, 0);
    }
}

ZTEST(dma_stm32, stop_while_suspended)
{
    plan_copy(64);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    zassert_ok(dma_suspend(DMA, CHANNEL));
    zassert_ok(dma_stop(DMA, CHANNEL));
    zassert_false(status().busy);
    zassert_equal(dma_resume(DMA, CHANNEL), -EINVAL);
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_true(told(1, DMA_STATUS_COMPLETE) && copied(64));
}

ZTEST(dma_stm32, an_owed_end_is_told_once_or_never)
{
    for (unsigned resumed = 0; resumed < 2; resumed++) {
        unsigned key;

        before(NULL);
        plan_copy(64);
        config.half_complete_callback_en = 1;
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        key = irq_lock();
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(100);
        zassert_ok(dma_suspend(DMA, CHANNEL));
        zassert_ok(resumed != 0 ? dma_resume(DMA, CHANNEL) : dma_stop(DMA, CHANNEL));
        irq_unlock(key);
        zassert_true(told(resumed, DMA_STATUS_COMPLETE));
        status_count = 0;
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(40);
        zassert_true(told(1, DMA_STATUS_HALF_COMPLETE), "the old end was told");
        model_beats(100);
        zassert_true(told(2, DMA_STATUS_COMPLETE));
    }
}

/* Errors. */

ZTEST(dma_stm32, D6_memory_out_of_reach_is_an_error)
{
    for (unsigned side = 0; side < 2; side++) {
        before(NULL);
        plan_copy(64);
        block.source_address = side == 0 ? CCM + 0x8000 : SCRATCH;
        block.dest_address = side == 0 ? SCRATCH : CCM + 0x8000;
        memset(at(CCM + 0x8000), 0x77, 64);
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(200);
        zassert_true(told(1, -EIO));
        zassert_false(status().busy);
        zassert_equal(at(CCM + 0x8000)[0], 0x77);
        /* And the channel is usable. */
        plan_copy(64);
        zassert_ok(dma_config(DMA, CHANNEL, &config));
        zassert_ok(dma_start(DMA, CHANNEL));
        model_beats(200);
        zassert_true(told(2, DMA_STATUS_COMPLETE) && copied(64));
    }
}

ZTEST(dma_stm32, error_is_silent_when_nobody_wants_it)
{
    plan_copy(64);
    block.source_address = CCM + 0x8000;
    config.error_callback_dis = 1;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_true(told(0, 0));
    zassert_false(status().busy);
}

ZTEST(dma_stm32, stuck_copy_is_timed_out)
{
    plan_copy(64);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    model_dma_frozen = true;
    zassert_ok(dma_start(DMA, CHANNEL));
    k_msleep(CONFIG_DMA_STUCK_MS - 2);
    zassert_true(told(0, 0));
    k_msleep(4);
    zassert_true(told(1, -ETIMEDOUT));
    zassert_false(status().busy);
    model_dma_frozen = false;
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_true(told(2, DMA_STATUS_COMPLETE) && copied(64));
    k_msleep(2 * CONFIG_DMA_STUCK_MS);
    plan_copy(64);
    config.half_complete_callback_en = 1;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_beats(200);
    zassert_true(told(4, DMA_STATUS_COMPLETE), "the watchdog outlived the transfer");
    zassert_equal(statuses[2], DMA_STATUS_HALF_COMPLETE);
}

ZTEST(dma_stm32, stream_that_does_not_stop_keeps_its_memory)
{
    plan_copy(0x7000);
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    zassert_ok(dma_start(DMA, CHANNEL));
    model_stop_delay = UINT32_MAX;
    zassert_equal(dma_stop(DMA, CHANNEL), -ETIMEDOUT);
    zassert_true(status().busy);
    zassert_equal(dma_config(DMA, CHANNEL, &config), -EBUSY);
    zassert_equal(dma_suspend(DMA, CHANNEL), -ETIMEDOUT);
    zassert_true(told(0, 0));
    model_before(NULL); /* reset of the chip */
    zassert_ok(dma_stop(DMA, CHANNEL));
}

/* A flag that nothing clears, or a handler at two priorities, would look like this. */
static void interrupt_again(const struct device *dev, void *user_data, uint32_t channel, int status)
{
    struct dma_stm32_data *data = dev->data;

    ARG_UNUSED(user_data);
    zassert_equal(status, DMA_STATUS_BLOCK);
    ztest_expect_invariant("D10");
    model_leave_flags(1, channel, DMA_FLAG_COMPLETE);
    dma_stm32_isr(&data->channels[channel]);
    zassert_unreachable("it was taken for the end of the second block");
}

/* In this thread, where a broken invariant can be caught. */
ZTEST(dma_stm32, D10_end_of_a_piece_that_was_not_begun)
{
    struct dma_stm32_data *data = DMA->data;
    struct dma_block_config blocks[2];

    plan_list(blocks, 2);
    config.complete_callback_en = 1;
    config.dma_callback = interrupt_again;
    zassert_ok(dma_config(DMA, CHANNEL, &config));
    model_dma_frozen = true;
    zassert_ok(dma_start(DMA, CHANNEL));
    model_leave_flags(1, CHANNEL, DMA_FLAG_COMPLETE);
    dma_stm32_isr(&data->channels[CHANNEL]);
}

/* Arbitration (10.3.4): the driver's channel_priority is what decides. */

static void start_copy(uint32_t channel, uint32_t priority)
{
    plan_copy(16);
    config.channel_priority = priority & 0xf;
    zassert_ok(dma_config(DMA, channel, &config));
    zassert_ok(dma_start(DMA, channel));
}

ZTEST(dma_stm32, priority_decides_then_the_stream_number)
{
    model_dma_frozen = true;
    start_copy(1, 0);
    start_copy(4, 3);
    start_copy(5, 1);
    start_copy(2, 1);
    model_dma_frozen = false;
    model_beats(64);
    zassert_true(
        strncmp(model_grants, "EEEEEEEEEEEEEEEECCCCCCCCCCCCCCCCFFFFFFFFFFFFFFFFBBBB", 52) == 0,
        "%s", model_grants);
    zassert_equal(status_count, 4);
}

ZTEST(dma_stm32, channels_have_owners)
{
    uint32_t wanted = 6;
    int channel = dma_request_channel(DMA, &wanted);

    zassert_equal(channel, 6);
    zassert_equal(dma_request_channel(DMA, &wanted), -EINVAL);
    dma_release_channel(DMA, 6);
    zassert_equal(dma_request_channel(DMA, &wanted), 6);
    dma_release_channel(DMA, 6);
}

ZTEST(dma_stm32, attributes)
{
    uint32_t value;

    zassert_ok(dma_get_attribute(DMA, DMA_ATTR_MAX_BLOCK_COUNT, &value));
    zassert_equal(value, DMA_MAX_BLOCKS);
    zassert_ok(dma_get_attribute(DMA, DMA_ATTR_COPY_ALIGNMENT, &value));
    zassert_equal(value, 1);
    zassert_equal(dma_get_attribute(DMA, 99, &value), -EINVAL);
}
