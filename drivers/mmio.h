/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access to a 32-bit device register: one load or store, never merged, split or left out. On a PC
 * there is no device: whoever plays it (a model in tests/) defines the two functions, and sees each
 * access in order. Context: any.
 */
#pragma once

#include "../lib/util.h"

/* Bit `n` of a register: 32 bits wide on a PC, too. */
#define REG_BIT(n) (UINT32_C(1) << (n))

#ifdef CONFIG_ARCH_HOST
uint32_t mmio_read(uintptr_t address);
void mmio_write(uintptr_t address, uint32_t value);
#else
static ALWAYS_INLINE uint32_t mmio_read(uintptr_t address)
{
    return *(const volatile uint32_t *)address;
}

static ALWAYS_INLINE void mmio_write(uintptr_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}
#endif

/* A register that changes: the bits of `clear` first, then those of `set`. */
struct mmio_change {
    uintptr_t address;
    uint32_t clear;
    uint32_t set;
};

/* Makes `count` changes in order: what a board knows of clocks and pins, as a table. */
static inline void mmio_apply(const struct mmio_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mmio_write(changes[i].address,
                   (mmio_read(changes[i].address) & ~changes[i].clear) | changes[i].set);
    }
}
