# SPDX-License-Identifier: Apache-2.0
# Arm MPS2+ with the AN500 image: as with AN385, but a Cortex-M7. Its caches stay as reset leaves them, off.
include boot/board/mps2_an385/board.mk
FACTS := mps2_an385
CPU_FLAGS := -mcpu=cortex-m7 -mthumb -mfloat-abi=soft
FPU_FLAGS := -mfloat-abi=hard -mfpu=fpv5-d16
QEMU_MACHINE := mps2-an500
