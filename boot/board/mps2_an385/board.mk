# SPDX-License-Identifier: Apache-2.0
# Arm MPS2+ with the AN385 image: Cortex-M3.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m3 -mthumb -mfloat-abi=soft
DRIVERS := char_ring console device semihost uart_async uart_cmsdk
QEMU_MACHINE := mps2-an385
