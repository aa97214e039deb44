/* SPDX-License-Identifier: Apache-2.0 */
/* Regions of the memory protection unit. On Armv7-M the higher number wins where two overlap. */
#pragma once

#define MPU_REGION_ROM       0
#define MPU_REGION_RAM       1
#define MPU_REGION_NULL      2
#define MPU_REGION_GUARD     3
#define MPU_REGION_ISR_GUARD 4

#define MPU_GUARD_BYTES          32u
#define MPU_GUARD_ALIGN(address) ROUND_UP(address, MPU_GUARD_BYTES)
