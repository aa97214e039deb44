# SPDX-License-Identifier: Apache-2.0
# ST NUCLEO-F446RE (MB1136): an STM32F446RE and an ST-LINK/V2-1. It runs at the 16 MHz of reset: the PLL up to 180 MHz
# would need the power controller's overdrive and the ST-LINK's clock as a bypassed crystal.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv4-sp-d16
DRIVERS := char_ring console device semihost stm32_pins dma dma_job dma_states dma_stm32 dma_stm32_shape uart_async uart_stm32 \
	uart_stm32_dma
OPENOCD_BOARD := st_nucleo_f4
OPENOCD_TARGET := stm32f4x
PYOCD_TARGET := stm32f446re
PYOCD_0_13_TARGET := stm32f439xg
BOARD_PROBE := st-link
