# SPDX-License-Identifier: Apache-2.0
# BBC micro:bit v1: nRF51822, Cortex-M0, 256 KiB flash, 16 KiB RAM.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m0 -mthumb -mfloat-abi=soft -masm-syntax-unified
DRIVERS := char_ring console device semihost uart_async uart_irq uart_nrf51
QEMU_MACHINE := microbit
