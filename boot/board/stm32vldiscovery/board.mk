# SPDX-License-Identifier: Apache-2.0
# ST STM32VLDISCOVERY: STM32F100RB, Cortex-M3, 128 KiB flash, 8 KiB RAM.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m3 -mthumb -mfloat-abi=soft
DRIVERS := char_ring console device semihost uart_async uart_irq uart_stm32_irq
QEMU_MACHINE := stm32vldiscovery
