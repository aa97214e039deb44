/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the compiler calls for lib/atomic.h where the core has no exclusive accesses (GCC manual,
 * "Built-in Functions for Memory Model Aware Atomic Operations"; the names and signatures are those
 * of libatomic). With interrupts masked nothing comes between the load and the store.
 */
#include "../../arch.h"

#ifdef CONFIG_CPU_ARMV6M

/* The compiler knows the names as built-in functions and would not have them defined in C. */
#define LIBATOMIC(name) __asm__("__atomic_" #name "_4")

#define FETCH_AND(name, expression)                                                                \
    uint32_t fetch_##name(volatile void *target, uint32_t value, int order)                        \
        LIBATOMIC(fetch_##name);                                                                   \
    uint32_t fetch_##name(volatile void *target, uint32_t value, int order)                        \
    {                                                                                              \
        volatile uint32_t *word = target;                                                          \
        unsigned key = arch_irq_lock();                                                            \
        uint32_t old = *word;                                                                      \
                                                                                                   \
        ARG_UNUSED(order);                                                                         \
        *word = (expression);                                                                      \
        arch_irq_restore(key);                                                                     \
        return old;                                                                                \
    }

FETCH_AND(add, old + value)
FETCH_AND(sub, old - value)
FETCH_AND(and, old &value)
FETCH_AND(or, old | value)
FETCH_AND(xor, old ^ value)
FETCH_AND(nand, ~(old &value))

uint32_t exchange(volatile void *target, uint32_t value, int order) LIBATOMIC(exchange);
uint32_t exchange(volatile void *target, uint32_t value, int order)
{
    volatile uint32_t *word = target;
    unsigned key = arch_irq_lock();
    uint32_t old = *word;

    ARG_UNUSED(order);
    *word = value;
    arch_irq_restore(key);
    return old;
}

bool compare_exchange(volatile void *target, void *expected, uint32_t value, int success,
                      int failure) LIBATOMIC(compare_exchange);
bool compare_exchange(volatile void *target, void *expected, uint32_t value, int success,
                      int failure)
{
    volatile uint32_t *word = target;
    uint32_t *wanted = expected;
    unsigned key = arch_irq_lock();
    uint32_t old = *word;
    bool same = old == *wanted;

    ARG_UNUSED(success);
    ARG_UNUSED(failure);
    if (same) {
        *word = value;
    }
    arch_irq_restore(key);
    *wanted = old;
    return same;
}

#endif
