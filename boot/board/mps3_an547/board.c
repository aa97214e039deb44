/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MPS3 with the AN547 image. Addresses and lines: Arm DAI 0547 (Application Note AN547), memory map
 * and interrupt assignments, checked against QEMU 7.2's mps3-an547. No DMA controller: the core
 * moves the UARTs' bytes. The image is secure and leaves the security controllers as reset leaves
 * them: everything is secure, so peripherals answer at their secure addresses, memories at both.
 */
#include "../../../drivers/uart_cmsdk.h"
#include "../../board.h"
#include "../../linker_symbols.h"

#define PERIPHERAL_HZ 25000000u

/* Not zero-latency, and one level below the system tick. */
#define IRQ_PRIORITY 1

UART_CMSDK_DEFINE(uart0, 33, 34, IRQ_PRIORITY, .registers = 0x59303000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200);
UART_CMSDK_DEFINE(uart1, 35, 36, IRQ_PRIORITY, .registers = 0x59304000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200);

const struct device *const board_console = DEVICE_GET(uart0);

#define BOARD_REGIONS(REGION)                                                                      \
    REGION(isram, REGION_EXECUTABLE)                                                               \
    REGION(sram, REGION_EXECUTABLE)                                                                \
    REGION(ddr, REGION_EXTERNAL | REGION_EXECUTABLE)
LINKER_REGIONS_DEFINE(BOARD_REGIONS);
