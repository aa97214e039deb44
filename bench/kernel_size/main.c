/* SPDX-License-Identifier: Apache-2.0 */
/* A program that uses threads, sleep, a semaphore with and without a deadline, also from an
 * interrupt, and a mutex: what the kernel costs in flash. It is linked, not run. */
#include <zephyr/kernel.h>

#define LINE 20

static K_SEM_DEFINE(sem, 0, 1);
static K_MUTEX_DEFINE(mutex);
static struct k_thread thread;
static K_THREAD_STACK_DEFINE(stack, 512);

ISR_DIRECT_DECLARE(handler)
{
    k_sem_give(&sem);
    return 1;
}

static void entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    for (;;) {
        (void)k_mutex_lock(&mutex, K_FOREVER);
        (void)k_sem_take(&sem, K_TICKS(10));
        (void)k_mutex_unlock(&mutex);
    }
}

int main(void)
{
    IRQ_DIRECT_CONNECT(LINE, 1, handler, 0);
    irq_enable(LINE);
    k_thread_create(&thread, stack, sizeof(stack), entry, NULL, NULL, NULL, 1, 0, K_NO_WAIT);
    for (;;) {
        k_sleep(K_TICKS(100));
    }
}
