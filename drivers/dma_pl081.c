/* SPDX-License-Identifier: Apache-2.0 */
#include "dma_pl081.h"

#include "../kernel/irq.h"
#include "../lib/errno.h"

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

#define CONTROL_SIZE_MAX         4095u /* accesses of the source's width */
#define CONTROL_SOURCE_BURST(b)  ((uint32_t)(b) << 12)
#define CONTROL_DEST_BURST(b)    ((uint32_t)(b) << 15)
#define CONTROL_SOURCE_WIDTH(w)  ((uint32_t)(w) << 18)
#define CONTROL_DEST_WIDTH(w)    ((uint32_t)(w) << 21)
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

static struct dma_pl081_data *data_of(const struct device *dev)
{
    return dev->data;
}

static uint32_t index_of(const struct dma_pl081_channel *channel)
{
    return (uint32_t)(channel - data_of(channel->dev)->channels);
}

static struct channel_registers *channel_registers_of(const struct dma_pl081_channel *channel)
{
    return &registers_of(channel->dev)->channel[index_of(channel)];
}

/* NULL when there is no such channel. */
static struct dma_pl081_channel *channel_of(const struct device *dev, uint32_t number)
{
    return number < DMA_PL081_CHANNELS ? &data_of(dev)->channels[number] : NULL;
}

static bool is_active(const struct dma_pl081_channel *channel)
{
    return (registers_of(channel->dev)->enabled_channels & BIT(index_of(channel))) != 0;
}

/* The interrupt moves a channel on, unless nobody wants to hear of it and one piece is all. */
static bool uses_interrupt(const struct dma_pl081_channel *channel)
{
    return channel->callback != NULL || channel->block_count > 1 ||
           channel->blocks[0].bytes > CONTROL_SIZE_MAX << channel->width_shift;
}

static void account_piece_locked(struct dma_pl081_channel *channel)
{
    channel->done_bytes += channel->piece_bytes;
    channel->total_bytes += channel->piece_bytes;
    channel->piece_bytes = 0;
}

/* Without an interrupt the end of a transfer is found when somebody looks. */
static void settle_locked(struct dma_pl081_channel *channel)
{
    if (channel->state == DMA_PL081_RUNNING && !uses_interrupt(channel) && !is_active(channel)) {
        account_piece_locked(channel);
        channel->state = DMA_PL081_CONFIGURED;
    }
}

/* Checks and translation of a configuration, before anything is changed. */

static int decode_width(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    uint32_t bytes = config->source_data_size;

    /* The PL081 packs and unpacks; QEMU 7.2's model does it wrong. */
    if (config->dest_data_size != bytes) {
        return -ENOTSUP;
    }
    if (bytes != 1 && bytes != 2 && bytes != 4) {
        return -EINVAL;
    }
    wanted->width_shift = (uint8_t)(bytes / 2);
    return 0;
}

/* Burst codes: 1, 4, 8, 16 ... 256 accesses are 0, 1, 2 ... 7. */
static int decode_burst(uint32_t burst_bytes, uint8_t width_shift, uint32_t *code)
{
    uint32_t accesses = burst_bytes >> width_shift;

    *code = 0;
    if (accesses <= 1) {
        return 0;
    }
    if (accesses < 4 || accesses > 256 || !is_power_of_two(accesses)) {
        return -EINVAL;
    }
    *code = 30 - u32_count_leading_zeros(accesses);
    return 0;
}

static int decode_control(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    uint32_t source_burst;
    uint32_t dest_burst;
    int result = decode_width(config, wanted);

    if (result != 0 ||
        (result = decode_burst(config->source_burst_length, wanted->width_shift, &source_burst)) ||
        (result = decode_burst(config->dest_burst_length, wanted->width_shift, &dest_burst))) {
        return result;
    }
    wanted->control = CONTROL_SOURCE_BURST(source_burst) | CONTROL_DEST_BURST(dest_burst) |
                      CONTROL_SOURCE_WIDTH(wanted->width_shift) |
                      CONTROL_DEST_WIDTH(wanted->width_shift);
    return 0;
}

static int check_place(const struct dma_pl081_block *block, uint8_t width_shift)
{
    uintptr_t all_bits = block->source | block->dest | block->bytes;

    return block->bytes == 0 || (all_bits & BIT_MASK(width_shift)) != 0 ? -EINVAL : 0;
}

