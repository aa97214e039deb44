/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words that threads and interrupts change without a lock, with Zephyr's names. Each function is
 * sequentially consistent; those that change return the value before. Context: any. Bound: constant
 * unless an interrupt changes the same word at each try. On cores without exclusive accesses
 * (Armv6-M) the compiler calls functions, which kernel/arch/cortex_m/atomic.c has.
 */
#pragma once

#include "util.h"

typedef long atomic_t;
typedef atomic_t atomic_val_t;
typedef void *atomic_ptr_t;
typedef atomic_ptr_t atomic_ptr_val_t;

#define ATOMIC_INIT(value)     (value)
#define ATOMIC_PTR_INIT(value) (value)
#define ATOMIC_BITS            (8 * sizeof(atomic_val_t))
#define ATOMIC_BITMAP_SIZE(n)  DIV_ROUND_UP(n, ATOMIC_BITS)
#define ATOMIC_DEFINE(name, n) atomic_t name[ATOMIC_BITMAP_SIZE(n)]

static inline atomic_val_t atomic_get(const atomic_t *target)
{
    return __atomic_load_n(target, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_set(atomic_t *target, atomic_val_t value)
{
    return __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_clear(atomic_t *target)
{
    return atomic_set(target, 0);
}

static inline atomic_val_t atomic_add(atomic_t *target, atomic_val_t value)
{
    return __atomic_fetch_add(target, value, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_sub(atomic_t *target, atomic_val_t value)
{
    return __atomic_fetch_sub(target, value, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_inc(atomic_t *target)
{
    return atomic_add(target, 1);
}

static inline atomic_val_t atomic_dec(atomic_t *target)
{
    return atomic_sub(target, 1);
}

static inline atomic_val_t atomic_or(atomic_t *target, atomic_val_t value)
{
    return __atomic_fetch_or(target, value, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_xor(atomic_t *target, atomic_val_t value)
{
    return __atomic_fetch_xor(target, value, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_and(atomic_t *target, atomic_val_t value)
{
    return __atomic_fetch_and(target, value, __ATOMIC_SEQ_CST);
}

static inline atomic_val_t atomic_nand(atomic_t *target, atomic_val_t value)
{
    return __atomic_fetch_nand(target, value, __ATOMIC_SEQ_CST);
}

/* Stores `new_value` and returns true if *target is `old_value`. */
static inline bool atomic_cas(atomic_t *target, atomic_val_t old_value, atomic_val_t new_value)
{
    return __atomic_compare_exchange_n(target, &old_value, new_value, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static inline atomic_ptr_val_t atomic_ptr_get(const atomic_ptr_t *target)
{
    return __atomic_load_n(target, __ATOMIC_SEQ_CST);
}

static inline atomic_ptr_val_t atomic_ptr_set(atomic_ptr_t *target, atomic_ptr_val_t value)
{
    return __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST);
}

static inline bool atomic_ptr_cas(atomic_ptr_t *target, atomic_ptr_val_t old_value,
                                  atomic_ptr_val_t new_value)
{
    return __atomic_compare_exchange_n(target, &old_value, new_value, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

/* Bit `bit` of an array of words, counted from the first word on. */
static inline atomic_val_t atomic_bit_mask(int bit)
{
    return (atomic_val_t)(1UL << ((unsigned)bit % ATOMIC_BITS));
}

static inline bool atomic_test_bit(const atomic_t *target, int bit)
{
    return (atomic_get(target + (unsigned)bit / ATOMIC_BITS) & atomic_bit_mask(bit)) != 0;
}

static inline bool atomic_test_and_set_bit(atomic_t *target, int bit)
{
    return (atomic_or(target + (unsigned)bit / ATOMIC_BITS, atomic_bit_mask(bit)) &
            atomic_bit_mask(bit)) != 0;
}

static inline bool atomic_test_and_clear_bit(atomic_t *target, int bit)
{
    return (atomic_and(target + (unsigned)bit / ATOMIC_BITS, ~atomic_bit_mask(bit)) &
            atomic_bit_mask(bit)) != 0;
}

static inline void atomic_set_bit(atomic_t *target, int bit)
{
    (void)atomic_test_and_set_bit(target, bit);
}

static inline void atomic_clear_bit(atomic_t *target, int bit)
{
    (void)atomic_test_and_clear_bit(target, bit);
}

static inline void atomic_set_bit_to(atomic_t *target, int bit, bool value)
{
    (void)(value ? atomic_test_and_set_bit(target, bit) : atomic_test_and_clear_bit(target, bit));
}
