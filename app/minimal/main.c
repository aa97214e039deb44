/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest useful program: one thread reads lines from the serial line into blocks of a heap,
 * waiting for memory when there is none, another one prints each with its length. Ctrl-D ends it.
 */
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#define LINE_MAX   60
#define HEAP_BYTES 256
#define END        0x04

struct line {
    void *fifo_reserved;
    size_t length;
    char text[LINE_MAX];
};

DEVICE_DECLARE(uart0);
K_HEAP_DEFINE(heap, HEAP_BYTES);
K_FIFO_DEFINE(lines);

static void put_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uart_poll_out(DEVICE_GET(uart0), (unsigned char)text[i]);
    }
}

/* Two digits, without the division that small cores have not got. */
static void put_length(size_t length)
{
    char digits[] = {'0', '0', ' '};

    for (; length >= 10; length -= 10) {
        digits[0]++;
    }
    digits[1] = (char)(digits[1] + length);
    put_text(digits, sizeof(digits));
}

static void writer(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        struct line *line = k_fifo_get(&lines, K_FOREVER);
        put_length(line->length);
        put_text(line->text, line->length);
        put_text("\n", 1);
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
                line->text[line->length++] = (char)character;
            }
        }
        k_fifo_put(&lines, line);
    }
    sys_exit(0);
}
