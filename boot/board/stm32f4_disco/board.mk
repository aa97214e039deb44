# SPDX-License-Identifier: Apache-2.0
# ST STM32F4DISCOVERY (MB997): an STM32F407VG with an 8 MHz crystal and an ST-LINK/V2-A. Its emulated twin is
# netduinoplus2.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv4-sp-d16
DRIVERS := char_ring console device semihost stm32_pins stm32f4_clock dma dma_job dma_states dma_stm32 dma_stm32_shape uart_async uart_stm32 \
	uart_stm32_dma
OPENOCD_BOARD := stm32f4discovery
OPENOCD_TARGET := stm32f4x
PYOCD_TARGET := stm32f407vg
PYOCD_0_13_TARGET := stm32f439xg
BOARD_PROBE := st-link
