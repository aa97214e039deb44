/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stream DMA controller of the STM32F2 and F4: RM0090, chapter 10 "DMA controller". Eight streams,
 * each a channel of drivers/dma.h; dma_slot is the request that drives it (CHSEL, tables "DMA1/DMA2
 * request mapping").
 *
 * A list of up to DMA_MAX_BLOCKS blocks of any length. Cyclic: one block is a ring, two of equal
 * length are a double buffer, at most DMA_STM32_PIECE_MAX items; each end of a block is told as
 * DMA_STATUS_BLOCK. While a double buffer runs, dma_reload replaces the buffer that is not in use;
 * call it from that callback.
 *
 * fifo_mode_control 0 asks for direct mode, 1 to 4 for a FIFO that acts when so many quarters are
 * full; where direct mode is impossible (memory to memory, unequal sizes, bursts) 0 means 4.
 *
 * A copy from memory to memory that has not finished a piece after CONFIG_DMA_STUCK_MS is stopped
 * and its callback told -ETIMEDOUT; how long a peripheral takes is not the driver's business. If a
 * stream does not stop when told to (10.3.17), dma_stop and dma_suspend fail with -ETIMEDOUT and
 * the channel stays RUNNING: its memory is still the controller's. A cyclic channel cannot be
 * suspended (-ENOSYS), because the hardware starts it from its beginning only, nor can one between
 * a peripheral and memory that packs or bursts, because it could stop inside of one.
 */
#pragma once

#include "../kernel/irq.h"
#include "dma_channel.h"
#include "stm32_pins.h"

#define DMA_STM32_STREAMS 8
/* NDTR counts to 65535 (10.5.6); a multiple of every burst keeps the following piece aligned. */
#define DMA_STM32_PIECE_MAX 65520u

struct dma_stm32_config {
    uintptr_t registers;
    struct stm32_clock_gate gate;
    bool copies_memory; /* DMA2; DMA1's peripheral port does not reach memory (10.3.1) */
    uint8_t irqs[DMA_STM32_STREAMS];
    void (*connect)(void);
};

struct dma_stm32_data {
    struct dma_context context; /* first: drivers/dma.c looks here */
    struct dma_channel channels[DMA_STM32_STREAMS];
};

/* The end of a block that is at the peripheral port; of memory to memory the source (10.3.6). */
static inline uintptr_t dma_stm32_peripheral_of(const struct dma_job *job,
                                                const struct dma_block *block)
{
    return job->direction == MEMORY_TO_PERIPHERAL ? block->dest : block->source;
}

static inline uintptr_t dma_stm32_memory_of(const struct dma_job *job,
                                            const struct dma_block *block)
{
    return job->direction == MEMORY_TO_PERIPHERAL ? block->source : block->dest;
}

extern const struct dma_driver_api dma_stm32_api;
int dma_stm32_init(const struct device *dev);
void dma_stm32_isr(const void *channel);

#define DMA_STM32_CONNECT(id, n, priority, line)                                                   \
    IRQ_CONNECT(line, priority, dma_stm32_isr, &id##_data.channels[n], 0)

/* Defines the controller `id`; l0 to l7 are the lines of its streams, `...` initialisers of struct
 * dma_stm32_config. */
#define DMA_STM32_DEFINE(id, irq_priority, l0, l1, l2, l3, l4, l5, l6, l7, ...)                    \
    DEVICE_DECLARE(id);                                                                            \
    static struct dma_stm32_data id##_data;                                                        \
    static void id##_connect(void)                                                                 \
    {                                                                                              \
        DMA_STM32_CONNECT(id, 0, irq_priority, l0);                                                \
        DMA_STM32_CONNECT(id, 1, irq_priority, l1);                                                \
        DMA_STM32_CONNECT(id, 2, irq_priority, l2);                                                \
        DMA_STM32_CONNECT(id, 3, irq_priority, l3);                                                \
        DMA_STM32_CONNECT(id, 4, irq_priority, l4);                                                \
        DMA_STM32_CONNECT(id, 5, irq_priority, l5);                                                \
        DMA_STM32_CONNECT(id, 6, irq_priority, l6);                                                \
        DMA_STM32_CONNECT(id, 7, irq_priority, l7);                                                \
    }                                                                                              \
    static const struct dma_stm32_config id##_config = {                                           \
        .irqs = {l0, l1, l2, l3, l4, l5, l6, l7}, .connect = id##_connect, __VA_ARGS__};           \
    DEVICE_DEFINE(id, #id, dma_stm32_init, NULL, &id##_data, &id##_config, PRE_KERNEL_1,           \
                  CONFIG_KERNEL_INIT_PRIORITY_DEFAULT, &dma_stm32_api)
