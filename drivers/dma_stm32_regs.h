/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the STM32F4's DMA controllers: RM0090, section 10.5. Offsets; all are 32-bit. */
#pragma once

#include "mmio.h"

/* 10.5.1 to 10.5.4; the upper half, streams 4 to 7, follows the lower. The flags are read in ISR
 * and cleared by writing 1 to IFCR. */
#define DMA_ISR(stream)  ((stream) < 4 ? 0x00u : 0x04u)
#define DMA_IFCR(stream) ((stream) < 4 ? 0x08u : 0x0cu)

/* Where the five flags of a stream begin in its register. */
static inline unsigned dma_flag_shift(unsigned stream)
{
    static const uint8_t shifts[] = {0, 6, 16, 22};

    return shifts[stream % 4];
}

#define DMA_FLAG_FIFO     REG_BIT(0)
#define DMA_FLAG_DIRECT   REG_BIT(2)
#define DMA_FLAG_ERROR    REG_BIT(3)
#define DMA_FLAG_HALF     REG_BIT(4)
#define DMA_FLAG_COMPLETE REG_BIT(5)
#define DMA_FLAGS         0x3du

#define DMA_STREAM(stream) (0x10u + 0x18u * (stream))

/* Offsets in a stream's block: 10.5.5 to 10.5.10. */
#define DMA_SCR   0x00u
#define DMA_SNDTR 0x04u
#define DMA_SPAR  0x08u
#define DMA_SM0AR 0x0cu
#define DMA_SM1AR 0x10u
#define DMA_SFCR  0x14u

/* SxCR. Only the enable and interrupt bits may change while EN reads 1. */
#define DMA_SCR_EN        REG_BIT(0)
#define DMA_SCR_DMEIE     REG_BIT(1)
#define DMA_SCR_TEIE      REG_BIT(2)
#define DMA_SCR_HTIE      REG_BIT(3)
#define DMA_SCR_TCIE      REG_BIT(4)
#define DMA_SCR_PFCTRL    REG_BIT(5)
#define DMA_SCR_DIR(d)    ((uint32_t)(d) << 6) /* 0 from, 1 to the peripheral, 2 memory to memory */
#define DMA_SCR_CIRC      REG_BIT(8)
#define DMA_SCR_PINC      REG_BIT(9)
#define DMA_SCR_MINC      REG_BIT(10)
#define DMA_SCR_PSIZE(s)  ((uint32_t)(s) << 11) /* log2 of bytes */
#define DMA_SCR_MSIZE(s)  ((uint32_t)(s) << 13)
#define DMA_SCR_PL(p)     ((uint32_t)(p) << 16)
#define DMA_SCR_DBM       REG_BIT(18)
#define DMA_SCR_CT        REG_BIT(19)           /* which memory address is in use */
#define DMA_SCR_PBURST(b) ((uint32_t)(b) << 21) /* 1, 4, 8, 16 items: 0 to 3 */
#define DMA_SCR_MBURST(b) ((uint32_t)(b) << 23)
#define DMA_SCR_CHSEL(c)  ((uint32_t)(c) << 25)

#define DMA_SCR_INTERRUPTS (DMA_SCR_DMEIE | DMA_SCR_TEIE | DMA_SCR_HTIE | DMA_SCR_TCIE)

/* SxFCR. */
#define DMA_SFCR_FTH(quarters) ((uint32_t)(quarters)-1)
#define DMA_SFCR_DMDIS         REG_BIT(2) /* the FIFO is used */
#define DMA_SFCR_FEIE          REG_BIT(7)
#define DMA_FIFO_QUARTER_BYTES 4u
