/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_pl081.h"

#include "dma_pl081_shape.h"

/* DDI 0218, chapter 3 "Programmer's Model". */
struct channel_registers {
    volatile uint32_t source;
    volatile uint32_t dest;
    volatile uint32_t lli;
    volatile uint32_t control;
    volatile uint32_t configuration;
    uint32_t reserved[3];
};

struct pl081_registers {
    const volatile uint32_t int_status;
    const volatile uint32_t int_tc_status;
    volatile uint32_t int_tc_clear;
    const volatile uint32_t int_error_status;
    volatile uint32_t int_error_clear;
    const volatile uint32_t raw_int_tc;
    const volatile uint32_t raw_int_error;
    const volatile uint32_t enabled_channels;
    uint32_t reserved0[4];
    volatile uint32_t configuration;
    volatile uint32_t sync;
    uint32_t reserved1[50];
    struct channel_registers channel[DMA_PL081_CHANNELS];
};
BUILD_ASSERT(offsetof(struct pl081_registers, configuration) == 0x30, "DDI 0218");
BUILD_ASSERT(offsetof(struct pl081_registers, channel) == 0x100, "DDI 0218");
BUILD_ASSERT(sizeof(struct channel_registers) == 0x20, "DDI 0218");

#define CONFIGURATION_ENABLE BIT(0)

#define CONTROL_SOURCE_INCREMENT BIT(26)
#define CONTROL_DEST_INCREMENT   BIT(27)
#define CONTROL_INTERRUPT        BIT(31)

#define CHANNEL_ENABLE          BIT(0) /* flow control bits 0: memory to memory */
#define CHANNEL_INTERRUPT_ERROR BIT(14)
#define CHANNEL_INTERRUPT_TC    BIT(15)
#define CHANNEL_ACTIVE          BIT(17)
#define CHANNEL_HALT            BIT(18)

/* After Halt the FIFO drains within a few bus cycles. */
#define DRAIN_LOOKS 1000u

static const struct dma_pl081_config *config_of(const struct dma_channel *channel)
{
    return channel->dev->config;
}

static struct pl081_registers *registers_of(const struct dma_channel *channel)
{
    return (struct pl081_registers *)config_of(channel)->registers;
}

static struct channel_registers *channel_registers_of(const struct dma_channel *channel)
{
    return &registers_of(channel)->channel[channel->number];
}

static bool is_active_locked(const struct dma_channel *channel)
{
    return (registers_of(channel)->enabled_channels & BIT(channel->number)) != 0;
}

/* The order of DDI 0218, "Programming a DMA channel". */
static void start_locked(struct dma_channel *channel, uintptr_t source, uintptr_t dest)
{
    const struct dma_job *job = &channel->job;
    const struct dma_block *block = &job->blocks[channel->block];
    struct pl081_registers *regs = registers_of(channel);
    struct channel_registers *target = channel_registers_of(channel);
    uintptr_t alias_bits = config_of(channel)->alias_bits;

    regs->int_tc_clear = BIT(channel->number);
    regs->int_error_clear = BIT(channel->number);
    target->source = source & ~alias_bits;
    target->dest = dest & ~alias_bits;
    target->lli = 0;
    target->control = job->control | channel->piece_bytes >> job->width_shift |
                      (channel->polled ? 0 : CONTROL_INTERRUPT) |
                      (block->source_fixed ? 0 : CONTROL_SOURCE_INCREMENT) |
                      (block->dest_fixed ? 0 : CONTROL_DEST_INCREMENT);
    target->configuration = CHANNEL_ENABLE | CHANNEL_INTERRUPT_ERROR | CHANNEL_INTERRUPT_TC;
    /* Nothing on silicon. QEMU 7.2 performs the transfer in the store above and forgets to raise
     * the interrupt line until the next access of this kind. */
    regs->int_tc_clear = 0;
}

/* The size field counts down (DDI 0218, "Transfer size"). */
static uint32_t left_locked(const struct dma_channel *channel)
{
    return (channel_registers_of(channel)->control & DMA_PL081_PIECE_MAX)
           << channel->job.width_shift;
}

/* DDI 0218, "Disabling a DMA channel without losing data". The flag may be set, but it is masked
 * now; the interrupt or the next start clears it. */
static int stop_locked(struct dma_channel *channel)
{
    struct channel_registers *target = channel_registers_of(channel);

    if (is_active_locked(channel)) {
        target->configuration |= CHANNEL_HALT;
        for (unsigned look = 0; look < DRAIN_LOOKS && (target->configuration & CHANNEL_ACTIVE) != 0;
             look++) {
        }
    }
    target->configuration = 0;
    return 0;
}

static uint32_t events_take_locked(struct dma_channel *channel)
{
    struct pl081_registers *regs = registers_of(channel);
    uint32_t bit = BIT(channel->number);
    uint32_t complete = regs->int_tc_status & bit;
    uint32_t refused = regs->int_error_status & bit;

    regs->int_tc_clear = complete;
    regs->int_error_clear = refused;
    return (complete != 0 ? DMA_EVENT_COMPLETE : 0) | (refused != 0 ? DMA_EVENT_ERROR : 0);
}

static void wake(const struct dma_channel *channel)
{
    irq_pend(config_of(channel)->irq);
}

void dma_pl081_isr(const void *arg)
{
    const struct device *dev = arg;
    struct dma_pl081_data *data = dev->data;

    for (unsigned i = 0; i < DMA_PL081_CHANNELS; i++) {
        dma_channel_serve(&data->channels[i]);
    }
}

const struct dma_driver_api dma_pl081_api = {
    .shape = dma_pl081_shape,
    .start_locked = start_locked,
    .stop_locked = stop_locked,
    .left_locked = left_locked,
    .events_take_locked = events_take_locked,
    .is_active_locked = is_active_locked,
    .wake = wake,
};

int dma_pl081_init(const struct device *dev)
{
    const struct dma_pl081_config *config = dev->config;
    struct dma_pl081_data *data = dev->data;

    dma_context_init(dev, data->channels, DMA_PL081_CHANNELS);
    registers_of(&data->channels[0])->configuration = CONFIGURATION_ENABLE;
    config->connect();
    irq_enable(config->irq);
    return 0;
}
