# SPDX-License-Identifier: Apache-2.0
# Arm MPS2+ with the AN386 image: Cortex-M4.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv4-sp-d16
DRIVERS := char_ring console device semihost uart_async uart_cmsdk
QEMU_MACHINE := mps2-an386
