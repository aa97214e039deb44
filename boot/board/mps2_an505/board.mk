# SPDX-License-Identifier: Apache-2.0
# Arm MPS2+ with the AN505 image: Cortex-M33, secure at reset. QEMU's model of the core has an FPU, the an521's does not;
# an image without CONFIG_FPU runs on both.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m33+nodsp -mthumb -mfloat-abi=soft -mcmse
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv5-sp-d16
DRIVERS := char_ring console device dma dma_job dma_pl081 dma_pl081_shape dma_states semihost sse200_security uart_async uart_cmsdk uart_cmsdk_dma
QEMU_MACHINE := mps2-an505
