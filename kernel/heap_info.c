/* SPDX-License-Identifier: Apache-2.0 */
#include "heap_info.h"

#ifdef CONFIG_SYS_HEAP_INFO

#include "../heap/heap_walk.h"
#include "printk.h"

/* Free chunks by powers of two: class k holds those of 2^k to 2^(k+1) - 1 units. */
#define SIZE_CLASSES 32

struct size_class {
    unsigned count;
    size_t largest_bytes;
};

static unsigned class_of(size_t bytes)
{
    return 31 - u32_count_leading_zeros((uint32_t)(bytes / HEAP_UNIT_BYTES));
}

static void print_classes(const struct size_class *classes)
{
    printk("   from units   count   largest bytes\n");
    for (unsigned i = 0; i < SIZE_CLASSES; i++) {
        if (classes[i].count != 0) {
            printk("%13lu%8u%16zu\n", 1ul << i, classes[i].count, classes[i].largest_bytes);
        }
    }
}

static void print_chunk(const struct heap_walk *walk)
{
    printk("%p %c %8zu bytes, left neighbour %8zu\n", walk->mem,
           walk->top    ? '^'
           : walk->used ? '*'
                        : '-',
           walk->chunk_bytes, walk->left_bytes);
}

void sys_heap_print_info(struct sys_heap *heap, bool dump_chunks)
{
    struct size_class classes[SIZE_CLASSES] = {0};
    size_t used_bytes = 0;
    size_t free_bytes = 0;
    struct heap_walk walk;

    if (dump_chunks) {
        printk("chunks of heap %p (* in use, - free, ^ top):\n", (void *)heap);
    }
    heap_walk_start(&walk, heap);
    while (heap_walk_next(&walk)) {
        struct size_class *class = &classes[class_of(walk.chunk_bytes)];

        if (dump_chunks) {
            print_chunk(&walk);
        }
        if (walk.used) {
            used_bytes += walk.chunk_bytes;
        } else {
            free_bytes += walk.chunk_bytes;
            class->count++;
            class->largest_bytes = MAX(class->largest_bytes, walk.chunk_bytes);
        }
    }
    print_classes(classes);
    printk("%zu bytes free, %zu in use, %zu overhead, %zu in all\n", free_bytes, used_bytes,
           heap_walk_overhead_bytes(heap), heap->init_bytes);
}

#endif
