/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts, locks and what may be called where. */
#include <zephyr/irq.h>
#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/spinlock.h>

#include "parts.h"

#define UNUSED_LINE 20

static K_SEM_DEFINE(from_isr, 0, 1);
static struct k_spinlock lock;
static int guarded;
static bool in_isr;

struct device_data {
    int interrupts;
};
static struct device_data data;

static void device_isr(void *arg)
{
    struct device_data *dev = arg;

    dev->interrupts++;
}

static void offloaded(const void *param)
{
    k_spinlock_key_t key = k_spin_lock(&lock);

    guarded += *(const int *)param;
    k_spin_unlock(&lock, key);
    in_isr = k_is_in_isr();
    k_sem_give(&from_isr);
}

void isr_part(void)
{
    static const int amount = 5;
    unsigned int key;
    bool ok;

    IRQ_CONNECT(UNUSED_LINE, 2, device_isr, &data, 0);
    irq_enable(UNUSED_LINE);
    irq_disable(UNUSED_LINE);

    key = irq_lock();
    guarded = 1;
    irq_unlock(key);
    irq_offload(offloaded, &amount);
    ok = k_sem_take(&from_isr, K_NO_WAIT) == 0 && guarded == 6 && in_isr && !k_is_in_isr();

    k_sched_lock();
    k_sched_unlock();
    done("interrupts", ok && data.interrupts == 0);
}
