/* SPDX-License-Identifier: Apache-2.0 */
/* The facts that each boot/board/<name>/board.c gives as const initialisers. */
#pragma once

#include "../drivers/device.h"
#include "../drivers/sse200_security.h"
#include "../drivers/stm32f4_clock.h"
#include "../heap/region.h"
#include "sau.h"

/* Where printk goes, at once and by polling. */
extern const struct device *const board_console;

/* Memory beyond the image's own, in the order in which region_heap_alloc tries it. Not with
 * CONFIG_BOARD_REGIONS=n. */
extern const struct region board_regions[];
extern const size_t board_region_count;

#ifdef CONFIG_STM32F4_CLOCK_TREE
/* From the crystal to the buses. */
extern const struct stm32f4_clock board_clock;
#endif

#ifdef CONFIG_ARM_SECURE_FIRMWARE
/* Which memory and which peripherals are non-secure. */
extern const struct sau_range board_sau[];
extern const size_t board_sau_count;
extern const struct sse200_security board_security;
#endif
