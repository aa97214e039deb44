# SPDX-License-Identifier: Apache-2.0
# Arm MPS3 with the AN547 image: Cortex-M55, secure at reset. Its caches stay as reset leaves them, off.
ARCH := cortex_m
CPU_FLAGS := -mcpu=cortex-m55 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard
DRIVERS := char_ring console device semihost uart_async uart_cmsdk
QEMU_MACHINE := mps3-an547
