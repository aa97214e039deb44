/* SPDX-License-Identifier: Apache-2.0 */
/* The PC as a board: printk goes to standard output, the system heap is an array. */
#include <stdio.h>

#include "../../../heap/heap_size.h"
#include "../../../kernel/init.h"
#include "../../../kernel/printk.h"
#include "../../../lib/util.h"

#if K_HEAP_MEM_POOL_SIZE != 0
/* Stands in for linker/sections.ld; -1 (all the RAM that is left) means 1 MiB here. */
#define POOL_BYTES (K_HEAP_MEM_POOL_SIZE < 0 ? 1048576 : K_HEAP_MEM_POOL_SIZE)
#define CARVED     ROUND_UP(Z_HEAP_MIN_SIZE_FOR(POOL_BYTES), 8)
char __system_heap_start[CARVED] __aligned(8);
#endif

static void put(char character)
{
    (void)putchar(character);
}

/* Before main(), which is the program's own: the kernel calls it in a thread and leaves through
 * exit(). */
__attribute__((constructor, noinline)) static void boot_host(void)
{
#if K_HEAP_MEM_POOL_SIZE != 0
    __asm__(".globl __system_heap_end\n.set __system_heap_end, __system_heap_start + %c0" ::"i"(
        CARVED));
#endif
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    printk_sink_set(put);
    kernel_start();
}
