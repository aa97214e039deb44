/* SPDX-License-Identifier: Apache-2.0 */
/* Floating-point registers belong to a thread, whoever else uses them and however it loses the
 * processor. */
#include <zephyr/irq_offload.h>

#include "../ztest/workers.h"
#include "../ztest/ztest.h"

#define ROUNDS 200

static volatile unsigned damaged;
static volatile unsigned rounds[3];
static K_SEM_DEFINE(sem, 0, 1);

/* Fills s0 to s31 and the rounding mode with what only this thread has, calls between(), and returns
 * how many registers it finds changed. AAPCS lets a call change s0 to s15, so for those between must
 * be NULL: the thread then spins and is preempted. */
static __attribute__((noinline)) unsigned hold(uint32_t seed, void (*between)(void))
{
    uint32_t pattern[32];
    uint32_t found[32];
    uint32_t mode = seed % 4 << 22; /* FPSCR.RMode */
    uint32_t found_mode;
    uint32_t fpscr;
    unsigned changed;

    /* The rest stays: with another LTPSIZE the loops of Armv8.1-M fault. */
    __asm__ volatile("vmrs %0, fpscr" : "=r"(fpscr));
    fpscr = (fpscr & ~(3u << 22)) | mode;

    for (unsigned i = 0; i < 32; i++) {
        pattern[i] = 0x3f800000u + seed * 0x1000u + i;
        found[i] = 0;
    }
    if (between == NULL) {
        __asm__ volatile("vmsr fpscr, %2\n"
                         "vldmia %0, {s0-s31}\n"
                         "movw r2, #3000\n"
                         "1: subs r2, #1\n"
                         "bne 1b\n"
                         "vstmia %1, {s0-s31}\n" ::"r"(pattern),
                         "r"(found), "r"(fpscr)
                         : "r2", "cc", "memory");
    } else {
        register uint32_t *r0 __asm__("r0") = pattern;
        register uint32_t *r1 __asm__("r1") = found + 16;
        register uint32_t r2 __asm__("r2") = fpscr;
        register void (*r3)(void) __asm__("r3") = between;

        __asm__ volatile("push {r4, r5}\n"
                         "vpush {s16-s31}\n"
                         "mov r4, r1\n"
                         "vmsr fpscr, r2\n"
                         "vldmia r0, {s0-s31}\n"
                         "blx r3\n"
                         "vstmia r4, {s16-s31}\n"
                         "vpop {s16-s31}\n"
                         "pop {r4, r5}\n"
                         : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                         :
                         : "r12", "lr", "cc", "memory");
    }
    __asm__ volatile("vmrs %0, fpscr" : "=r"(found_mode));
    changed = (found_mode & 3u << 22) != mode;
    for (unsigned i = between == NULL ? 0 : 16; i < 32; i++) {
        changed += found[i] != pattern[i];
    }
    return changed;
}

static void spinner(void *p1, void *p2, void *p3)
{
    unsigned who = (unsigned)(uintptr_t)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (rounds[who] < ROUNDS) {
        damaged += hold(who * 1000 + rounds[who], NULL);
        rounds[who]++;
    }
}

static void yielder(void *p1, void *p2, void *p3)
{
    unsigned who = (unsigned)(uintptr_t)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (rounds[who] < ROUNDS) {
        damaged += hold(who * 1000 + rounds[who], k_yield);
        rounds[who]++;
    }
}

static void wait_a_tick(void)
{
    (void)k_sem_take(&sem, K_TICKS(1));
}

/* More urgent: preempts the others in the middle of what they hold. */
static void sleeper(void *p1, void *p2, void *p3)
{
    unsigned who = (unsigned)(uintptr_t)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (rounds[who] < ROUNDS) {
        damaged += hold(who * 1000 + rounds[who], wait_a_tick);
        rounds[who]++;
    }
}

/* Uses the registers in an interrupt, whoever it interrupts. */
static void clobber(struct k_timer *timer)
{
    ARG_UNUSED(timer);
    __asm__ volatile("vmov s0, %0\n vmov s15, %0\n vmov s3, s0\n" ::"r"(0xdeadbeef)
                     : "s0", "s3", "s15");
}

