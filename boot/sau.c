/* SPDX-License-Identifier: Apache-2.0 */
#include "sau.h"

#ifdef CONFIG_ARM_SECURE_FIRMWARE
#include "../kernel/arch/cortex_m/core.h"
#include "../lib/assert.h"

void sau_init(const struct sau_range *ranges, size_t count)
{
    ASSERT(count <= (SAU->TYPE & SAU_TYPE_SREGION_Msk), "D8 more SAU ranges than the core has",
           ranges, NULL);
    for (size_t i = 0; i < count; i++) {
        SAU->RNR = i;
        SAU->RBAR = ranges[i].first & SAU_RBAR_BADDR_Msk;
        SAU->RLAR = (ranges[i].last & SAU_RLAR_LADDR_Msk) | SAU_RLAR_ENABLE_Msk;
    }
    SAU->CTRL = SAU_CTRL_ENABLE_Msk;
    /* QEMU 7.2 flushes its translations on a write of RLAR, not of CTRL. */
    SAU->RLAR = SAU->RLAR;
    __DSB();
    __ISB();
}
#endif
