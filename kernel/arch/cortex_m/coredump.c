/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registers of what failed and the image's RAM, in lines that tools/coredump.py turns into a
 * core file. Each begins with "coredump:", so they are found in a log with anything else in it:
 *
 *   coredump: begin
 *   coredump: r r0 ... r15 xpsr         17 words
 *   coredump: a first end               an area; words that are not in the lines below are 0
 *   coredump: m address word ...        up to 8 words
 *   coredump: end sum                   of all words of all lines, modulo 2^32
 */
#include "coredump.h"

#ifdef CONFIG_COREDUMP

#include <string.h>

#include "../../arch.h"
#include "../../printk.h"
#include "exception.h"
#include "stacked.h"

#define WORDS_PER_LINE 8
#define REGISTERS      17

#define XPSR_STACK_ALIGNED     BIT(9) /* a word of padding above the frame */
#define EXC_RETURN_BASIC_FRAME BIT(4) /* else 18 words of floating point above it */
#define FLOATING_POINT_WORDS   18u
#define SP                     13
#define LR                     14
#define PC                     15
#define XPSR                   16

extern char
    __isr_stack_start[]; /* from linker/sections.ld: first and last of what the image uses */
extern char __system_heap_end[];

static struct {
    bool noted;
    uint32_t r[REGISTERS];
    uint32_t sum;
} dump;

__used uint32_t fault_r4_r11[8]; /* of the last fault; global for the assembly below */

/* Nothing between the exception and here has changed r4 to r11; the next C function may. */
__used __attribute__((naked)) void fault_report(const struct stacked *frame, uint32_t exc_return)
{
    ARG_UNUSED(frame);
    ARG_UNUSED(exc_return);
    __asm__ volatile("ldr r3, =fault_r4_r11\n"
                     "stmia r3!, {r4-r7}\n"
                     "mov r2, r8\n str r2, [r3]\n"
                     "mov r2, r9\n str r2, [r3, #4]\n"
                     "mov r2, r10\n str r2, [r3, #8]\n"
                     "mov r2, r11\n str r2, [r3, #12]\n"
                     "ldr r2, =fault_report_saved\n"
                     "bx r2\n"
                     ".ltorg\n");
}

void coredump_note_fault(const struct stacked *frame, uint32_t exc_return)
{
    const uint32_t *words = (const uint32_t *)(const void *)frame;
    uint32_t above = (exc_return & EXC_RETURN_BASIC_FRAME) != 0 ? 0 : FLOATING_POINT_WORDS;

    dump.noted = frame != NULL;
    if (frame == NULL) {
        return;
    }
    above += (frame->xpsr & XPSR_STACK_ALIGNED) != 0 ? 1 : 0;
    memcpy(&dump.r[0], frame, 4 * sizeof(*words)); /* r0 to r3 */
    memcpy(&dump.r[4], fault_r4_r11, sizeof(fault_r4_r11));
    dump.r[12] = frame->r12;
    dump.r[SP] = (uint32_t)(uintptr_t)(words + sizeof(*frame) / sizeof(*words) + above);
    dump.r[LR] = frame->lr;
    dump.r[PC] = frame->pc;
    dump.r[XPSR] = frame->xpsr;
}

/* The registers here: a debugger finds the way back to whoever failed. */
static ALWAYS_INLINE void note_here(void)
{
    __asm__ volatile("mov r0, %0\n"
                     "stmia r0!, {r0-r7}\n"
                     "mov r1, r8\n mov r2, r9\n mov r3, r10\n stmia r0!, {r1-r3}\n"
                     "mov r1, r11\n mov r2, r12\n mov r3, sp\n stmia r0!, {r1-r3}\n"
                     "mov r1, lr\n mov r2, pc\n mrs r3, xpsr\n stmia r0!, {r1-r3}\n"
                     :
                     : "r"(dump.r)
                     : "r0", "r1", "r2", "r3", "memory");
}

static void print_word(uint32_t word)
{
    dump.sum += word;
    printk(" %08lx", (unsigned long)word);
}

static void print_memory(const uint32_t *first, const uint32_t *end)
{
    printk("coredump: a");
    print_word((uint32_t)(uintptr_t)first);
    print_word((uint32_t)(uintptr_t)end);
    for (; first < end; first += WORDS_PER_LINE) {
        size_t count = MIN((size_t)(end - first), (size_t)WORDS_PER_LINE);
        uint32_t any = 0;

        for (size_t i = 0; i < count; i++) {
            any |= first[i];
        }
        if (any == 0) {
            continue;
        }
        printk("\ncoredump: m");
        print_word((uint32_t)(uintptr_t)first);
        for (size_t i = 0; i < count; i++) {
            print_word(first[i]);
        }
    }
}

void arch_coredump(void)
{
    if (!dump.noted) {
        note_here();
    }
#ifdef CONFIG_MPU
    /* The guards of stacks are read, too. */
    MPU->CTRL = 0;
    __DSB();
    __ISB();
#endif
    dump.sum = 0;
    printk("coredump: begin\ncoredump: r");
    for (unsigned i = 0; i < REGISTERS; i++) {
        print_word(dump.r[i]);
    }
    printk("\n");
    print_memory((const uint32_t *)(void *)__isr_stack_start,
                 (const uint32_t *)(void *)__system_heap_end);
    printk("\ncoredump: end %08lx\n", (unsigned long)dump.sum);
}
#endif
