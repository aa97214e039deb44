/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MPS2+ with the AN505 image, and with AN521, which differs in the core and the internal SRAM.
 * Addresses and lines: Arm DAI 0505 and 0521, memory map and interrupt assignments; as far as the
 * emulator has them, checked against QEMU 7.2's machines.
 */
#include "../../../drivers/dma_pl081.h"
#include "../../../drivers/uart_cmsdk.h"
#include "../../board.h"
#include "../../linker_symbols.h"

#define PERIPHERAL_HZ 20000000u

/* Bit 28 of an address asks for the secure alias. The DMA is a non-secure master: an address with
 * the bit would be refused in silence, one without it meets the MPC, which reports it. */
#define SECURE_ALIAS 0x10000000u

/* Not zero-latency, and one level below the system tick. */
#define IRQ_PRIORITY 1

DMA_PL081_DEFINE(dma0, 58, IRQ_PRIORITY, .registers = 0x50110000, .alias_bits = SECURE_ALIAS);
DMA_PL081_DEFINE(dma1, 61, IRQ_PRIORITY, .registers = 0x50111000, .alias_bits = SECURE_ALIAS);
DMA_PL081_DEFINE(dma2, 64, IRQ_PRIORITY, .registers = 0x50112000, .alias_bits = SECURE_ALIAS);

/* Non-secure addresses: the DMA cannot reach the others. */
UART_CMSDK_DEFINE(uart0, 32, 33, IRQ_PRIORITY, .registers = 0x40200000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200, .dma = UART_CMSDK_DMA(DEVICE_GET(dma0), 0, 1));
UART_CMSDK_DEFINE(uart1, 34, 35, IRQ_PRIORITY, .registers = 0x40201000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200, .dma = UART_CMSDK_DMA(DEVICE_GET(dma1), 0, 1));
UART_CMSDK_DEFINE(uart2, 36, 37, IRQ_PRIORITY, .registers = 0x40202000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200, .dma = UART_CMSDK_DMA(DEVICE_GET(dma2), 0, 1));

const struct device *const board_console = DEVICE_GET(uart0);

#define BOARD_REGIONS(REGION)                                                                      \
    REGION(sram, REGION_FAST | REGION_EXECUTABLE)                                                  \
    REGION(ssram2, REGION_DMA)                                                                     \
    REGION(psram, REGION_DMA | REGION_EXTERNAL | REGION_EXECUTABLE)
LINKER_REGIONS_DEFINE(BOARD_REGIONS);

const struct sau_range board_sau[] = {
    {0x28000000, 0x281fffff}, /* SSRAM2 */
    {0x40200000, 0x40204fff}, /* UART0 to UART4 */
    /* Nobody's: SSRAM1's MPC refuses its non-secure alias, so a null pointer faults. */
    {0x00000000, 0x003fffff},
};
const size_t board_sau_count = ARRAY_SIZE(board_sau);

static const struct sse200_grant grants[] = {
    {SSE200_NSMSCEXP, 0xfu << 16},     /* DMA0 to DMA3 are non-secure masters */
    {SSE200_APBNSPPCEXP1, 0x1fu << 5}, /* UART0 to UART4 are non-secure peripherals */
};

/* DAI 0521: four banks of 32 KiB, each with its MPC; AN505 has the first. */
#define SRAM_BANK(bank)                                                                            \
    {                                                                                              \
        .registers = 0x50083000 + 0x1000 * (bank), .memory = 0x20000000 + 0x8000 * (bank),         \
        .status_bit = (bank), .nonsecure = false                                                   \
    }

static const struct sse200_mpc mpcs[] = {
    {.registers = 0x58007000,
     .memory = 0x00000000,
     .status_bit = 16,
     .nonsecure = false}, /* SSRAM1 */
    {.registers = 0x58008000,
     .memory = 0x28000000,
     .status_bit = 17,
     .nonsecure = true}, /* SSRAM2 */
    {.registers = 0x58009000,
     .memory = 0x28200000,
     .status_bit = 18,
     .nonsecure = false}, /* SSRAM3 */
    SRAM_BANK(0),
    SRAM_BANK(1),
    SRAM_BANK(2),
    SRAM_BANK(3),
};
#define MPC_COUNT (ARRAY_SIZE(mpcs) - 4 + CONFIG_SSE200_SRAM_BANKS)

const struct sse200_security board_security = {
    .control = 0x50080000,
    .grants = grants,
    .grant_count = ARRAY_SIZE(grants),
    .mpcs = mpcs,
    .mpc_count = MPC_COUNT,
    .mpc_irq = 9,
    .mpc_irq_priority = IRQ_PRIORITY,
};
