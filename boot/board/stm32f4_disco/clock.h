/* SPDX-License-Identifier: Apache-2.0 */
/* 8 MHz / 8 * 336 / 2 = 168 MHz, USB's clock 336 / 7 = 48 MHz, APB1 42 MHz, APB2 84 MHz. Five wait
 * states are for 150 to 168 MHz at 2.7 to 3.6 V. */
#pragma once

#include "../../../drivers/stm32f4_clock.h"

#define BOARD_CRYSTAL_HZ 8000000
#define BOARD_CLOCK                                                                                \
    {                                                                                              \
        .m = 8, .n = 336, .p = 2, .q = 7, .apb1_shift = 2, .apb2_shift = 1, .flash_waits = 5       \
    }
