/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"

struct k_heap heap;
size_t capacity;

static char buffer[HEAP_BYTES] __aligned(8);

void heap_before(void *fixture)
{
    ARG_UNUSED(fixture);
    k_heap_init(&heap, buffer, sizeof(buffer));
    capacity = sys_heap_capacity(&heap.heap);
    k_thread_priority_set(k_current_get(), TEST_PRIORITY);
}

void heap_after(void *fixture)
{
    struct k_heap_wait_stats stats;

    workers_end(fixture);
    zassert_true(sys_heap_validate(&heap.heap));
    stats = wait_stats();
    zassert_equal(stats.grants, stats.wakeups, "%u grants, %u wake-ups", (unsigned)stats.grants,
                  (unsigned)stats.wakeups);
}

static void wait_entry(void *p1, void *p2, void *p3)
{
    struct wait *wait = p1;

    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    if (wait->old != NULL) {
        wait->block = k_heap_realloc(&heap, wait->old, wait->bytes, wait->timeout);
    } else {
        wait->block = k_heap_aligned_alloc(&heap, wait->align, wait->bytes, wait->timeout);
    }
    wait->answered_tick = k_uptime_ticks();
    wait->answered = true;
    trace(wait->block == NULL ? '~' : wait->letter);
}

void wait_start(unsigned index, struct wait *wait, int priority)
{
    wait->answered = false;
    worker_start(index, wait_entry, wait, NULL, priority, K_NO_WAIT);
}

unsigned fill(size_t bytes, void **blocks, unsigned max)
{
    unsigned count = 0;
    size_t left;

    while (count < max - 1 && (blocks[count] = k_heap_alloc(&heap, bytes, K_NO_WAIT)) != NULL) {
        count++;
    }
    while ((left = sys_heap_largest_free_block(&heap.heap)) != 0) {
        zassert_true(count < max, "more room than blocks");
        blocks[count] = k_heap_alloc(&heap, left, K_NO_WAIT);
        zassert_not_null(blocks[count]);
        count++;
    }
    return count;
}

size_t allocated_bytes(void)
{
    struct sys_memory_stats stats;

    zassert_ok(sys_heap_runtime_stats_get(&heap.heap, &stats));
    return stats.allocated_bytes;
}

struct k_heap_wait_stats wait_stats(void)
{
    struct k_heap_wait_stats stats;

    zassert_ok(k_heap_wait_stats_get(&heap, &stats));
    return stats;
}
