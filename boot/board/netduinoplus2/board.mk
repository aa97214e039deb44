# SPDX-License-Identifier: Apache-2.0
# Netduino Plus 2: an STM32F405. The emulated twin of boards with an STM32F405 or F407: same core, map and USART.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv4-sp-d16
DRIVERS := char_ring console device semihost stm32_pins uart_async uart_stm32
QEMU_MACHINE := netduinoplus2
# No probe of its own. vprobe plays one, with this chip behind it.
OPENOCD_TARGET := stm32f4x
PYOCD_TARGET := stm32f405rg
PYOCD_0_13_TARGET := stm32f439xg
