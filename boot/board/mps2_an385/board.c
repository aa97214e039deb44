/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MPS2+ with the AN385 image, and with AN386 and AN500, which differ in the core and, behind the
 * linker's symbols, in where PSRAM lies. Addresses and lines: Arm DAI 0385, 0386 and 0500, memory
 * map and interrupt assignments, checked against QEMU 7.2's machines. No DMA controller: the core
 * moves the UARTs' bytes.
 */
#include "../../../drivers/uart_cmsdk.h"
#include "../../board.h"
#include "../../linker_symbols.h"

#define PERIPHERAL_HZ 25000000u

/* Not zero-latency, and one level below the system tick. */
#define IRQ_PRIORITY 1

UART_CMSDK_DEFINE(uart0, 0, 1, IRQ_PRIORITY, .registers = 0x40004000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200);
UART_CMSDK_DEFINE(uart1, 2, 3, IRQ_PRIORITY, .registers = 0x40005000, .clock_hz = PERIPHERAL_HZ,
                  .baudrate = 115200);

const struct device *const board_console = DEVICE_GET(uart0);

#define BOARD_REGIONS(REGION) REGION(psram, REGION_EXTERNAL | REGION_EXECUTABLE)
LINKER_REGIONS_DEFINE(BOARD_REGIONS);
