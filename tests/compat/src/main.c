/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as one would write it for Zephyr, with nothing but <zephyr/...>: four stations pass
 * parcels round a ring, and main() counts them. The other files show other corners; each reports
 * through done().
 */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/util.h>

#include "parts.h"

#define STATIONS   4
#define ROUNDS     5
#define STACK_SIZE 1024

K_THREAD_STACK_ARRAY_DEFINE(station_stacks, STATIONS, STACK_SIZE);
static struct k_thread stations[STATIONS];
static struct k_sem hands[STATIONS];
static K_SEM_DEFINE(finished, 0, K_SEM_MAX_LIMIT);

static void station(void *p1, void *p2, void *p3)
{
    int id = POINTER_TO_INT(p1);
    struct k_sem *mine = p2;
    struct k_sem *next = p3;

    for (int i = 0; i < ROUNDS; i++) {
        k_sem_take(mine, K_FOREVER);
        printk("round %d: %s\n", i, k_thread_name_get(k_current_get()));
        k_msleep(10 * (id + 1));
        k_sem_give(next);
    }
    k_sem_give(&finished);
}

static int reports;

void done(const char *part, bool ok)
{
    printk("%s: %s\n", part, ok ? "as in Zephyr" : "NOT as in Zephyr");
    reports++;
}

int main(void)
{
    int64_t start = k_uptime_get();

    for (int i = 0; i < STATIONS; i++) {
        k_sem_init(&hands[i], i == 0 ? 1 : 0, 1);
    }
    for (int i = 0; i < STATIONS; i++) {
        char name[16];
        k_tid_t tid = k_thread_create(&stations[i], station_stacks[i],
                                      K_THREAD_STACK_SIZEOF(station_stacks[i]), station,
                                      INT_TO_POINTER(i), &hands[i], &hands[(i + 1) % STATIONS],
                                      K_PRIO_PREEMPT(i + 4), 0, K_NO_WAIT);

        snprintk(name, sizeof(name), "station %d", i);
        k_thread_name_set(tid, name);
    }
    for (int i = 0; i < STATIONS; i++) {
        k_sem_take(&finished, K_FOREVER);
    }
    for (int i = 0; i < STATIONS; i++) {
        k_thread_join(&stations[i], K_FOREVER);
    }
    done("ring", k_uptime_get() - start >= ROUNDS * 100 &&
                     k_thread_priority_get(k_current_get()) == CONFIG_MAIN_THREAD_PRIORITY);

    init_part();
    isr_part();
    heap_part();
    time_part();
    printk("%d parts\n", reports);
    return 0;
}
