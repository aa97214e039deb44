# SPDX-License-Identifier: Apache-2.0
# Arm MPS2+ with the AN386 image: as with AN385, but a Cortex-M4.
include boot/board/mps2_an385/board.mk
FACTS := mps2_an385
CPU_FLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv4-sp-d16
QEMU_MACHINE := mps2-an386
