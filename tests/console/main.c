/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints in ways that console.t asks for with a word, and that it judges.
 *
 * flood: two threads and a timer's interrupt print numbered lines while nobody reads. Each line is
 * "<source> <number> <filler>\n"; in the end "= <characters printed> <lost> <longest printk in ms>".
 * fault, exit, panic: text, and then the end, before it can have left.
 */
#include <string.h>
#include <zephyr/arch/common/semihost.h>
#include <zephyr/kernel.h>

#include "../../drivers/console.h"

#define LINES       1600u
#define STACK_BYTES 1024

K_THREAD_STACK_ARRAY_DEFINE(stacks, 2, STACK_BYTES);
static struct k_thread threads[2];
static uint32_t printed; /* characters; protected by the interrupt lock */
static int64_t longest_ms;

static void print_line(char source, unsigned number)
{
    static const char filler[] = "abcdefghijklmnopqrstuvwxyz";
    char line[60];
    int length =
        snprintk(line, sizeof(line), "%c %u %.*s\n", source, number, (int)(number % 26), filler);
    int64_t since = k_uptime_get();
    unsigned key;

    printk("%s", line);
    key = irq_lock();
    longest_ms = MAX(longest_ms, k_uptime_get() - since);
    printed += (uint32_t)length;
    irq_unlock(key);
}

static void print_lines(void *source, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (unsigned i = 0; i < LINES; i++) {
        print_line(*(const char *)source, i);
        if (i % 8 == 0) {
            k_msleep(3);
        }
    }
}

static void in_interrupt(struct k_timer *timer)
{
    static unsigned number;

    ARG_UNUSED(timer);
    print_line('i', number++);
}

static void flood(void)
{
    static struct k_timer timer;

    k_timer_init(&timer, in_interrupt, NULL);
    k_timer_start(&timer, K_MSEC(1), K_MSEC(2));
    for (unsigned i = 0; i < 2; i++) {
        k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), print_lines,
                        (void *)(uintptr_t)(i == 0 ? "a" : "b"), NULL, NULL, 3 + (int)i, 0,
                        K_NO_WAIT);
    }
    for (unsigned i = 0; i < 2; i++) {
        (void)k_thread_join(&threads[i], K_FOREVER);
    }
    k_timer_stop(&timer);
    while (console_pending() != 0) {
        k_msleep(1);
    }
    printk("= %lu %lu %lld\n", (unsigned long)printed, (unsigned long)console_lost(), longest_ms);
}

/* Fills the line until it stands still, then less than the ring holds: nothing of that can have left
 * when the end comes. */
static void print_a_little(void)
{
    unsigned before = 0;

    while (console_pending() < 64) {
        printk("x");
        before++;
        k_usleep(before % 64 == 0 ? 1000 : 0);
    }
    for (unsigned i = 0; i < 15; i++) {
        printk("line %u of the end\n", i);
    }
    printk("%u before\n", before);
}

int main(void)
{
    char words[100];

    (void)semihost_command_line(words, sizeof(words));
    if (strstr(words, "flood") != NULL) {
        flood();
        sys_exit(0);
    }
    print_a_little();
    if (strstr(words, "fault") != NULL) {
        *(volatile uint32_t *)NULL = 1;
    }
    if (strstr(words, "panic") != NULL) {
        k_panic();
    }
    sys_exit(7);
}
