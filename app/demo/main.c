/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line server: lines come in by DMA, wait for memory from a small heap, get their CRC-32 from
 * one of three workers, and leave by DMA in input order. The main thread is the reader.
 */
#ifdef CONFIG_ARCH_HOST
#error "the line server needs a UART: build it for a board, for example BOARD=mps2_an505"
#endif

#include <errno.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include "../../kernel/region_heap.h"
#include "input.h"
#include "reader.h"
#include "summary.h"
#include "terminal.h"
#include "worker.h"
#include "writer.h"

/* The writer first: what it frees is what the others wait for. */
#define PRIORITY_WRITER  2
#define PRIORITY_READER  3
#define PRIORITY_WORKERS 4

static void uart_event(const struct device *dev, struct uart_event *event, void *user_data)
{
    ARG_UNUSED(dev);
    ARG_UNUSED(user_data);
    input_event(event);
    writer_event(event);
}

/* Where the board has no memory beyond the image's, part of that is the region for buffers. */
static void add_own_region(void)
{
#ifndef CONFIG_BOARD_REGIONS
    static char memory[CONFIG_DEMO_BUFFER_BYTES] __aligned(8) __noinit;
    static const struct region region = {.name = "demo", .start = memory, .size = sizeof(memory)};

    (void)region_heap_add(&region);
#endif
}

static int start(const struct device *uart)
{
    int result = device_is_ready(uart) ? uart_callback_set(uart, uart_event, NULL) : -ENODEV;

    if (result == 0) {
        result = writer_start(uart, PRIORITY_WRITER);
    }
    if (result == 0) {
        workers_start(PRIORITY_WORKERS);
        terminal_start(uart);
        result = input_start(uart);
    }
    return result;
}

int main(void)
{
    const struct device *uart = device_get_binding("uart0");
    struct reader_result result = {0};
    int error;

    add_own_region();
    error = start(uart);

    k_thread_priority_set(k_current_get(), PRIORITY_READER);
    if (error == 0) {
        error = reader_run(&result);
    }
    if (error != 0) {
        printk("# cannot serve: error %d\n", error);
        sys_exit(1);
    }
    input_stop();
    writer_finish();
    sys_exit(summary_print(&result) ? 0 : 1);
}
