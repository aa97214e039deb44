# SPDX-License-Identifier: Apache-2.0
# Arm MPS2+ with the AN521 image: as with AN505, but two Cortex-M33, of which the first, without an FPU and DSP
# instructions, runs the image; the second stays in reset.
include boot/board/mps2_an505/board.mk
FACTS := mps2_an505
QEMU_MACHINE := mps2-an521