static int decode_block(const struct dma_block_config *from, uint8_t width_shift,
                        struct dma_pl081_block *block)
{
    if (from->source_addr_adj == DMA_ADDR_ADJ_DECREMENT ||
        from->dest_addr_adj == DMA_ADDR_ADJ_DECREMENT || from->source_gather_en ||
        from->dest_scatter_en || from->source_reload_en || from->dest_reload_en) {
        return -ENOTSUP;
    }
    *block = (struct dma_pl081_block){
        .source = from->source_address,
        .dest = from->dest_address,
        .bytes = from->block_size,
        .source_fixed = from->source_addr_adj == DMA_ADDR_ADJ_NO_CHANGE,
        .dest_fixed = from->dest_addr_adj == DMA_ADDR_ADJ_NO_CHANGE,
    };
    return check_place(block, width_shift);
}

static int decode_blocks(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    const struct dma_block_config *from = config->head_block;

    if (config->block_count == 0) {
        return -EINVAL;
    }
    if (config->block_count > DMA_PL081_MAX_BLOCKS) {
        return -ENOTSUP;
    }
    for (uint8_t i = 0; i < config->block_count; i++, from = from->next_block) {
        int result =
            from == NULL ? -EINVAL : decode_block(from, wanted->width_shift, &wanted->blocks[i]);

        if (result != 0) {
            return result;
        }
    }
    wanted->block_count = (uint8_t)config->block_count;
    return 0;
}

static int decode(const struct dma_config *config, struct dma_pl081_channel *wanted)
{
    int result;

    if (config->channel_direction != MEMORY_TO_MEMORY || config->cyclic ||
        config->half_complete_callback_en || config->source_chaining_en ||
        config->dest_chaining_en) {
        return -ENOTSUP;
    }
    wanted->callback = config->dma_callback;
    wanted->user_data = config->user_data;
    wanted->tell_blocks = config->complete_callback_en;
    wanted->tell_errors = !config->error_callback_dis;
    result = decode_control(config, wanted);
    return result != 0 ? result : decode_blocks(config, wanted);
}

static int configure(const struct device *dev, uint32_t number, struct dma_config *config)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    struct dma_pl081_channel wanted = {.dev = dev, .state = DMA_PL081_CONFIGURED};
    int result = channel == NULL ? -EINVAL : decode(config, &wanted);
    unsigned key;

    if (result != 0) {
        return result;
    }
    key = irq_lock();
    settle_locked(channel);
    if (channel->state >= DMA_PL081_RUNNING) {
        result = -EBUSY;
    } else {
        *channel = wanted;
    }
    irq_unlock(key);
    return result;
}

static int reload_locked(struct dma_pl081_channel *channel, uintptr_t src, uintptr_t dst,
                         size_t size_bytes)
{
    struct dma_pl081_block block = channel->blocks[0];

    settle_locked(channel);
    if (channel->state == DMA_PL081_INIT) {
        return -EINVAL;
    }
    if (channel->state != DMA_PL081_CONFIGURED) {
        return -EBUSY;
    }
    block.source = src;
    block.dest = dst;
    block.bytes = (uint32_t)size_bytes;
    if (check_place(&block, channel->width_shift) != 0) {
        return -EINVAL;
    }
    channel->blocks[0] = block;
    channel->block_count = 1;
    return 0;
}

