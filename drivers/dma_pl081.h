/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arm PrimeCell PL081 single-master DMA controller (DDI 0218), two channels, behind drivers/dma.h.
 *
 * Memory to memory only: no board here wires its request lines, so there is neither a cyclic
 * transfer nor half of one to tell. Equal access widths, incrementing or fixed addresses, up to
 * DMA_MAX_BLOCKS blocks of any length; the controller never reads a linked list. A channel that has
 * not finished a piece after CONFIG_DMA_STUCK_MS is stopped and its callback told -ETIMEDOUT.
 */
#pragma once

#include "../kernel/irq.h"
#include "dma_channel.h"

#define DMA_PL081_CHANNELS  2
#define DMA_PL081_PIECE_MAX 4095u /* accesses in one run of the hardware (DDI 0218) */

struct dma_pl081_config {
    uintptr_t registers;
    uintptr_t alias_bits; /* cleared from each address, so that a wrong one meets its guard */
    uint8_t irq;          /* the combined interrupt */
    void (*connect)(void);
};

struct dma_pl081_data {
    struct dma_context context; /* first: drivers/dma.c looks here */
    struct dma_channel channels[DMA_PL081_CHANNELS];
};

extern const struct dma_driver_api dma_pl081_api;
int dma_pl081_init(const struct device *dev);
void dma_pl081_isr(const void *dev);

/* Defines the controller `id`; `...` are initialisers of struct dma_pl081_config. */
#define DMA_PL081_DEFINE(id, combined_line, irq_priority, ...)                                     \
    DEVICE_DECLARE(id);                                                                            \
    static void id##_connect(void)                                                                 \
    {                                                                                              \
        IRQ_CONNECT(combined_line, irq_priority, dma_pl081_isr, DEVICE_GET(id), 0);                \
    }                                                                                              \
    static const struct dma_pl081_config id##_config = {                                           \
        .irq = (combined_line), .connect = id##_connect, __VA_ARGS__};                             \
    static struct dma_pl081_data id##_data;                                                        \
    DEVICE_DEFINE(id, #id, dma_pl081_init, NULL, &id##_data, &id##_config, PRE_KERNEL_1,           \
                  CONFIG_KERNEL_INIT_PRIORITY_DEFAULT, &dma_pl081_api)
