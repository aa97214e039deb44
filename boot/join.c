/* SPDX-License-Identifier: Apache-2.0 */
#include "join.h"

#include "../drivers/console.h"
#include "../drivers/rtt.h"
#include "../drivers/uart.h"
#include "../kernel/init.h"
#include "../kernel/printk.h"
#include "../kernel/region_heap.h"
#include "../lib/assert.h"
#include "board.h"

static const struct device *console(void)
{
#ifdef CONFIG_RTT_CONSOLE
    return DEVICE_GET(rtt0);
#else
    return board_console;
#endif
}

static void put_by_polling(char character)
{
    uart_poll_out(console(), (unsigned char)character);
}

void boot_join_early(void)
{
#ifdef CONFIG_STM32F4_CLOCK_TREE
    /* On the wrong clock nothing that is printed could be read: a debugger shows where it is. */
    ASSERT(stm32f4_clock_init(&board_clock) == 0, "D20 the crystal or the PLL does not start",
           &board_clock, NULL);
#endif
#ifdef CONFIG_ARM_SECURE_FIRMWARE
    sau_init(board_sau, board_sau_count);
    sse200_security_init(&board_security);
#endif
    /* Ahead of its turn, so that whatever goes wrong from here on can be read. */
    (void)device_init(console());
    printk_sink_set(put_by_polling);
}

#ifdef CONFIG_BOARD_REGIONS
static int add_regions(void)
{
    for (size_t i = 0; i < board_region_count; i++) {
        (void)region_heap_add(&board_regions[i]);
    }
    return 0;
}
SYS_INIT(add_regions, PRE_KERNEL_1, CONFIG_KERNEL_INIT_PRIORITY_OBJECTS);
#endif

#ifdef CONFIG_CONSOLE_DEFERRED
static int start_console(void)
{
    return console_start(board_console);
}
SYS_INIT(start_console, PRE_KERNEL_2, CONFIG_KERNEL_INIT_PRIORITY_DEVICE);
#endif

#ifdef CONFIG_BOOT_BANNER
static void print_region(const struct region *region, size_t capacity_bytes, void *data)
{
    ARG_UNUSED(data);
    printk("# memory %s: %zu bytes for blocks at %p%s%s\n", region->name, capacity_bytes,
           region->start, (region->attr & REGION_DMA) != 0 ? ", DMA reaches it" : "",
           (region->attr & REGION_EXTERNAL) != 0 ? ", external" : "");
}

static int print_banner(void)
{
    printk("# Cairn on " CONFIG_BOARD ", %d Hz\n", CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC);
    if (IS_ENABLED(CONFIG_BOARD_REGIONS)) {
        region_heap_foreach(print_region, NULL);
    }
    return 0;
}
SYS_INIT(print_banner, POST_KERNEL, 0);
#endif
