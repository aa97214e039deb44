/* SPDX-License-Identifier: Apache-2.0 */
/* CMSIS-Core needs a few facts of the device before it is included; Kconfig has them. */
#pragma once

#include "../../../lib/util.h"

/* Only the names that the core header asks for; lines are plain numbers in Cairn. */
typedef enum {
    Reset_IRQn = -15,
    NonMaskableInt_IRQn = -14,
    HardFault_IRQn = -13,
    MemoryManagement_IRQn = -12,
    BusFault_IRQn = -11,
    UsageFault_IRQn = -10,
    SecureFault_IRQn = -9,
    SVCall_IRQn = -5,
    DebugMonitor_IRQn = -4,
    PendSV_IRQn = -2,
    SysTick_IRQn = -1,
    FirstLine_IRQn = 0,
    LastLine_IRQn = 479, /* makes the enum wide enough for every line number */
} IRQn_Type;

#define __NVIC_PRIO_BITS       CONFIG_IRQ_PRIO_BITS
#define __Vendor_SysTickConfig 0
#ifdef CONFIG_FPU
#define __FPU_PRESENT 1
#else
#define __FPU_PRESENT 0
#endif
#define __MPU_PRESENT  1
#define __VTOR_PRESENT 1

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#if defined(CONFIG_CPU_CORTEX_M33)
#define __CM33_REV          0x0003U
#define __SAUREGION_PRESENT 1
#define __DSP_PRESENT       0
#include <core_cm33.h>
#elif defined(CONFIG_CPU_CORTEX_M0)
#define __CM0_REV 0x0000U
#include <core_cm0.h>
#elif defined(CONFIG_CPU_CORTEX_M55)
#define __CM55_REV          0x0001U
#define __SAUREGION_PRESENT 1
#define __DSP_PRESENT       1
#define __FPU_DP            1
#define __ICACHE_PRESENT    1
#define __DCACHE_PRESENT    1
#define __PMU_PRESENT       0
#include <core_cm55.h>
#elif defined(CONFIG_CPU_CORTEX_M3)
#define __CM3_REV 0x0201U
#include <core_cm3.h>
#elif defined(CONFIG_CPU_CORTEX_M4)
#define __CM4_REV 0x0001U
#include <core_cm4.h>
#elif defined(CONFIG_CPU_CORTEX_M7)
#define __CM7_REV        0x0001U
#define __ICACHE_PRESENT 1
#define __DCACHE_PRESENT 1
#define __DTCM_PRESENT   1
#include <core_cm7.h>
#else
#error "Unknown Cortex-M core: add it to kernel/arch/cortex_m/core.h and to Kconfig"
#endif
#pragma GCC diagnostic pop
