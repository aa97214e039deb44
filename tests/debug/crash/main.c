/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes three calls deep in a thread that is not main, or with CRASH_BY_CHECK by a failed check. */
#include <zephyr/kernel.h>

K_HEAP_DEFINE(pool, 512);
K_SEM_DEFINE(go, 0, 1);

volatile uint32_t planted = 0x5eed;
void *block;

static __attribute__((noinline)) uint32_t third(volatile uint32_t *where, uint32_t value)
{
    uint32_t before = planted;

    *where = value; /* nothing answers there */
    return before + *where;
}

static __attribute__((noinline)) uint32_t second(uint32_t depth)
{
    return third((volatile uint32_t *)0xa0000000, depth * 7) + depth;
}

static void first_entry(void *p1, void *p2, void *p3)
{
    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    (void)k_sem_take(&go, K_FOREVER);
    if (IS_ENABLED(CONFIG_CRASH_BY_CHECK)) {
        k_heap_free(&pool, block);
        k_heap_free(&pool, block);
    }
    planted += second(6);
}
K_THREAD_DEFINE(crasher, 768, first_entry, NULL, NULL, NULL, 3, 0, 0);

int main(void)
{
    block = k_heap_alloc(&pool, 100, K_NO_WAIT);
    k_sem_give(&go);
    k_sleep(K_FOREVER);
    return 0;
}
