/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest useful program: one thread reads lines from the serial line into blocks of a heap,
 * waiting for memory when there is none, another one prints each with its length. Ctrl-D ends it.
 */
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#define LINE_MAX   60
#define DIGITS     3 /* two, and a blank */
#define HEAP_BYTES 256
#define END        0x04

struct line {
    void *fifo_reserved;
    size_t length;
    char text[DIGITS + LINE_MAX + 1]; /* room for the length in front, for the end behind */
};

DEVICE_DECLARE(uart0);
K_HEAP_DEFINE(heap, HEAP_BYTES);
K_FIFO_DEFINE(lines);

/* Two digits, without the division that small cores have not got. */
static void put_length(char *digits, size_t length)
{
    digits[0] = '0';
    for (; length >= 10; length -= 10) {
        digits[0]++;
    }
    digits[1] = (char)('0' + length);
    digits[2] = ' ';
}

static void writer(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        struct line *line = k_fifo_get(&lines, K_FOREVER);
        size_t end = DIGITS + line->length;

        put_length(line->text, line->length);
        line->text[end] = '\n';
        for (size_t i = 0; i <= end; i++) {
            uart_poll_out(DEVICE_GET(uart0), (unsigned char)line->text[i]);
        }
        k_heap_free(&heap, line);
    }
}
/* More urgent than main: a line is out when it has been put into the queue. */
K_THREAD_DEFINE(writer_thread, 512, writer, NULL, NULL, NULL, -1, 0, 0);

static unsigned char next_character(void)
{
    unsigned char character;

    while (uart_poll_in(DEVICE_GET(uart0), &character) != 0) {
        k_sleep(K_TICKS(1));
    }
    return character;
}

int main(void)
{
    unsigned char character = '\n';

    while (character != END) {
        struct line *line = k_heap_alloc(&heap, sizeof(*line), K_FOREVER);

        line->length = 0;
        for (character = next_character(); character != '\n' && character != END;
             character = next_character()) {
            if (line->length < LINE_MAX) {
                line->text[DIGITS + line->length++] = (char)character;
            }
        }
        k_fifo_put(&lines, line);
    }
    sys_exit(0);
}
