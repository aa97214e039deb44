/* SPDX-License-Identifier: Apache-2.0 */
/* The only part that a Zephyr program would not have: it ends the emulator after main(). */
#include <string.h>

#include <zephyr/kernel.h>

static void find_main(const struct k_thread *thread, void *data)
{
    if (strcmp(k_thread_name_get((k_tid_t)(uintptr_t)thread), "main") == 0) {
        *(const struct k_thread **)data = thread;
    }
}

static void wait_for_main(void *p1, void *p2, void *p3)
{
    const struct k_thread *main_thread = NULL;

    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    k_thread_foreach(find_main, &main_thread);
    (void)k_thread_join((k_tid_t)(uintptr_t)main_thread, K_FOREVER);
    sys_exit(0);
}
K_THREAD_DEFINE(main_watcher, 1024, wait_for_main, NULL, NULL, NULL, K_PRIO_PREEMPT(10), 0, 0);
