/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts: the lock, connecting, enabling, pending, priorities, offloading. */
#include <zephyr/irq.h>
#include <zephyr/irq_offload.h>
#include <zephyr/spinlock.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

/* Lines that no device of any board uses; tests raise them with irq_pend. */
#define LINE_A 20
#define LINE_B 21
#define LINE_C 22
#define LINE_D 23
#define LINE_E 24

static K_SEM_DEFINE(sem, 0, 10);

static const char letter_a = 'a';

static void put_letter_isr(const void *letter)
{
    trace(*(const char *)letter);
    trace(k_is_in_isr() ? '+' : '-');
}

static void number_isr(const void *number)
{
    trace((uintptr_t)number == 42 ? 'n' : '?');
}

static void plain_isr(void)
{
    trace('p');
}

ISR_DIRECT_DECLARE(direct_isr)
{
    trace('d');
    trace(k_is_in_isr() ? '+' : '-');
    return 1;
}

static void give_isr(const void *parameter)
{
    k_sem_give((struct k_sem *)(uintptr_t)parameter);
    trace('g');
}

static void *connect(void)
{
    IRQ_CONNECT(LINE_A, 2, put_letter_isr, &letter_a, 0);
    IRQ_CONNECT(LINE_B, 2, number_isr, 42, 0);
    IRQ_CONNECT(LINE_C, 2, plain_isr, NULL, 0);
    IRQ_DIRECT_CONNECT(LINE_D, 2, direct_isr, 0);
    IRQ_CONNECT(LINE_E, 2, give_isr, &sem, 0);
    for (unsigned line = LINE_A; line <= LINE_E; line++) {
        irq_enable(line);
    }
    return NULL;
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_sem_reset(&sem);
    k_thread_priority_set(k_current_get(), 5);
}

ZTEST_SUITE(irq, NULL, connect, before, workers_end, NULL);

ZTEST(irq, handler_gets_its_argument)
{
    irq_pend(LINE_A);
    zassert_true(trace_is("a+"));
    irq_pend(LINE_B);
    zassert_true(trace_is("n"));
    irq_pend(LINE_C);
    zassert_true(trace_is("p"));
    zassert_false(k_is_in_isr());
}

ZTEST(irq, direct_handler)
{
    irq_pend(LINE_D);
    zassert_true(trace_is("d+"));
}

ZTEST(irq, lock_defers_and_nests)
{
    unsigned outer = irq_lock();
    unsigned inner = irq_lock();

    irq_pend(LINE_A);
    trace('1');
    irq_unlock(inner);
    trace('2');
    irq_unlock(outer);
    trace('3');
    zassert_true(trace_is("12a+3"));
}

ZTEST(irq, spinlock_is_the_same_lock)
{
    static struct k_spinlock lock;
    static struct k_spinlock other;
    k_spinlock_key_t outer = k_spin_lock(&lock);
    k_spinlock_key_t inner = k_spin_lock(&other);

    irq_pend(LINE_A);
    trace('1');
    k_spin_unlock(&other, inner);
    trace('2');
    k_spin_unlock(&lock, outer);
    trace('3');
    zassert_true(trace_is("12a+3"));
}

ZTEST(irq, disabled_line_waits)
{
    zassert_true(irq_is_enabled(LINE_A));
    irq_disable(LINE_A);
    zassert_false(irq_is_enabled(LINE_A));
    irq_pend(LINE_A);
    irq_pend(LINE_A);
    trace('1');
    irq_enable(LINE_A);
    trace('2');
    zassert_true(trace_is("1a+2"), "pending is a flag, not a count");
}

static void take(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_sem_take(&sem, K_FOREVER);
    trace(*(const char *)p1);
}

ZTEST(irq, switch_follows_the_interrupt)
{
    worker_start(0, take, "w", NULL, 4, K_NO_WAIT);
    irq_pend(LINE_E);
    trace('t');
    zassert_true(trace_is("gwt"));
}

ZTEST(irq, switch_waits_for_the_outer_lock)
{
    unsigned key;

    worker_start(0, take, "w", NULL, 4, K_NO_WAIT);
    key = irq_lock();
    irq_pend(LINE_E);
    trace('1');
    irq_unlock(key);
    trace('2');
    zassert_true(trace_is("1gw2"));
}

static void lock_in_isr(const void *parameter)
{
    unsigned outer = irq_lock();
    unsigned inner = irq_lock();

    ARG_UNUSED(parameter);
    irq_unlock(inner);
    irq_unlock(outer);
    trace('l');
}

ZTEST(irq, lock_in_a_handler)
{
    irq_offload(lock_in_isr, NULL);
    irq_pend(LINE_A);
    zassert_true(trace_is("la+"), "the handler's lock must not outlive it");
}

ZTEST(irq, offload_runs_in_interrupt_context)
{
    irq_offload(put_letter_isr, &letter_a);
    trace('t');
    zassert_true(trace_is("a+t"));
}

