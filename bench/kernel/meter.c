/* SPDX-License-Identifier: Apache-2.0 */
#include "meter.h"

/* Arm MPS2+ AN386 application note: timer 0, at 25 MHz. Cortex-M System Design Kit technical
 * reference manual (DDI 0479), "APB timer": control (bit 0: enable), value, which counts down,
 * reload. */
#define TIMER0_CTRL   (*(volatile uint32_t *)0x40000000u)
#define TIMER0_RELOAD (*(volatile uint32_t *)0x40000008u)

/* Armv7-M ARM, B3.3.3: SysTick control; bit 1: interrupt. */
#define SYST_CSR         (*(volatile uint32_t *)0xe000e010u)
#define SYST_CSR_TICKINT 2u

#define TICK_NS        40u
#define INSTRUCTION_NS 256u

uint32_t meter_begin;
uint32_t meter_end;
meter_fn meter_handler_fn;
void *meter_handler_arg;

/* clang-format off */
__asm__(".syntax unified\n.thumb\n.text\n"
        ".thumb_func\n.global meter_call\n.type meter_call, %function\nmeter_call:\n"
        "    push {r4, r5, r6, r7, r8, lr}\n"
        "    mov  r4, r0\n"
        "    mov  r0, r1\n"
        "    mov  r1, r2\n"
        "    mov  r2, r3\n"
        "    ldr  r3, [sp, #24]\n"
        "    ldr  r5, =0x40000004\n" /* TIMER0_VALUE */
        "    ldr  r7, =meter_begin\n"
        "    ldr  r8, =meter_end\n"
        "    ldr  r6, [r5]\n"
        "    str  r6, [r7]\n"
        "    blx  r4\n"
        "    ldr  r5, [r5]\n"
        "    str  r5, [r8]\n"
        "    pop  {r4, r5, r6, r7, r8, pc}\n"
        ".ltorg\n"
        ".thumb_func\n.global meter_handler\n.type meter_handler, %function\nmeter_handler:\n"
        "    ldr  r0, =0x40000004\n"
        "    ldr  r1, [r0]\n"
        "    ldr  r0, =meter_begin\n"
        "    str  r1, [r0]\n"
        "    ldr  r0, =meter_handler_arg\n"
        "    ldr  r0, [r0]\n"
        "    ldr  r1, =meter_handler_fn\n"
        "    ldr  r1, [r1]\n"
        "    bx   r1\n"
        ".ltorg\n"
        ".thumb_func\n.global meter_pend\n.type meter_pend, %function\nmeter_pend:\n"
        "    push {r4, r5, r6, lr}\n"
        "    ldr  r5, =0x40000004\n"
        "    ldr  r4, =meter_begin\n"
        "    ldr  r6, [r5]\n"
        "    str  r6, [r4]\n"
        "    str  r1, [r0]\n"
        "    dsb\n"
        "    isb\n"
        "    ldr  r6, [r5]\n"
        "    ldr  r4, =meter_end\n"
        "    str  r6, [r4]\n"
        "    pop  {r4, r5, r6, pc}\n"
        ".ltorg\n"
        ".thumb_func\nnops_100:\n .rept 100\n nop\n .endr\n bx lr\n"
        ".thumb_func\nnops_0:\n bx lr\n"
        ".thumb_func\nloop_5000:\n movw r0, #5000\n 1: subs r0, #1\n bne 1b\n bx lr\n");
/* clang-format on */
void nops_0(void);
void nops_100(void);
void loop_5000(void);

uint32_t meter_count(uint32_t around)
{
    return ((meter_begin - meter_end) * TICK_NS + INSTRUCTION_NS / 2) / INSTRUCTION_NS - around;
}

static void check(meter_fn fn, uint32_t instructions)
{
    for (int i = 0; i < MIN(200, CONFIG_BENCH_ITERATIONS); i++) {
        (void)meter_call(fn, 0, 0, 0, 0);
        if (meter_count(METER_CALL) != instructions + 1) {
            printk("calibration: %u instructions counted as %u\n", (unsigned)instructions + 1,
                   (unsigned)meter_count(METER_CALL));
            sys_exit(1);
        }
    }
}

void meter_init(void)
{
    TIMER0_RELOAD = UINT32_MAX;
    TIMER0_CTRL = 1;
    SYST_CSR &= ~SYST_CSR_TICKINT; /* ticks come when a measurement wants one */
    check(nops_0, 1);
    check(nops_100, 101);
    check(loop_5000, 10002);
}

void row_add(struct row *row, uint32_t sample)
{
    row->smallest = row->count == 0 ? sample : MIN(row->smallest, sample);
    row->largest = MAX(row->largest, sample);
    row->sum += sample;
    row->count++;
}

void row_print(const char *name, const struct row *row)
{
    printk("%s %u %u %u\n", name, (unsigned)row->smallest,
           (unsigned)((uint64_t)row->sum * 100 / row->count), (unsigned)row->largest);
}

static const char *marked = "set-up";

__attribute__((noinline)) const char *meter_mark(const char *name)
{
    const char *before = marked;

    __asm__ volatile("" ::"r"(name) : "memory");
    marked = name;
    return before;
}
