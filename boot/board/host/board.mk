# SPDX-License-Identifier: Apache-2.0
ARCH := host
DRIVERS := device uart_async dma dma_job dma_states dma_stm32 dma_stm32_shape stm32_pins stm32f4_clock uart_stm32 uart_stm32_dma
