/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../../../lib/util.h"

/* What the core stacks on exception entry (Armv7-M ARM B1.5.6). */
struct stacked {
    uint32_t r0;
    uint32_t r1;
    uint32_t r2;
    uint32_t r3;
    uint32_t r12;
    uint32_t lr;
    uint32_t pc;
    uint32_t xpsr;
};
BUILD_ASSERT(sizeof(struct stacked) == 32, "eight words");