static int reload(const struct device *dev, uint32_t number, uintptr_t src, uintptr_t dst,
                  size_t size_bytes)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : reload_locked(channel, src, dst, size_bytes);

    irq_unlock(key);
    return result;
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
static void start_piece_locked(struct dma_pl081_channel *channel)
{
    const struct dma_pl081_block *block = &channel->blocks[channel->block];
    struct pl081_registers *regs = registers_of(channel->dev);
    struct channel_registers *target = channel_registers_of(channel);
    uint32_t left = block->bytes - channel->done_bytes;
    uint32_t bytes = MIN(left, CONTROL_SIZE_MAX << channel->width_shift);
    uint32_t interrupt = uses_interrupt(channel) ? CONTROL_INTERRUPT : 0;
    uintptr_t alias_bits = config_of(channel->dev)->alias_bits;

    channel->piece_bytes = bytes;
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

static int start(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    int result = 0;
    unsigned key;

    if (channel == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    settle_locked(channel);
    if (channel->state == DMA_PL081_CONFIGURED) {
        channel->state = DMA_PL081_RUNNING;
        channel->block = 0;
        channel->done_bytes = 0;
        channel->total_bytes = 0;
        start_piece_locked(channel);
    } else if (channel->state != DMA_PL081_RUNNING) {
        result = -EINVAL;
    }
    irq_unlock(key);
    return result;
}

/* Bytes of the present piece that have been moved: the size field counts down (DDI 0218,
 * "Transfer size"). */
static uint32_t moved_of_piece_locked(const struct dma_pl081_channel *channel)
{
    uint32_t left = channel_registers_of(channel)->control & CONTROL_SIZE_MAX;

    return channel->piece_bytes - MIN(left << channel->width_shift, channel->piece_bytes);
}

/* Leaves the hardware channel disabled, with nothing pending (DDI 0218, "Disabling a DMA channel
 * without losing data"). */
static void halt_hardware_locked(struct dma_pl081_channel *channel)
{
    struct channel_registers *target = channel_registers_of(channel);
    uint32_t moved;

    if (is_active(channel)) {
        target->configuration |= CHANNEL_HALT;
        for (unsigned look = 0; look < DRAIN_LOOKS && (target->configuration & CHANNEL_ACTIVE) != 0;
             look++) {
        }
    }
    target->configuration = 0;
    moved = moved_of_piece_locked(channel);
    channel->total_bytes += moved;
    channel->done_bytes += moved;
    channel->piece_bytes = 0;
    registers_of(channel->dev)->int_tc_clear = BIT(index_of(channel));
    registers_of(channel->dev)->int_error_clear = BIT(index_of(channel));
    (void)timeout_stop_locked(&channel->watchdog);
    channel->stuck = false;
}

static int stop(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key;

    if (channel == NULL) {
        return -EINVAL;
    }
    key = irq_lock();
    if (channel->state >= DMA_PL081_RUNNING) {
        halt_hardware_locked(channel);
        channel->state = DMA_PL081_CONFIGURED;
    }
    irq_unlock(key);
    return 0;
}

static int suspend_locked(struct dma_pl081_channel *channel)
{
    settle_locked(channel);
    if (channel->state == DMA_PL081_SUSPENDED) {
        return 0;
    }
    if (channel->state != DMA_PL081_RUNNING) {
        return -EINVAL;
    }
    channel->state = DMA_PL081_SUSPENDED;
    (void)timeout_stop_locked(&channel->watchdog);
    if (is_active(channel)) {
        channel_registers_of(channel)->configuration |= CHANNEL_HALT;
    }
    return 0;
}

static int suspend(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : suspend_locked(channel);

    irq_unlock(key);
    return result;
}

static int resume_locked(struct dma_pl081_channel *channel)
{
    if (channel->state == DMA_PL081_RUNNING) {
        return 0;
    }
    if (channel->state != DMA_PL081_SUSPENDED) {
        return -EINVAL;
    }
    channel->state = DMA_PL081_RUNNING;
    if (channel->piece_bytes == 0) {
        start_piece_locked(channel);
        return 0;
    }
    if (is_active(channel)) {
        watch_locked(channel);
        channel_registers_of(channel)->configuration &= ~CHANNEL_HALT;
        registers_of(channel->dev)->int_tc_clear = 0; /* as in start_piece_locked */
    }
    return 0;
}

static int resume(const struct device *dev, uint32_t number)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    unsigned key = irq_lock();
    int result = channel == NULL ? -EINVAL : resume_locked(channel);

    irq_unlock(key);
    return result;
}

static void status_locked(struct dma_pl081_channel *channel, struct dma_status *status)
{
    const struct dma_pl081_block *block;
    uint32_t moved;

    settle_locked(channel);
    block = &channel->blocks[channel->block];
    moved = moved_of_piece_locked(channel);
    *status = (struct dma_status){
        .busy = channel->state >= DMA_PL081_RUNNING,
        .dir = MEMORY_TO_MEMORY,
        .total_copied = channel->total_bytes + moved,
    };
    if (!status->busy) {
        return;
    }
    status->pending_length = block->bytes - channel->done_bytes - moved;
    for (unsigned i = channel->block + 1u; i < channel->block_count; i++) {
        status->pending_length += channel->blocks[i].bytes;
    }
    status->read_position = channel->done_bytes + moved;
    status->write_position = channel->done_bytes + moved;
}

static int get_status(const struct device *dev, uint32_t number, struct dma_status *status)
{
    struct dma_pl081_channel *channel = channel_of(dev, number);
    int result = -EINVAL;
    unsigned key = irq_lock();

    if (channel != NULL && channel->state != DMA_PL081_INIT) {
        status_locked(channel, status);
        result = 0;
    }
    irq_unlock(key);
    return result;
}

static int get_attribute(const struct device *dev, uint32_t type, uint32_t *value)
{
    ARG_UNUSED(dev);
    switch (type) {
    case DMA_ATTR_BUFFER_ADDRESS_ALIGNMENT:
    case DMA_ATTR_BUFFER_SIZE_ALIGNMENT:
    case DMA_ATTR_COPY_ALIGNMENT:
        *value = 1;
        return 0;
    case DMA_ATTR_MAX_BLOCK_COUNT:
        *value = DMA_PL081_MAX_BLOCKS;
        return 0;
    default:
        return -EINVAL;
    }
}

static bool chan_filter(const struct device *dev, int channel, void *filter_param)
{
    ARG_UNUSED(dev);
    return filter_param == NULL || *(const uint32_t *)filter_param == (uint32_t)channel;
}

/* The interrupt. */

enum news {
    NO_NEWS,
    PIECE_DONE,
    BLOCK_DONE,
    LIST_DONE,
    FAILED,
};

static enum news complete_piece_locked(struct dma_pl081_channel *channel)
{
    account_piece_locked(channel);
    (void)timeout_stop_locked(&channel->watchdog);
    channel->stuck = false;
    if (channel->done_bytes < channel->blocks[channel->block].bytes) {
        return PIECE_DONE;
    }
    if (channel->block + 1u == channel->block_count) {
        channel->state = DMA_PL081_CONFIGURED;
        return LIST_DONE;
    }
    channel->block++;
    channel->done_bytes = 0;
    return BLOCK_DONE;
}

static enum news fail_locked(struct dma_pl081_channel *channel)
{
    halt_hardware_locked(channel);
    channel->state = DMA_PL081_CONFIGURED;
    return FAILED;
}

/* What the hardware, or the watchdog, has to say about one channel. An interrupt that belongs to
 * what dma_stop has ended finds its flag cleared and no piece under way. */
static enum news look_locked(struct dma_pl081_channel *channel, int *error)
{
    struct pl081_registers *regs = registers_of(channel->dev);
    uint32_t bit = BIT(index_of(channel));
    bool complete = (regs->int_tc_status & bit) != 0;
    bool bus_error = (regs->int_error_status & bit) != 0;

    regs->int_tc_clear = complete ? bit : 0;
    regs->int_error_clear = bus_error ? bit : 0;
    if (channel->state < DMA_PL081_RUNNING || channel->piece_bytes == 0) {
        return NO_NEWS;
    }
    *error = bus_error ? -EIO : -ETIMEDOUT;
    if (bus_error || (channel->stuck && !complete)) {
        return fail_locked(channel);
    }
    return complete ? complete_piece_locked(channel) : NO_NEWS;
}

static void tell(const struct dma_pl081_channel *channel, enum news news, int error)
{
    bool wanted = news == LIST_DONE || (news == BLOCK_DONE && channel->tell_blocks) ||
                  (news == FAILED && channel->tell_errors);
    int status = news == FAILED      ? error
                 : news == LIST_DONE ? DMA_STATUS_COMPLETE
                                     : DMA_STATUS_BLOCK;

    if (wanted && channel->callback != NULL) {
        channel->callback(channel->dev, channel->user_data, index_of(channel), status);
    }
}

/* The callback may have stopped, suspended or restarted the channel. */
static void start_next_piece(struct dma_pl081_channel *channel)
{
    unsigned key = irq_lock();

    if (channel->state == DMA_PL081_RUNNING && channel->piece_bytes == 0) {
        start_piece_locked(channel);
    }
    irq_unlock(key);
}

void dma_pl081_isr(const void *arg)
{
    const struct device *dev = arg;

    for (unsigned i = 0; i < DMA_PL081_CHANNELS; i++) {
        struct dma_pl081_channel *channel = &data_of(dev)->channels[i];
        int error = 0;
        enum news news;
        unsigned key;

        if (channel->state == DMA_PL081_INIT) {
            continue;
        }
        key = irq_lock();
        news = look_locked(channel, &error);
        irq_unlock(key);
        if (news != NO_NEWS) {
            tell(channel, news, error);
            start_next_piece(channel);
        }
    }
}

const struct dma_driver_api dma_pl081_api = {
    .config = configure,
    .reload = reload,
    .start = start,
    .stop = stop,
    .suspend = suspend,
    .resume = resume,
    .get_status = get_status,
    .get_attribute = get_attribute,
    .chan_filter = chan_filter,
};

int dma_pl081_init(const struct device *dev)
{
    registers_of(dev)->configuration = CONFIGURATION_ENABLE;
    config_of(dev)->connect();
    irq_enable(config_of(dev)->irq);
    return 0;
}
