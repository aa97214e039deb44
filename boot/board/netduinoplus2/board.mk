# SPDX-License-Identifier: Apache-2.0
# Netduino Plus 2: an STM32F405. The emulated twin of boards with an STM32F405 or F407: same core, map and USART.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
DRIVERS := device semihost stm32_pins uart_stm32
QEMU_MACHINE := netduinoplus2
