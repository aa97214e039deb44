/* SPDX-License-Identifier: Apache-2.0 */
#include "summary.h"

#include "../../drivers/sse200_security.h"
#include "../../kernel/region_heap.h"
#include "input.h"
#include "worker.h"

static bool print_waits(const struct reader_result *result)
{
    struct k_heap_wait_stats stats;

    (void)k_heap_wait_stats_get(&messages, &stats);
    printk("# waits for memory %lu, grants %lu, wake-ups %lu, waited %llu ms, longest %llu ms\n",
           (unsigned long)stats.waits, (unsigned long)stats.grants, (unsigned long)stats.wakeups,
           (unsigned long long)result->waited_ms, (unsigned long long)result->longest_wait_ms);
    return stats.waits == stats.grants && stats.grants == stats.wakeups;
}

static bool print_heap(void)
{
    struct sys_memory_stats stats;

    (void)sys_heap_runtime_stats_get(&messages.heap, &stats);
    printk("# message heap %d bytes: peak use %zu, in use now %zu, largest free block %zu\n",
           CONFIG_DEMO_HEAP_BYTES, stats.max_allocated_bytes, stats.allocated_bytes,
           sys_heap_largest_free_block(&messages.heap));
    return stats.allocated_bytes == 0;
}

static void print_region(const struct region *region, size_t capacity_bytes, void *data)
{
    bool *balanced = data;
    struct sys_memory_stats stats;

    (void)region_heap_stats_get(region, &stats);
    printk("# region %s %zu bytes: peak use %zu, in use now %zu\n", region->name, capacity_bytes,
           stats.max_allocated_bytes, stats.allocated_bytes);
    *balanced = *balanced && stats.allocated_bytes == 0;
}

static bool print_line(void)
{
    uint32_t refused = 0;

#ifdef CONFIG_ARM_SECURE_FIRMWARE
    struct sse200_violations violations;

    sse200_violations_get(&violations);
    refused = violations.count;
#endif
    printk("# bytes received %llu, refused DMA accesses %lu\n", (unsigned long long)input_bytes(),
           (unsigned long)refused);
    return refused == 0;
}

bool summary_print(const struct reader_result *result)
{
    bool balanced;

    printk("# lines %lu, bytes %llu, skipped %lu\n", (unsigned long)result->lines,
           (unsigned long long)result->bytes, (unsigned long)result->skipped);
    printk("# allocations %lu, by worker", (unsigned long)result->lines);
    for (unsigned i = 0; i < WORKERS; i++) {
        printk(" %lu", (unsigned long)worker_lines(i));
    }
    printk("\n");
    balanced = print_waits(result);
    balanced = print_heap() && balanced;
    region_heap_foreach(print_region, &balanced);
    balanced = print_line() && balanced;
    printk("# context switches %lu, uptime %lld ms\n", (unsigned long)k_sched_switch_count_get(),
           (long long)k_uptime_get());
    return balanced;
}
