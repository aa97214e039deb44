/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <string.h>

/* Arm MPS2+ AN386 application note, "CMSDK APB subsystem": UART0. Cortex-M System Design Kit
 * technical reference manual, "APB UART": data, state (bit 0: transmit buffer full), control. */
#define UART0_DATA    (*(volatile uint32_t *)0x40004000u)
#define UART0_STATE   (*(volatile uint32_t *)0x40004004u)
#define UART0_CTRL    (*(volatile uint32_t *)0x40004008u)
#define UART0_BAUDDIV (*(volatile uint32_t *)0x40004010u)
#define UART_TX_FULL  1u
#define UART_TX_ON    1u

/* Semihosting for AArch32, operations. */
#define SYS_GET_CMDLINE   0x15u
#define SYS_EXIT_EXTENDED 0x20u
#define APPLICATION_EXIT  0x20026u

extern uint32_t stack_top[];
int main(void);
_Noreturn void reset(void);
_Noreturn void fault(void);

static uint32_t semihost(uint32_t operation, void *block)
{
    register uint32_t r0 __asm__("r0") = operation;
    register void *r1 __asm__("r1") = block;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void board_write(const char *text)
{
    for (; *text != 0; text++) {
        while ((UART0_STATE & UART_TX_FULL) != 0) {
        }
        UART0_DATA = (uint8_t)*text;
    }
}

static void write_number(uint32_t number)
{
    char text[11];
    char *at = text + sizeof(text) - 1;

    *at = 0;
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    board_write(at);
}

void board_report(const char *key, uint32_t count, const uint32_t *values)
{
    board_write(key);
    for (uint32_t i = 0; i < count; i++) {
        board_write(" ");
        write_number(values[i]);
    }
    board_write("\n");
}

/* What follows `word` where it begins an argument; NULL when no argument begins so. *any tells
 * whether there are arguments. */
static const char *after_word(const char *word, bool *any)
{
    static char line[256];
    struct {
        char *text;
        int bytes;
    } block = {line, sizeof(line)};
    size_t length = strlen(word);

    /* The first word is the name of the image. */
    const char *at = semihost(SYS_GET_CMDLINE, &block) == 0 ? strchr(line, ' ') : NULL;
    *any = at != NULL;
    for (; at != NULL; at = strchr(at + 1, ' ')) {
        if (strncmp(at + 1, word, length) == 0) {
            return at + 1 + length;
        }
    }
    return NULL;
}

bool board_wants(const char *word)
{
    bool any;
    const char *after = after_word(word, &any);

    return !any || (after != NULL && (*after == ' ' || *after == 0));
}

uint32_t board_number(const char *word, uint32_t otherwise)
{
    bool any;
    const char *at = after_word(word, &any);
    uint32_t number = 0;

    if (at == NULL || *at != '=') {
        return otherwise;
    }
    while (*++at >= '0' && *at <= '9') {
        number = number * 10 + (uint32_t)(*at - '0');
    }
    return number;
}

_Noreturn void board_exit(int status)
{
    uint32_t block[2] = {APPLICATION_EXIT, (uint32_t)status};

    for (;;) {
        (void)semihost(SYS_EXIT_EXTENDED, block);
    }
}

_Noreturn void board_fail(const char *why)
{
    board_write("failed: ");
    board_write(why);
    board_write("\n");
    board_exit(1);
}

_Noreturn void fault(void)
{
    board_fail("fault");
}

_Noreturn void reset(void)
{
    UART0_BAUDDIV = 16;
    UART0_CTRL = UART_TX_ON;
    board_exit(main());
}

/* Armv7-M architecture reference manual, "The vector table": stack, reset, then the exceptions. */
__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {
    (uintptr_t)stack_top, (uintptr_t)reset, (uintptr_t)fault, (uintptr_t)fault,
    (uintptr_t)fault,     (uintptr_t)fault, (uintptr_t)fault,
};
