/* SPDX-License-Identifier: Apache-2.0 */
#include "rtt.h"

#ifdef CONFIG_RTT

#include "../kernel/irq.h"

/* One direction. The side that writes moves `write`, the other one `read`; empty when equal. */
struct rtt_channel {
    const char *name;
    volatile char *buffer;
    uint32_t bytes;
    volatile uint32_t write;
    volatile uint32_t read;
    uint32_t flags; /* 0: the target drops what does not fit */
};

/* OpenOCD 0.12 src/rtt/rtt.h and src/target/rtt.c: the probe finds it by its first 16 bytes. */
struct rtt_control {
    volatile char id[16];
    int32_t up_count;
    int32_t down_count;
    struct rtt_channel up[1];
    struct rtt_channel down[1];
};
BUILD_ASSERT(sizeof(void *) != 4 || sizeof(struct rtt_channel) == 24, "six words a channel");
BUILD_ASSERT(offsetof(struct rtt_control, up) == 24, "identity and two counts");

static volatile char up_buffer[CONFIG_RTT_UP_BYTES];
static volatile char down_buffer[CONFIG_RTT_DOWN_BYTES];

/* The name by which debuggers look for it in an ELF file. */
extern struct rtt_control _SEGGER_RTT;
struct rtt_control _SEGGER_RTT;

/* Reversed, so that the identity is in memory once, and only when the rest is filled in: a probe
 * that finds it may act on it at once. */
static const char id_reversed[] = "TTR REGGES";

static uint32_t next(uint32_t index, uint32_t bytes)
{
    return index + 1 == bytes ? 0 : index + 1;
}

static int poll_in(const struct device *dev, unsigned char *p_char)
{
    struct rtt_channel *down = &_SEGGER_RTT.down[0];
    unsigned key = irq_lock();
    uint32_t read = down->read;
    int result = read == down->write ? -1 : 0;

    ARG_UNUSED(dev);
    if (result == 0) {
        *p_char = (unsigned char)down->buffer[read];
        down->read = next(read, down->bytes);
    }
    irq_unlock(key);
    return result;
}

static void poll_out(const struct device *dev, unsigned char out_char)
{
    struct rtt_channel *up = &_SEGGER_RTT.up[0];
    unsigned key = irq_lock();
    uint32_t following = next(up->write, up->bytes);

    ARG_UNUSED(dev);
    if (following != up->read) {
        up->buffer[up->write] = (char)out_char;
        up->write = following;
    }
    irq_unlock(key);
}

static int rtt_init(const struct device *dev)
{
    ARG_UNUSED(dev);
    _SEGGER_RTT.up[0] =
        (struct rtt_channel){.name = "console", .buffer = up_buffer, .bytes = sizeof(up_buffer)};
    _SEGGER_RTT.down[0] = (struct rtt_channel){
        .name = "console", .buffer = down_buffer, .bytes = sizeof(down_buffer)};
    _SEGGER_RTT.up_count = ARRAY_SIZE(_SEGGER_RTT.up);
    _SEGGER_RTT.down_count = ARRAY_SIZE(_SEGGER_RTT.down);
    for (size_t i = 0; i < sizeof(id_reversed) - 1; i++) {
        _SEGGER_RTT.id[sizeof(id_reversed) - 2 - i] = id_reversed[i];
    }
    return 0;
}

static const struct uart_driver_api rtt_api = {
    .poll_in = poll_in,
    .poll_out = poll_out,
};

DEVICE_DEFINE(rtt0, "rtt0", rtt_init, NULL, NULL, NULL, PRE_KERNEL_1,
              CONFIG_KERNEL_INIT_PRIORITY_DEVICE, &rtt_api);
#endif
