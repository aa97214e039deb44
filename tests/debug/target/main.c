/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the debugger tests look at: threads that run, sleep and wait for each kind of thing, a heap
 * in pieces, and a console in memory. Each state is reached before "ready" is printed and then stays.
 */
#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#define STACK_BYTES 768

K_HEAP_DEFINE(pool, 1024);
K_SEM_DEFINE(never_given, 0, 1);

volatile uint32_t work_done;     /* grows while the worker runs */
volatile uint32_t watched;       /* written once in 64 steps */
volatile uint32_t semihost_wish; /* a debugger sets it to ask for a word through semihosting */
volatile uint32_t semihost_done; /* how often that has been granted */
volatile uint32_t crash_wish;    /* and this to ask for a fault */
volatile float one = 1, three = 3, third;
void *blocks[6];

/* Arm semihosting 2.0, SYS_WRITE0: prints the text at r1. */
static void semihost_print(const char *text)
{
    register unsigned operation __asm__("r0") = 4;
    register const char *parameter __asm__("r1") = text;

    __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(parameter) : "memory");
}

void work_step(uint32_t step);
__attribute__((noinline)) void work_step(uint32_t step)
{
    work_done = work_done + 1;
    if (step % 64 == 63) {
        watched = step;
    }
}

static void worker_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (uint32_t step = 0;; step++) {
        work_step(step);
    }
}

/* With CONFIG_FPU its floating-point registers are in use while it sleeps. */
static void sleeper_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    if (IS_ENABLED(CONFIG_FPU)) {
        third = one / three;
    }
    k_sleep(K_SECONDS(100000));
}

static void taker_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_sem_take(&never_given, K_FOREVER);
}

static void hungry_entry(void *bytes, void *p2, void *p3)
{
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    blocks[5] = k_heap_alloc(&pool, (size_t)(uintptr_t)bytes, K_SECONDS(200000));
}

K_THREAD_DEFINE(worker, STACK_BYTES, worker_entry, NULL, NULL, NULL, 5, 0, 0);
K_THREAD_DEFINE(sleeper, STACK_BYTES, sleeper_entry, NULL, NULL, NULL, -2, 0, 0);
K_THREAD_DEFINE(taker, STACK_BYTES, taker_entry, NULL, NULL, NULL, 1, 0, 0);
K_THREAD_DEFINE(hungry, STACK_BYTES, hungry_entry, 600, NULL, NULL, 2, 0, 0);
K_THREAD_DEFINE(paused, STACK_BYTES, taker_entry, NULL, NULL, NULL, 3, 0, 0);

static void cut_heap(void)
{
    static const uint16_t bytes[5] = {100, 60, 200, 30, 120};

    for (unsigned i = 0; i < 5; i++) {
        blocks[i] = k_heap_alloc(&pool, bytes[i], K_NO_WAIT);
    }
    k_heap_free(&pool, blocks[1]);
    k_heap_free(&pool, blocks[3]);
}

__attribute__((noinline)) static void crash(void)
{
    printk("crashing\n");
    *(volatile uint32_t *)0xa0000000 = 1;
}

int main(void)
{
    const struct device *console = device_get_binding("rtt0");
    unsigned char character;

    cut_heap();
    /* Behind all that wait, ahead of the worker: when it goes on, they do wait. */
    k_thread_priority_set(k_current_get(), 4);
    k_thread_priority_set(k_current_get(), 0);
    k_thread_suspend(paused);
    printk("ready\n");
    for (;;) {
        if (console != NULL && uart_poll_in(console, &character) == 0) {
            printk("got '%c'\n", character);
        }
        if (semihost_wish != 0) {
            semihost_wish = 0;
            semihost_print("hello through semihosting\n");
            semihost_done = semihost_done + 1;
        }
        if (crash_wish != 0) {
            crash_wish = 0;
            crash();
        }
        k_sleep(K_MSEC(1));
    }
}
