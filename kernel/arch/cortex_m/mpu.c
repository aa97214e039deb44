/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory protection (Armv7-M ARM B3.5, Armv8-M ARM B11): code can be read and run, RAM can be read
 * and written, the first bytes of memory cannot be touched, and neither can the bottom of the
 * running thread's stack. Everything else keeps what the default map says.
 */
#include "mpu.h"

#include "../../../lib/util.h"
#include "exception.h"

#ifdef CONFIG_MPU

/* From linker/sections.ld. */
extern char __rom_start[];
extern char __rom_end[];
extern char __ram_start[];
extern char __ram_end[];
extern char __isr_stack_start[];

/* Vectors at 0 are followed by code. They are not read once VTOR points elsewhere. */
#define BOOT_VECTORS_BYTES 64u

#if defined(MPU_RASR_ENABLE_Msk)

#define NULL_BYTES 4096u

/* Access permissions. */
#define AP_NONE      0u
#define AP_ALL       3u
#define AP_READ_ONLY 6u

/* Memory with write-back caches, if there are any (B3.5.3, TEX C B). */
#define NORMAL ((1u << MPU_RASR_TEX_Pos) | MPU_RASR_C_Msk | MPU_RASR_B_Msk)

/* Smaller regions have none (B3.5.9). */
#define LOG2_WITH_EIGHTHS 8u

#define ISR_GUARD MPU_GUARD_ALIGN((uintptr_t)__isr_stack_start)

/* The bits of the eighths of a region that are outside of the memory (B3.5.9, RASR.SRD). */
static uint32_t eighths_outside(uintptr_t base, uint32_t log2, uintptr_t start, uintptr_t end)
{
    uintptr_t eighth = (uintptr_t)1 << (log2 - 3);
    uint32_t outside = 0;

    for (uint32_t i = 0; i < 8; i++) {
        if (base + (i + 1) * eighth <= start || base + i * eighth >= end) {
            outside |= BIT(i);
        }
    }
    return outside;
}

/* A region is a power of two long and lies at a multiple of its length; the smallest that has all
 * of it is chosen, without the eighths that belong to another memory. */
static void set_region(uint32_t number, uintptr_t start, uintptr_t end, uint32_t access,
                       uint32_t attributes)
{
    uint32_t log2 = 5;
    uint32_t outside = 0;
    uintptr_t base;

    while (log2 < 31 && (start >> log2) != ((end - 1) >> log2)) {
        log2++;
    }
    base = start >> log2 << log2;
    if (log2 >= LOG2_WITH_EIGHTHS) {
        outside = eighths_outside(base, log2, start, end);
    }
    MPU->RNR = number;
    MPU->RBAR = base;
    MPU->RASR = attributes | access << MPU_RASR_AP_Pos | outside << MPU_RASR_SRD_Pos |
                (log2 - 1) << MPU_RASR_SIZE_Pos | MPU_RASR_ENABLE_Msk;
}

static void set_regions(const void *boot_vectors)
{
    uintptr_t vectors = (uintptr_t)boot_vectors;
    uintptr_t null_bytes;

    /* A compiler that sees the whole image holds that nothing lies at 0. */
    __asm__("" : "+r"(vectors));
    /* Vectors at 0 are followed by code. They are not read once VTOR points elsewhere. */
    null_bytes = vectors == 0 ? BOOT_VECTORS_BYTES : NULL_BYTES;
    set_region(MPU_REGION_ROM, (uintptr_t)__rom_start, (uintptr_t)__rom_end, AP_READ_ONLY, NORMAL);
    set_region(MPU_REGION_RAM, (uintptr_t)__ram_start, (uintptr_t)__ram_end, AP_ALL,
               NORMAL | MPU_RASR_XN_Msk);
    set_region(MPU_REGION_NULL, 0, null_bytes, AP_NONE, MPU_RASR_XN_Msk);
#ifdef CONFIG_MPU_STACK_GUARD
    /* Where it lies, each switch says. Until the first one: below RAM. */
    set_region(MPU_REGION_GUARD, (uintptr_t)__ram_start - MPU_GUARD_BYTES, (uintptr_t)__ram_start,
               AP_NONE, MPU_RASR_XN_Msk);
    set_region(MPU_REGION_ISR_GUARD, ISR_GUARD, ISR_GUARD + MPU_GUARD_BYTES, AP_NONE,
               MPU_RASR_XN_Msk);
#endif
}

#else

#define AP_ALL       1u
#define AP_READ_ONLY 3u
#define WRITE_BACK   0xffu /* MAIR: normal memory, write-back caches */

static void set_region(uint32_t number, uintptr_t start, uintptr_t end, uint32_t access,
                       uint32_t attributes)
{
    MPU->RNR = number;
    MPU->RBAR = (start & MPU_RBAR_BASE_Msk) | access << MPU_RBAR_AP_Pos | attributes;
    MPU->RLAR = ((end - 1) & MPU_RLAR_LIMIT_Msk) | MPU_RLAR_EN_Msk;
}

/* This unit cannot refuse reading to privileged code, but what lies in two regions nobody may touch
 * (Armv8-M ARM B11.1, "MPU_LOOKUP"). Where nothing of the image lies at 0, the chip's security
 * controllers trap null pointers. */
static void set_regions(const void *boot_vectors)
{
    MPU->MAIR0 = WRITE_BACK;
    set_region(MPU_REGION_ROM, (uintptr_t)__rom_start, (uintptr_t)__rom_end, AP_READ_ONLY, 0);
    set_region(MPU_REGION_RAM, (uintptr_t)__ram_start, (uintptr_t)__ram_end, AP_ALL,
               MPU_RBAR_XN_Msk);
    if (boot_vectors == NULL) {
        set_region(MPU_REGION_NULL, 0, BOOT_VECTORS_BYTES, AP_READ_ONLY, MPU_RBAR_XN_Msk);
    }
}

#endif

void cortex_m_mpu_init(const void *boot_vectors)
{
    __DMB();
    set_regions(boot_vectors);
    MPU->CTRL = MPU_CTRL_PRIVDEFENA_Msk | MPU_CTRL_ENABLE_Msk;
    __DSB();
    __ISB();
}

#else

void cortex_m_mpu_init(const void *boot_vectors)
{
    ARG_UNUSED(boot_vectors);
}

#endif
