/* SPDX-License-Identifier: Apache-2.0 */
#include "cycles.h"

#include "arch.h"
#include "irq.h"

uint64_t k_cycle_get_64(void)
{
    unsigned key = irq_lock();
    uint64_t now = timeout_announced_locked() * CYCLES_PER_TICK + arch_clock_cycles_locked();

    irq_unlock(key);
    return now;
}

void k_busy_wait(uint32_t us)
{
    uint64_t start = k_cycle_get_64();
    uint64_t cycles = k_us_to_cyc_ceil64(us);

    while (k_cycle_get_64() - start < cycles && arch_spin()) {
    }
}
