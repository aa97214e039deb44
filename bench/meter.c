/* SPDX-License-Identifier: Apache-2.0 */
#include "meter.h"

#include "board.h"

/* Arm MPS2+ AN386 application note: timer 0, at 25 MHz. Cortex-M System Design Kit technical
 * reference manual, "APB timer": control (bit 0: enable), value (counts down), reload. */
#define TIMER0_CTRL   (*(volatile uint32_t *)0x40000000u)
#define TIMER0_RELOAD (*(volatile uint32_t *)0x40000008u)
#define TIMER_ON      1u

#define TICK_NS        40
#define INSTRUCTION_NS 256
/* The blx, and one of the two reads. */
#define AROUND 2

uint32_t meter_cost;
bool meter_watches_stack;
uint32_t meter_stack;

/* fn(a, b, c) between two reads of the timer; the difference goes to *ticks. */
uintptr_t meter_ticks(meter_fn fn, uintptr_t a, uintptr_t b, uintptr_t c, uint32_t *ticks);
__asm__(".syntax unified\n.thumb\n.text\n"
        ".thumb_func\n.global meter_ticks\nmeter_ticks:\n"
        "    push {r4, r5, r6, lr}\n"
        "    mov  r4, r0\n"
        "    mov  r0, r1\n"
        "    mov  r1, r2\n"
        "    mov  r2, r3\n"
        "    ldr  r5, =0x40000004\n" /* TIMER0_VALUE */
        "    ldr  r6, [r5]\n"
        "    blx  r4\n"
        "    ldr  r5, [r5]\n"
        "    subs r6, r6, r5\n"
        "    ldr  r1, [sp, #16]\n"
        "    str  r6, [r1]\n"
        "    pop  {r4, r5, r6, pc}\n"
        ".ltorg\n");

/* fn(a, b, c) on 4 KiB of painted stack; how many bytes were touched goes to *bytes. */
uintptr_t meter_paint(meter_fn fn, uintptr_t a, uintptr_t b, uintptr_t c, uint32_t *bytes);
__asm__(".thumb_func\n.global meter_paint\nmeter_paint:\n"
        "    push {r4, r5, r6, lr}\n"
        "    mov  r4, r0\n"
        "    mov  r0, r1\n"
        "    mov  r1, r2\n"
        "    mov  r2, r3\n"
        "    mov  r5, sp\n"
        "    sub  r6, r5, #4096\n"
        "    ldr  r3, =0x5a5aa5a5\n"
        "1:  str  r3, [r5, #-4]!\n"
        "    cmp  r5, r6\n"
        "    bne  1b\n"
        "    movs r3, #0\n" /* a push of r3 shows */
        "    blx  r4\n"
        "    ldr  r3, =0x5a5aa5a5\n"
        "2:  ldr  r2, [r6], #4\n"
        "    cmp  r2, r3\n"
        "    beq  2b\n"
        "    subs r6, #4\n"
        "    mov  r5, sp\n"
        "    subs r5, r5, r6\n"
        "    ldr  r1, [sp, #16]\n"
        "    str  r5, [r1]\n"
        "    pop  {r4, r5, r6, pc}\n"
        ".ltorg\n");

uintptr_t meter_call(meter_fn fn, uintptr_t a, uintptr_t b, uintptr_t c)
{
    uint32_t ticks;

    if (meter_watches_stack) {
        return meter_paint(fn, a, b, c, &meter_stack);
    }
    uintptr_t result = meter_ticks(fn, a, b, c, &ticks);

    meter_cost = (ticks * TICK_NS + INSTRUCTION_NS / 2) / INSTRUCTION_NS - AROUND;
    return result;
}

/* Calls of known length: n times nop and a return; a loop of two instructions. */
#define NOPS(n)                                                                                    \
    __attribute__((naked, noinline)) static void nops_##n(void)                                    \
    {                                                                                              \
        __asm__(".rept " #n "\n nop\n .endr\n bx lr");                                             \
    }
#define LOOP(n)                                                                                    \
    __attribute__((naked, noinline)) static void loop_##n(void)                                    \
    {                                                                                              \
        __asm__("movw r0, #" #n "\n 1: subs r0, #1\n bne 1b\n bx lr");                             \
    }
/* clang-format off */
NOPS(0) NOPS(1) NOPS(10) NOPS(100) NOPS(1000) LOOP(100) LOOP(5000)
    /* clang-format on */

    void meter_init(void)
{
    static const struct {
        meter_fn fn;
        uint32_t cost;
    } known[] = {
        {nops_0, 1},       {nops_1, 2},     {nops_10, 11},      {nops_100, 101},
        {nops_1000, 1001}, {loop_100, 202}, {loop_5000, 10002},
    };
    enum { TIMES = 200 };

    TIMER0_RELOAD = UINT32_MAX;
    TIMER0_CTRL = TIMER_ON;
    for (uint32_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        for (uint32_t j = 0; j < TIMES; j++) {
            (void)meter_call(known[i].fn, 0, 0, 0);
            if (meter_cost != known[i].cost) {
                REPORT("calibration", known[i].cost, meter_cost);
                board_fail("the timer does not count instructions exactly");
            }
        }
    }
}
