/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal.h"

#include <string.h>
#include <zephyr/arch/common/semihost.h>

#define BYTE_BACKSPACE 0x08u
#define BYTE_DELETE    0x7fu
#define BYTE_KILL      0x15u /* Ctrl-U, as termios names it (VKILL) */

static const char greeting[] =
    "This is Cairn's line server. Type a line and press Enter; Ctrl-D ends.\n"
    "Each byte arrives by DMA; each line becomes a message in a heap of " STRINGIFY(
        CONFIG_DEMO_HEAP_BYTES) " bytes.\n"
                                "One of three workers computes its CRC-32, and the answer leaves "
                                "by DMA:\n"
                                "    <number> <length> <CRC-32> <first 40 characters>\n"
                                "Ctrl-P takes the next key as it is. To serve a file: make run < "
                                "file\n";

static const struct device *screen; /* NULL: no terminal */

static void show(const char *text)
{
    while (*text != '\0') {
        uart_poll_out(screen, (unsigned char)*text++);
    }
}

void terminal_start(const struct device *uart)
{
    char words[64];

    if (semihost_command_line(words, sizeof(words)) == 0 && strstr(words, " terminal") != NULL) {
        screen = uart;
        show(greeting);
    }
}

static void echo(uint8_t byte)
{
    if (byte == '\n' || (byte >= ' ' && byte != BYTE_DELETE)) {
        uart_poll_out(screen, byte);
    }
}

static void take_back(struct line *line)
{
    line_take_back(line);
    show("\b \b");
}

bool terminal_typed(struct line *line, uint8_t *byte)
{
    if (screen == NULL || line->quoted) {
        return true;
    }
    if (*byte == BYTE_BACKSPACE || *byte == BYTE_DELETE) {
        if (line->length > 0) {
            take_back(line);
        }
        return false;
    }
    if (*byte == BYTE_KILL) {
        while (line->length > 0) {
            take_back(line);
        }
        return false;
    }
    *byte = *byte == '\r' ? '\n' : *byte;
    echo(*byte == BYTE_END && line->length > 0 ? '\n' : *byte);
    return true;
}