#ifdef CONFIG_CPU_CORTEX_M55
/* Preempted with vector predicates (VPR.P0) of its own. */
static void predicate_spinner(void *p1, void *p2, void *p3)
{
    unsigned who = (unsigned)(uintptr_t)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (rounds[who] < ROUNDS) {
        uint32_t pattern = 0x1111u * (1 + (who * 7 + rounds[who]) % 15);
        uint32_t found;

        __asm__ volatile("vmsr p0, %1\n"
                         "movw r2, #3000\n"
                         "1: subs r2, #1\n"
                         "bne 1b\n"
                         "vmrs %0, p0\n"
                         : "=r"(found)
                         : "r"(pattern)
                         : "r2", "cc");
        damaged += found != pattern;
        rounds[who]++;
    }
}
#endif

static void run(k_thread_entry_t first, k_thread_entry_t second)
{
    static K_TIMER_DEFINE(timer, clobber, NULL);

    damaged = 0;
    for (unsigned i = 0; i < 3; i++) {
        rounds[i] = 0;
    }
    k_timer_start(&timer, K_TICKS(1), K_TICKS(3));
    worker_start(0, first, (void *)0, NULL, 5, K_NO_WAIT);
    worker_start(1, second, (void *)1, NULL, 5, K_NO_WAIT);
    worker_start(2, sleeper, (void *)2, NULL, 4, K_NO_WAIT);
    for (unsigned i = 0; i < 3; i++) {
        zassert_ok(k_thread_join(worker(i), K_TICKS(100000)));
    }
    k_timer_stop(&timer);
    zassert_equal(damaged, 0, "%u registers changed", damaged);
}

/* A stack with others' memory below it, of which the thread leaves just what an interrupt needs. */
static struct {
    uint8_t below[128];
    K_THREAD_STACK_MEMBER(stack, 1024);
} deep __aligned(32);
static struct k_thread deep_thread;
static volatile bool is_deep;

/* The frame of an interrupt with floating-point registers (Armv7-M ARM B1.5.7). */
#define FRAME_BYTES (26 * 4)
/* A guard region stops the switch, too; a stack limit register does not, and the kernel adds what
 * the switch needs. */
#define REGISTER_BYTES (IS_ENABLED(CONFIG_MPU_STACK_GUARD) ? 64 : 0)

static void spin_at_the_limit(void *p1, void *p2, void *p3)
{
    uintptr_t limit = (uintptr_t)p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    is_deep = true;
    __asm__ volatile("mov r5, sp\n"
                     "mov sp, %0\n"
                     "1: vmov s0, r5\n"
                     "vmov r5, s0\n"
                     "ldrb r4, [%1]\n"
                     "cmp r4, #0\n"
                     "bne 1b\n"
                     "mov sp, r5\n" ::"r"(limit + FRAME_BYTES + 8),
                     "r"(&is_deep)
                     : "r4", "r5", "s0", "cc", "memory");
}

ZTEST_SUITE(fpu, NULL, NULL, NULL, workers_end, NULL);

ZTEST(fpu, preempted_threads_keep_their_registers)
{
    run(spinner, spinner);
}

ZTEST(fpu, yielding_threads_keep_their_registers)
{
    run(yielder, yielder);
}

ZTEST(fpu, one_that_yields_and_one_that_is_preempted)
{
    run(yielder, spinner);
}

#ifdef CONFIG_CPU_CORTEX_M55
ZTEST(fpu, preempted_threads_keep_their_predicates)
{
    run(predicate_spinner, predicate_spinner);
}
#endif

ZTEST(fpu, registers_are_stored_above_the_end_of_the_stack)
{
    uintptr_t bottom = (uintptr_t)deep.stack;

    memset(deep.below, 0x5a, sizeof(deep.below));
    k_thread_create(&deep_thread, deep.stack, 1024, spin_at_the_limit,
                    (void *)(bottom + ARCH_STACK_EXTRA_BYTES + REGISTER_BYTES), NULL, NULL, 9, 0,
                    K_NO_WAIT);
    while (!is_deep) {
        k_sleep(K_TICKS(1));
    }
    k_sleep(K_TICKS(5));
    for (size_t i = 0; i < sizeof(deep.below); i++) {
        zassert_equal(deep.below[i], 0x5a, "written %zu bytes below the stack",
                      sizeof(deep.below) - i);
    }
    is_deep = false;
    zassert_ok(k_thread_join(&deep_thread, K_TICKS(100)));
}
