/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A console in memory, which a debug probe reads and writes while the core runs: no pin, no line, a
 * few cycles a character. The layout is the one of SEGGER's RTT, which OpenOCD ("rtt"), pyOCD and
 * J-Link tools know. The device "rtt0" has uart.h's polling calls; with CONFIG_RTT_CONSOLE=y it is
 * where printk goes. What does not fit while no probe reads is dropped.
 */
#pragma once

#include "uart.h"

#ifdef CONFIG_RTT
DEVICE_DECLARE(rtt0);
#endif
