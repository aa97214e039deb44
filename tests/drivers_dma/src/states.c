/* SPDX-License-Identifier: Apache-2.0 */
/* What may be called when, and that what was stopped stays silent. */
#include <limits.h>

#include "dma_fixture.h"

ZTEST_SUITE(dma_states, NULL, NULL, dma_before, dma_after, NULL);

#define NO_CHANNEL 2u

ZTEST(dma_states, test_no_such_channel)
{
    struct dma_block_config block = block_of(0, 1);
    struct dma_config config = config_of(&block);
    struct dma_status status;

    zassert_equal(dma_config(dma, NO_CHANNEL, &config), -EINVAL);
    zassert_equal(dma_reload(dma, NO_CHANNEL, (uintptr_t)from, (uintptr_t)to, 1), -EINVAL);
    zassert_equal(dma_start(dma, NO_CHANNEL), -EINVAL);
    zassert_equal(dma_stop(dma, NO_CHANNEL), -EINVAL);
    zassert_equal(dma_suspend(dma, NO_CHANNEL), -EINVAL);
    zassert_equal(dma_resume(dma, NO_CHANNEL), -EINVAL);
    zassert_equal(dma_get_status(dma, NO_CHANNEL, &status), -EINVAL);
}

/* dma2 has no user in this program: its channels were never configured. */
ZTEST(dma_states, test_never_configured)
{
    const struct device *fresh = device_get_binding("dma2");
    struct dma_status status;

    zassert_not_null(fresh);
    zassert_equal(dma_start(fresh, 0), -EINVAL);
    zassert_equal(dma_reload(fresh, 0, (uintptr_t)from, (uintptr_t)to, 1), -EINVAL);
    zassert_equal(dma_suspend(fresh, 0), -EINVAL);
    zassert_equal(dma_resume(fresh, 0), -EINVAL);
    zassert_equal(dma_get_status(fresh, 0, &status), -EINVAL);
    zassert_ok(dma_stop(fresh, 0), "stop of what never ran must succeed");
}

struct refusal {
    const char *why;
    int result;
    void (*spoil)(struct dma_config *config);
};

#define SPOIL(name, statement)                                                                     \
    static void name(struct dma_config *config)                                                    \
    {                                                                                              \
        statement;                                                                                 \
    }
SPOIL(no_block, config->block_count = 0)
SPOIL(list_too_short, config->block_count = 2)
SPOIL(too_many, config->block_count = 5)
SPOIL(no_bytes, config->head_block->block_size = 0)
SPOIL(width_three, config->source_data_size = config->dest_data_size = 3)
SPOIL(widths_differ, config->dest_data_size = 4)
SPOIL(odd_size,
      (config->source_data_size = config->dest_data_size = 2, config->head_block->block_size = 5))
SPOIL(odd_source, (config->source_data_size = config->dest_data_size = 4,
                   config->head_block->source_address += 2))
SPOIL(odd_dest, (config->source_data_size = config->dest_data_size = 4,
                 config->head_block->dest_address += 1))
SPOIL(burst_two, config->source_burst_length = 2)
SPOIL(burst_huge, config->dest_burst_length = 512)
SPOIL(decrement, config->head_block->source_addr_adj = DMA_ADDR_ADJ_DECREMENT)
SPOIL(gather, config->head_block->source_gather_en = 1)
SPOIL(scatter, config->head_block->dest_scatter_en = 1)
SPOIL(reloading, config->head_block->dest_reload_en = 1)
SPOIL(to_peripheral, config->channel_direction = MEMORY_TO_PERIPHERAL)
SPOIL(cyclic, config->cyclic = 1)
SPOIL(halves, config->half_complete_callback_en = 1)
SPOIL(chained, config->source_chaining_en = 1)

static const struct refusal refusals[] = {
    {"no block", -EINVAL, no_block},
    {"list shorter than block_count", -EINVAL, list_too_short},
    {"more blocks than the driver keeps", -ENOTSUP, too_many},
    {"no bytes", -EINVAL, no_bytes},
    {"width 3", -EINVAL, width_three},
    {"different widths", -ENOTSUP, widths_differ},
    {"size no multiple of the width", -EINVAL, odd_size},
    {"source no multiple of the width", -EINVAL, odd_source},
    {"destination no multiple of the width", -EINVAL, odd_dest},
    {"burst of 2", -EINVAL, burst_two},
    {"burst of 512", -EINVAL, burst_huge},
    {"decrement", -ENOTSUP, decrement},
    {"gather", -ENOTSUP, gather},
    {"scatter", -ENOTSUP, scatter},
    {"reload", -ENOTSUP, reloading},
    {"to a peripheral", -ENOTSUP, to_peripheral},
    {"cyclic", -ENOTSUP, cyclic},
    {"half complete", -ENOTSUP, halves},
    {"chaining", -ENOTSUP, chained},
};

