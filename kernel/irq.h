/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts: locking, connecting handlers, and running a function as if it were one. */
#pragma once

#include "../lib/util.h"
#include "arch.h"

/*
 * Masks the interrupts that may call the kernel; nests through the returned key. A thread that
 * blocks while it holds the lock gives it up and has it again when it runs. Context: any. Bound:
 * constant.
 */
static ALWAYS_INLINE unsigned irq_lock(void)
{
    return arch_irq_lock();
}

/* Undoes the irq_lock that returned `key`; a switch that became due meanwhile happens here.
 * Context: any. */
static ALWAYS_INLINE void irq_unlock(unsigned key)
{
    arch_irq_unlock(key);
}

/* Zephyr's name for the same lock on one processor; the object only makes the protected data
 * visible. */
struct k_spinlock {
    char unused;
};

typedef struct {
    unsigned key;
} k_spinlock_key_t;

static ALWAYS_INLINE k_spinlock_key_t k_spin_lock(struct k_spinlock *lock)
{
    ARG_UNUSED(lock);
    return (k_spinlock_key_t){irq_lock()};
}

static ALWAYS_INLINE void k_spin_unlock(struct k_spinlock *lock, k_spinlock_key_t key)
{
    ARG_UNUSED(lock);
    irq_unlock(key.key);
}

/* As k_spin_lock; on one processor the lock is always free. Returns 0. */
static ALWAYS_INLINE int k_spin_trylock(struct k_spinlock *lock, k_spinlock_key_t *key)
{
    *key = k_spin_lock(lock);
    return 0;
}

/* Runs the statement that follows with the lock held; `continue` leaves it early, return must not.
 */
#define K_SPINLOCK(lock)                                                                           \
    for (k_spinlock_key_t spinlock_key = k_spin_lock(lock), *spinlock_once = &spinlock_key;        \
         spinlock_once != NULL; k_spin_unlock(lock, spinlock_key), spinlock_once = NULL)

/* True in an interrupt or fault handler. Context: any. Bound: constant. */
static ALWAYS_INLINE bool k_is_in_isr(void)
{
    return arch_in_isr();
}

/* Above the kernel's lock: never masked by it, and must not call the kernel. */
#define IRQ_ZERO_LATENCY BIT(0)

/* Handlers for IRQ_DIRECT_CONNECT are plain functions: the vector points at them, nothing runs
 * before or after. In Zephyr the result says whether to look for a switch; here whatever the
 * handler readies runs in any case. */
#define ISR_DIRECT_DECLARE(name)                                                                   \
    static inline int name##_body(void);                                                           \
    void name(void);                                                                               \
    void name(void)                                                                                \
    {                                                                                              \
        (void)name##_body();                                                                       \
    }                                                                                              \
    static inline int name##_body(void)

/*
 * Installs isr(arg) as the handler of `irq` (0: first line after the system exceptions) at
 * `priority` (0: most urgent). `irq` out of range, or a priority that the lock could not mask,
 * halts with K6. `arg` is a constant expression. Context: thread or before the scheduler. Bound:
 * constant.
 */
#define IRQ_CONNECT(irq, priority, isr, arg, flags)                                                \
    do {                                                                                           \
        static const void *const irq_connect_arg = (const void *)(uintptr_t)(arg);                 \
        void irq_connect_entry(void)                                                               \
        {                                                                                          \
            void (*handler)(const void *) = (void (*)(const void *))(isr);                         \
                                                                                                   \
            handler(irq_connect_arg);                                                              \
        }                                                                                          \
        arch_irq_connect((irq), (priority), (flags), irq_connect_entry);                           \
    } while (0)

#define IRQ_DIRECT_CONNECT(irq, priority, isr, flags)                                              \
    arch_irq_connect((irq), (priority), (flags), (isr))

static inline void irq_enable(unsigned irq)
{
    arch_irq_enable(irq);
}

static inline void irq_disable(unsigned irq)
{
    arch_irq_disable(irq);
}

static inline int irq_is_enabled(unsigned irq)
{
    return arch_irq_is_enabled(irq);
}

/* Makes `irq` pending from software. Context: any. Bound: constant. */
static inline void irq_pend(unsigned irq)
{
    arch_irq_pend(irq);
}

typedef void (*irq_offload_routine_t)(const void *parameter);

/* Runs routine(parameter) in interrupt context and returns after it. Context: thread, interrupts
 * unlocked. */
void irq_offload(irq_offload_routine_t routine, const void *parameter);
