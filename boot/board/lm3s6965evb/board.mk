# SPDX-License-Identifier: Apache-2.0
# TI (Luminary Micro) LM3S6965 evaluation board: Cortex-M3, 256 KiB flash, 64 KiB RAM.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m3 -mthumb -mfloat-abi=soft
DRIVERS := char_ring console device semihost uart_async uart_irq uart_pl011
QEMU_MACHINE := lm3s6965evb