ZTEST(dma_states, test_refused_configurations_change_nothing)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);

    zassert_ok(dma_config(dma, channel, &config));
    for (unsigned i = 0; i < ARRAY_SIZE(refusals); i++) {
        struct dma_block_config bad_block = block_of(4000, 64);
        struct dma_config bad = config_of(&bad_block);

        refusals[i].spoil(&bad);
        zexpect_equal(dma_config(dma, channel, &bad), refusals[i].result, "%s", refusals[i].why);
    }
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_mem_equal(from, to, 64);
    zassert_equal(to[4000], 0xee);
}

ZTEST(dma_states, test_reload_replaces_the_block_and_keeps_the_rest)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);

    config.source_data_size = config.dest_data_size = 4;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_equal(dma_reload(dma, channel, (uintptr_t)from + 2, (uintptr_t)to, 8), -EINVAL);
    zassert_equal(dma_reload(dma, channel, (uintptr_t)from, (uintptr_t)to, 0), -EINVAL);
    zassert_ok(dma_reload(dma, channel, (uintptr_t)from + 400, (uintptr_t)to + 400, 8));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_mem_equal(from + 400, to + 400, 8);
    zassert_equal(to[0], 0xee);
}

/* With interrupts locked the transfer is over at once, but the driver has not heard of it: the
 * longest RUNNING that the emulated controller can show. */
ZTEST(dma_states, test_running)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    struct dma_status status;
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    key = irq_lock();
    zexpect_ok(dma_start(dma, channel));
    zexpect_ok(dma_start(dma, channel), "start of a running channel must succeed");
    zexpect_ok(dma_resume(dma, channel), "resume of a running channel must succeed");
    zexpect_equal(dma_config(dma, channel, &config), -EBUSY);
    zexpect_equal(dma_reload(dma, channel, (uintptr_t)from, (uintptr_t)to, 1), -EBUSY);
    zexpect_ok(dma_get_status(dma, channel, &status));
    zexpect_true(status.busy);
    irq_unlock(key);
    zassert_equal(record.count, 1, "the interrupt did not come of itself");
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(next_status(), INT_MAX, "a second start ran the transfer again");
}

ZTEST(dma_states, test_stop_is_idempotent_and_D4_silent)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    struct dma_status status;
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_stop(dma, channel));
    key = irq_lock();
    zexpect_ok(dma_start(dma, channel));
    zexpect_ok(dma_stop(dma, channel));
    zexpect_ok(dma_stop(dma, channel));
    irq_unlock(key);
    zassert_equal(next_status(), INT_MAX,
                  "the interrupt of a stopped transfer reached the callback");
    zassert_ok(dma_get_status(dma, channel, &status));
    zassert_false(status.busy);
    zassert_equal(status.total_copied, 64);
    zassert_ok(dma_start(dma, channel), "CONFIGURED after stop");
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
}

/* The interrupt of the first start is pending while the second one runs: one call, not two. */
ZTEST(dma_states, test_D4_restart_before_the_interrupt)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    key = irq_lock();
    for (unsigned i = 0; i < 3; i++) {
        zexpect_ok(dma_start(dma, channel));
        zexpect_ok(dma_stop(dma, channel));
    }
    zexpect_ok(dma_start(dma, channel));
    irq_unlock(key);
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(next_status(), INT_MAX);
}

