/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_pl081_piece.h"

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

static const struct dma_pl081_config *config_of(const struct device *dev)
{
    return dev->config;
}

static struct pl081_registers *registers_of(const struct device *dev)
{
    return (struct pl081_registers *)config_of(dev)->registers;
}

static uint32_t index_of(const struct dma_pl081_channel *channel)
{
    return (uint32_t)(channel - ((struct dma_pl081_data *)channel->dev->data)->channels);
}

static struct channel_registers *channel_registers_of(const struct dma_pl081_channel *channel)
{
    return &registers_of(channel->dev)->channel[index_of(channel)];
}

bool dma_pl081_piece_is_active(const struct dma_pl081_channel *channel)
{
    return (registers_of(channel->dev)->enabled_channels & BIT(index_of(channel))) != 0;
}

void dma_pl081_piece_account_locked(struct dma_pl081_channel *channel)
{
    channel->done_bytes += channel->piece_bytes;
    channel->total_bytes += channel->piece_bytes;
    channel->piece_bytes = 0;
}

static void watchdog_expired(struct timeout *timeout)
{
    struct dma_pl081_channel *channel = CONTAINER_OF(timeout, struct dma_pl081_channel, watchdog);

    /* The callback's place is the controller's interrupt, where nothing is locked. */
    channel->stuck = true;
    irq_pend(config_of(channel->dev)->irq);
}

static void watch_locked(struct dma_pl081_channel *channel)
{
    timeout_start_locked(&channel->watchdog, K_MSEC(CONFIG_DMA_STUCK_MS), watchdog_expired);
}

/* The order of DDI 0218, "Programming a DMA channel". */
void dma_pl081_piece_start_locked(struct dma_pl081_channel *channel)
{
    const struct dma_pl081_block *block = &channel->blocks[channel->block];
    struct pl081_registers *regs = registers_of(channel->dev);
    struct channel_registers *target = channel_registers_of(channel);
    uint32_t left = block->bytes - channel->done_bytes;
    uint32_t bytes = MIN(left, DMA_PL081_PIECE_MAX << channel->width_shift);
    uint32_t interrupt = channel->uses_interrupt ? CONTROL_INTERRUPT : 0;
    uintptr_t alias_bits = config_of(channel->dev)->alias_bits;

    channel->piece_bytes = bytes;
    channel->stuck = false;
    regs->int_tc_clear = BIT(index_of(channel));
    regs->int_error_clear = BIT(index_of(channel));
    target->source =
        (block->source + (block->source_fixed ? 0 : channel->done_bytes)) & ~alias_bits;
    target->dest = (block->dest + (block->dest_fixed ? 0 : channel->done_bytes)) & ~alias_bits;
    target->lli = 0;
    target->control = channel->control | interrupt | bytes >> channel->width_shift |
                      (block->source_fixed ? 0 : CONTROL_SOURCE_INCREMENT) |
                      (block->dest_fixed ? 0 : CONTROL_DEST_INCREMENT);
    if (interrupt != 0) {
        watch_locked(channel);
    }
    target->configuration = CHANNEL_ENABLE | CHANNEL_INTERRUPT_ERROR | CHANNEL_INTERRUPT_TC;
    /* Nothing on silicon. QEMU 7.2 performs the transfer in the store above and forgets to raise
     * the interrupt line until the next access of this kind. */
    regs->int_tc_clear = 0;
}

/* Bytes of the present piece that have been moved: the size field counts down (DDI 0218,
 * "Transfer size"). */
uint32_t dma_pl081_piece_moved_locked(const struct dma_pl081_channel *channel)
{
    uint32_t left = channel_registers_of(channel)->control & DMA_PL081_PIECE_MAX;

    return channel->piece_bytes - MIN(left << channel->width_shift, channel->piece_bytes);
}

/* DDI 0218, "Disabling a DMA channel without losing data". The interrupt flag may be set; the
 * interrupt or the next start clears it. */
void dma_pl081_piece_stop_locked(struct dma_pl081_channel *channel)
{
    struct channel_registers *target = channel_registers_of(channel);
    uint32_t moved;

    if (dma_pl081_piece_is_active(channel)) {
        target->configuration |= CHANNEL_HALT;
        for (unsigned look = 0; look < DRAIN_LOOKS && (target->configuration & CHANNEL_ACTIVE) != 0;
             look++) {
        }
    }
    target->configuration = 0;
    moved = dma_pl081_piece_moved_locked(channel);
    channel->total_bytes += moved;
    channel->done_bytes += moved;
    channel->piece_bytes = 0;
    (void)timeout_stop_locked(&channel->watchdog);
}

void dma_pl081_piece_halt_locked(struct dma_pl081_channel *channel)
{
    (void)timeout_stop_locked(&channel->watchdog);
    if (dma_pl081_piece_is_active(channel)) {
        channel_registers_of(channel)->configuration |= CHANNEL_HALT;
    }
}

void dma_pl081_piece_go_on_locked(struct dma_pl081_channel *channel)
{
    if (dma_pl081_piece_is_active(channel)) {
        watch_locked(channel);
        channel_registers_of(channel)->configuration &= ~CHANNEL_HALT;
        registers_of(channel->dev)->int_tc_clear = 0; /* as in dma_pl081_piece_start_locked */
    }
}

struct dma_pl081_flags dma_pl081_flags_take_locked(struct dma_pl081_channel *channel)
{
    struct pl081_registers *regs = registers_of(channel->dev);
    uint32_t bit = BIT(index_of(channel));
    struct dma_pl081_flags flags = {
        .complete = (regs->int_tc_status & bit) != 0,
        .bus_error = (regs->int_error_status & bit) != 0,
    };

    regs->int_tc_clear = flags.complete ? bit : 0;
    regs->int_error_clear = flags.bus_error ? bit : 0;
    return flags;
}

void dma_pl081_controller_enable(const struct device *dev)
{
    registers_of(dev)->configuration = CONFIGURATION_ENABLE;
}
