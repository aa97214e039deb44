/* SPDX-License-Identifier: Apache-2.0 */
/* The drivers under test on the modelled chip. */
#pragma once

#include "../../drivers/dma.h"
#include "../../drivers/uart.h"
#include "../../kernel/region_heap.h"
#include "../ztest/ztest.h"
#include "model.h"

DEVICE_DECLARE(dma1);
DEVICE_DECLARE(dma2);
DEVICE_DECLARE(usart1);
DEVICE_DECLARE(usart2);

/* Streams of the two USARTs. */
#define USART1_RX 2
#define USART1_TX 7

/* Idle channels on a fresh model; `before` of suites. */
void board_before(void *fixture);

/* Memory whose region says that the controllers reach it; they do not. */
#define WRONG (CCM + 0xc000u)

/* The image's own part of the memory that the controllers reach. */
#define IMAGE       (SRAM + 0x8000u)
#define IMAGE_BYTES 0x1000u

/* Memory that the controllers reach and that belongs to no region. */
#define SCRATCH (SRAM + 0x10000u)