ZTEST(irq, offload_with_interrupts_locked)
{
    ztest_expect_invariant("K4");
    (void)irq_lock();
    irq_offload(put_letter_isr, &letter_a);
    zassert_unreachable();
}

#define EXPECT_K6(name, call)                                                                      \
    ZTEST(irq, name)                                                                               \
    {                                                                                              \
        ztest_expect_invariant("K6");                                                              \
        call;                                                                                      \
        zassert_unreachable();                                                                     \
    }

EXPECT_K6(connect_out_of_range, IRQ_CONNECT(480, 2, plain_isr, NULL, 0))
EXPECT_K6(enable_out_of_range, irq_enable(480))
EXPECT_K6(disable_out_of_range, irq_disable(480))
EXPECT_K6(is_enabled_out_of_range, (void)irq_is_enabled(480))
EXPECT_K6(pend_out_of_range, irq_pend(480))

#ifdef CONFIG_ARCH_CORTEX_M
#define LEVEL_LAST (BIT(CONFIG_IRQ_PRIO_BITS) - 1)
EXPECT_K6(priority_of_the_switch_is_not_for_lines,
          IRQ_CONNECT(LINE_A, LEVEL_LAST - !IS_ENABLED(CONFIG_IRQ_LOCK_PRIMASK), plain_isr, NULL,
                      0))
EXPECT_K6(priority_beyond_the_bits, IRQ_CONNECT(LINE_A, 255, plain_isr, NULL, 0))

#define LINE_URGENT 25
#define LINE_MIDDLE 26
#define LINE_ZERO   27

static void urgent_isr(void)
{
    trace('u');
}

static void middle_isr(void)
{
    trace('(');
    irq_pend(LINE_URGENT);
    irq_pend(LINE_A);
    trace(')');
}

ZTEST(irq, urgent_interrupts_nest)
{
    IRQ_CONNECT(LINE_URGENT, 0, urgent_isr, NULL, 0);
    IRQ_CONNECT(LINE_MIDDLE, 1, middle_isr, NULL, 0);
    irq_enable(LINE_URGENT);
    irq_enable(LINE_MIDDLE);
    irq_pend(LINE_MIDDLE);
    zassert_true(trace_is("(u)a+"));
}

static void locked_middle_isr(void)
{
    unsigned key = irq_lock();

    trace('(');
    irq_pend(LINE_URGENT);
    trace(')');
    irq_unlock(key);
}

ZTEST(irq, lock_in_a_handler_masks_more_urgent_ones)
{
    IRQ_CONNECT(LINE_URGENT, 0, urgent_isr, NULL, 0);
    IRQ_CONNECT(LINE_MIDDLE, 1, locked_middle_isr, NULL, 0);
    irq_enable(LINE_URGENT);
    irq_enable(LINE_MIDDLE);
    irq_pend(LINE_MIDDLE);
    zassert_true(trace_is("()u"));
}

#ifndef CONFIG_IRQ_LOCK_PRIMASK
static volatile unsigned zero_latency_count;

static void zero_latency_isr(void)
{
    zero_latency_count++;
}

ZTEST(irq, zero_latency_is_never_masked)
{
    unsigned key;

    IRQ_DIRECT_CONNECT(LINE_ZERO, 0, zero_latency_isr, IRQ_ZERO_LATENCY);
    irq_enable(LINE_ZERO);
    zero_latency_count = 0;
    key = irq_lock();
    irq_pend(LINE_ZERO);
    zassert_equal(zero_latency_count, 1);
    irq_unlock(key);
}
#endif

/* A switch to more urgent threads comes after the last of nested handlers. */
static void nested_give_isr(void)
{
    irq_pend(LINE_URGENT);
    trace('m');
}

static void urgent_give_isr(void)
{
    k_sem_give(&sem);
    trace('u');
}

ZTEST(irq, switch_follows_the_last_nested_handler)
{
    IRQ_CONNECT(LINE_URGENT, 0, urgent_give_isr, NULL, 0);
    IRQ_CONNECT(LINE_MIDDLE, 1, nested_give_isr, NULL, 0);
    irq_enable(LINE_URGENT);
    irq_enable(LINE_MIDDLE);
    worker_start(0, take, "w", NULL, 4, K_NO_WAIT);
    irq_pend(LINE_MIDDLE);
    trace('t');
    zassert_true(trace_is("umwt"));
}
#endif

ZTEST(irq, statement_under_a_spinlock)
{
    static struct k_spinlock lock;
    k_spinlock_key_t key;
    unsigned times = 0;

    K_SPINLOCK (&lock) {
        unsigned inner = irq_lock();

        zassert_not_equal(inner, 0, "interrupts are open");
        irq_unlock(inner);
        times++;
        if (times == 1) {
            continue;
        }
        times = 100;
    }
    zassert_equal(times, 1);
    key = k_spin_lock(&lock);
    zassert_equal(key.key, 0, "interrupts stayed locked");
    k_spin_unlock(&lock, key);
    zassert_ok(k_spin_trylock(&lock, &key));
    zassert_equal(key.key, 0);
    k_spin_unlock(&lock, key);
}