/* The end came before the pause, the interrupt after it: nobody hears of it before resume. */
ZTEST(dma_states, test_the_end_of_a_suspended_transfer_is_told_by_resume)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    struct dma_status status;
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    key = irq_lock();
    zexpect_ok(dma_start(dma, channel));
    zexpect_ok(dma_suspend(dma, channel));
    irq_unlock(key);
    zassert_equal(next_status(), INT_MAX, "told while suspended");
    zassert_ok(dma_get_status(dma, channel, &status));
    zassert_true(status.busy);
    zassert_equal(status.pending_length, 0);
    zassert_ok(dma_resume(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(next_status(), INT_MAX);
    zassert_ok(dma_get_status(dma, channel, &status));
    zassert_false(status.busy);
    zassert_equal(status.total_copied, 64);
}

static struct dma_block_config three[3];

static struct dma_config config_three(void)
{
    struct dma_config config = config_of(three);

    for (unsigned i = 0; i < 3; i++) {
        three[i] = block_of(i * 5000, 4200);
        three[i].next_block = i < 2 ? &three[i + 1] : NULL;
    }
    config.block_count = 3;
    config.complete_callback_en = 1;
    return config;
}

static void suspend_after_first(const struct device *dev, uint32_t number, int status)
{
    if (status == DMA_STATUS_BLOCK && record.count == 1) {
        zexpect_ok(dma_suspend(dev, number));
        zexpect_ok(dma_suspend(dev, number), "suspend of a suspended channel must succeed");
    }
}

ZTEST(dma_states, test_suspended_transfer_stands_still_and_goes_on)
{
    struct dma_config config = config_three();
    struct dma_status first;
    struct dma_status later;

    record.also = suspend_after_first;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_ok(dma_get_status(dma, channel, &first));
    zassert_equal(next_status(), INT_MAX, "it went on, or the watchdog took the pause for an end");
    zassert_ok(dma_get_status(dma, channel, &later));
    zassert_true(later.busy);
    zassert_equal(first.pending_length, 8400);
    zassert_equal(later.pending_length, 8400);
    zassert_equal(later.total_copied, 4200);
    zassert_equal(to[5000], 0xee);
    zassert_equal(dma_start(dma, channel), -EINVAL);
    zassert_equal(dma_config(dma, channel, &config), -EBUSY);
    zassert_ok(dma_resume(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_mem_equal(from + 10000, to + 10000, 4200);
    zassert_equal(dma_suspend(dma, channel), -EINVAL);
    zassert_equal(dma_resume(dma, channel), -EINVAL);
}

static void stop_after_first(const struct device *dev, uint32_t number, int status)
{
    ARG_UNUSED(status);
    zexpect_ok(dma_stop(dev, number));
}

ZTEST(dma_states, test_stop_in_the_callback)
{
    struct dma_config config = config_three();

    record.also = stop_after_first;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), INT_MAX);
    zassert_equal(to[5000], 0xee);
}

static void begin_again_after_first(const struct device *dev, uint32_t number, int status)
{
    if (status == DMA_STATUS_BLOCK && record.count == 1) {
        zexpect_ok(dma_stop(dev, number));
        zexpect_ok(dma_start(dev, number));
    }
}

ZTEST(dma_states, test_stop_and_start_in_the_callback)
{
    struct dma_config config = config_three();

    record.also = begin_again_after_first;
    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), DMA_STATUS_BLOCK);
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_equal(next_status(), INT_MAX);
}

ZTEST(dma_states, test_channels_have_one_owner)
{
    uint32_t wanted = channel;
    int other = dma_request_channel(dma, NULL);

    zassert_true(other >= 0 && other != (int)channel);
    zassert_equal(dma_request_channel(dma, NULL), -EINVAL, "there are two");
    zassert_equal(dma_request_channel(dma, &wanted), -EINVAL);
    dma_release_channel(dma, (uint32_t)other);
    zassert_equal(dma_request_channel(dma, &wanted), -EINVAL, "that one is not free");
    wanted = (uint32_t)other;
    zassert_equal(dma_request_channel(dma, &wanted), other);
    dma_release_channel(dma, wanted);
}

ZTEST(dma_states, test_release_stops)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    key = irq_lock();
    zexpect_ok(dma_start(dma, channel));
    dma_release_channel(dma, channel);
    irq_unlock(key);
    zassert_equal(next_status(), INT_MAX);
    zassert_equal(dma_request_channel(dma, &channel), (int)channel);
}

ZTEST(dma_states, test_attributes)
{
    uint32_t value;

    for (uint32_t type = DMA_ATTR_BUFFER_ADDRESS_ALIGNMENT; type <= DMA_ATTR_COPY_ALIGNMENT;
         type++) {
        zassert_ok(dma_get_attribute(dma, type, &value));
        zassert_equal(value, 1);
    }
    zassert_ok(dma_get_attribute(dma, DMA_ATTR_MAX_BLOCK_COUNT, &value));
    zassert_equal(value, 4);
    zassert_equal(dma_get_attribute(dma, 99, &value), -EINVAL);
}
