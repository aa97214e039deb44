/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around the heap: statistics, listeners, the list of heaps, the walk, the report, the
 * stress test. */
#include "arena.h"

#include <errno.h>
#include <zephyr/sys/heap_listener.h>

ZTEST_SUITE(heap_around, NULL, NULL, arena_before, arena_after, NULL);

static struct sys_memory_stats stats(void)
{
    struct sys_memory_stats result;

    zassert_ok(sys_heap_runtime_stats_get(&heap, &result));
    return result;
}

ZTEST(heap_around, statistics_count_chunks)
{
    size_t all = capacity + HEADER;
    uint8_t *block = take(bytes_in(5));

    zassert_equal(stats().allocated_bytes, 5 * UNIT);
    zassert_equal(stats().free_bytes, all - 5 * UNIT);
    block = sys_heap_realloc(&heap, block, bytes_in(9));
    zassert_equal(stats().allocated_bytes, 9 * UNIT);
    block = sys_heap_realloc(&heap, block, bytes_in(4));
    zassert_equal(stats().allocated_bytes, 4 * UNIT);
    zassert_equal(stats().max_allocated_bytes, 9 * UNIT);
    sys_heap_free(&heap, block);
    zassert_equal(stats().allocated_bytes, 0);
    zassert_equal(stats().free_bytes, all);
}

ZTEST(heap_around, statistics_follow_aligned_blocks_and_moves)
{
    uint8_t *block = sys_heap_aligned_alloc(&heap, 256, bytes_in(8));

    zassert_equal(stats().allocated_bytes, 8 * UNIT);
    (void)take(bytes_in(3));
    block = sys_heap_aligned_realloc(&heap, block, 1024, bytes_in(20));
    zassert_not_null(block);
    zassert_equal(stats().allocated_bytes, 23 * UNIT);
}

ZTEST(heap_around, the_peak_can_start_again)
{
    sys_heap_free(&heap, take(500));
    zassert_true(stats().max_allocated_bytes >= 500);
    zassert_ok(sys_heap_runtime_stats_reset_max(&heap));
    zassert_equal(stats().max_allocated_bytes, 0);
}

ZTEST(heap_around, statistics_refuse_what_is_no_heap)
{
    struct sys_heap none = {0};
    struct sys_memory_stats result;

    zassert_equal(sys_heap_runtime_stats_get(NULL, &result), -EINVAL);
    zassert_equal(sys_heap_runtime_stats_get(&heap, NULL), -EINVAL);
    zassert_equal(sys_heap_runtime_stats_get(&none, &result), -EINVAL);
    zassert_equal(sys_heap_runtime_stats_reset_max(NULL), -EINVAL);
    zassert_equal(sys_heap_runtime_stats_reset_max(&none), -EINVAL);
}

static struct {
    unsigned allocs;
    unsigned frees;
    void *mem;
    size_t bytes;
} heard;

static void on_alloc(uintptr_t heap_id, void *mem, size_t bytes)
{
    zassert_equal(heap_id, HEAP_ID_FROM_POINTER(&heap));
    heard.allocs++;
    heard.mem = mem;
    heard.bytes = bytes;
}

static void on_free(uintptr_t heap_id, void *mem, size_t bytes)
{
    zassert_equal(heap_id, HEAP_ID_FROM_POINTER(&heap));
    heard.frees++;
    heard.mem = mem;
    heard.bytes = bytes;
}

static void on_resize(uintptr_t heap_id, void *old_heap_end, void *new_heap_end)
{
    heard.bytes = (size_t)((char *)new_heap_end - (char *)old_heap_end) + heap_id;
}

static HEAP_LISTENER_ALLOC_DEFINE(alloc_listener, HEAP_ID_FROM_POINTER(&heap), on_alloc);
static HEAP_LISTENER_FREE_DEFINE(free_listener, HEAP_ID_FROM_POINTER(&heap), on_free);
static HEAP_LISTENER_RESIZE_DEFINE(resize_listener, 5, on_resize);

ZTEST(heap_around, listeners_hear_of_each_block)
{
    heap_listener_register(&alloc_listener);
    heap_listener_register(&free_listener);
    heard.allocs = 0;
    heard.frees = 0;
    uint8_t *block = take(bytes_in(6));

    zassert_equal(heard.allocs, 1);
    zassert_equal_ptr(heard.mem, block);
    zassert_equal(heard.bytes, 6 * UNIT);
    zassert_equal_ptr(sys_heap_realloc(&heap, block, bytes_in(7)), block);
    zassert_equal(heard.allocs, 2);
    zassert_equal(heard.frees, 1);
    zassert_is_null(sys_heap_alloc(&heap, capacity));
    zassert_equal(heard.allocs, 2, "a failure is no allocation");
    sys_heap_free(&heap, block);
    zassert_equal(heard.frees, 2);
    zassert_equal(heard.bytes, 7 * UNIT);
    heap_listener_unregister(&alloc_listener);
    heap_listener_unregister(&free_listener);
    (void)take(1);
    zassert_equal(heard.allocs, 2);
    heap_listener_unregister(&free_listener);
}

ZTEST(heap_around, listeners_hear_of_their_heap_only)
{
    static uint8_t other_memory[512] __aligned(8);
    struct sys_heap other;

    heap_listener_register(&alloc_listener);
    heard.allocs = 0;
    sys_heap_init(&other, other_memory, sizeof(other_memory));
    zassert_not_null(sys_heap_alloc(&other, 10));
    heap_listener_unregister(&alloc_listener);
    zassert_equal(heard.allocs, 0);
}

ZTEST(heap_around, resize_listeners_hear_of_growing_heaps)
{
    heap_listener_register(&resize_listener);
    heap_listener_notify_resize(5, arena(), arena() + 100);
    heap_listener_unregister(&resize_listener);
    zassert_equal(heard.bytes, 105);
}

ZTEST(heap_around, every_heap_is_listed_once)
{
    static uint8_t memory[CONFIG_SYS_HEAP_ARRAY_SIZE][256] __aligned(8);
    static struct sys_heap more[CONFIG_SYS_HEAP_ARRAY_SIZE];
    struct sys_heap **all;
    int before = sys_heap_array_get(&all);
    bool listed = false;

    for (int i = 0; i < before; i++) {
        listed |= all[i] == &heap;
    }
    zassert_true(listed);
    zassert_ok(sys_heap_array_save(&heap), "again is no error");
    zassert_equal(sys_heap_array_get(&all), before);
    for (int i = before; i < CONFIG_SYS_HEAP_ARRAY_SIZE; i++) {
        sys_heap_init(&more[i], memory[i], sizeof(memory[i]));
        zassert_equal_ptr(all[i], &more[i]);
    }
    zassert_equal(sys_heap_array_save(&more[0]), -EINVAL, "the list is full");
    zassert_equal(sys_heap_array_save(NULL), -EINVAL);
    zassert_equal(sys_heap_array_get(NULL), -EINVAL);
}

ZTEST(heap_around, the_walk_sees_every_chunk)
{
    uint8_t *first = take(bytes_in(3));
    uint8_t *second = take(bytes_in(40));
    struct heap_walk walk;
    size_t seen = heap_walk_overhead_bytes(&heap);

    (void)take(1);
    sys_heap_free(&heap, second);
    heap_walk_start(&walk, &heap);
    zassert_true(heap_walk_next(&walk));
    zassert_equal_ptr(walk.mem, first);
    zassert_true(walk.used);
    zassert_equal(walk.chunk_bytes, 3 * UNIT);
    seen += walk.chunk_bytes;
    zassert_true(heap_walk_next(&walk));
    zassert_equal_ptr(walk.mem, second);
    zassert_false(walk.used);
    zassert_false(walk.top);
    zassert_equal(walk.left_bytes, 3 * UNIT);
    do {
        seen += walk.chunk_bytes;
    } while (heap_walk_next(&walk));
    zassert_true(walk.top);
    zassert_equal(seen, ARENA_BYTES);
}

ZTEST(heap_around, the_walk_ends_where_a_header_makes_no_sense)
{
    uint8_t *block = take(bytes_in(3));
    struct heap_walk walk;

    for (uint32_t units = 0; units < 5000; units += 4999) {
        write_field(block - HEAP_HEADER_BYTES + HEAP_LINK_BYTES, USED_FLAG + units);
        heap_walk_start(&walk, &heap);
        zassert_false(heap_walk_next(&walk));
    }
    write_field(block - HEAP_HEADER_BYTES + HEAP_LINK_BYTES, USED_FLAG + 3);
}

ZTEST(heap_around, the_report_runs)
{
    uint8_t *block = take(100);

    (void)take(500);
    sys_heap_free(&heap, block);
    sys_heap_print_info(&heap, true);
}

ZTEST(heap_around, validate_notices_damage_and_writes_nothing)
{
    static uint8_t before[ARENA_BYTES];
    uint8_t *block = take(bytes_in(4));
    unsigned noticed = 0;

    (void)take(40);
    sys_heap_free(&heap, take(bytes_in(40)));
    sys_heap_free(&heap, block);
    for (int i = -HEAP_HEADER_BYTES; i < 2 * HEAP_LINK_BYTES; i++) {
        block[i] ^= 0x55;
        memcpy(before, arena(), sizeof(before));
        noticed += !sys_heap_validate(&heap);
        zassert_mem_equal(before, arena(), sizeof(before));
        block[i] ^= 0x55;
    }
    zassert_equal(noticed, HEAP_HEADER_BYTES + 2 * HEAP_LINK_BYTES);
}

static void *stress_alloc(void *arg, size_t bytes)
{
    return sys_heap_alloc(arg, bytes);
}

static void stress_free(void *arg, void *mem)
{
    sys_heap_free(arg, mem);
}

ZTEST(heap_around, stress_is_the_same_every_time)
{
    static uint8_t scratch[8192] __aligned(8);
    struct z_heap_stress_result result[2];

    for (unsigned i = 0; i < 2; i++) {
        sys_heap_init(&heap, arena(), ARENA_BYTES);
        sys_heap_stress(stress_alloc, stress_free, &heap, ARENA_BYTES, 10000, scratch,
                        sizeof(scratch), 40, &result[i]);
        zassert_true(sys_heap_validate(&heap));
    }
    zassert_equal(result[0].total_allocs, result[1].total_allocs);
    zassert_equal(result[0].successful_allocs, result[1].successful_allocs);
    zassert_equal(result[0].accumulated_in_use_bytes, result[1].accumulated_in_use_bytes);
    zassert_equal(result[0].total_allocs + result[0].total_frees, 10000);
    zassert_true(result[0].successful_allocs >= result[0].total_frees);
    zassert_within(result[0].accumulated_in_use_bytes / 10000, ARENA_BYTES * 40 / 100,
                   ARENA_BYTES / 20, "%u", (unsigned)(result[0].accumulated_in_use_bytes / 10000));
}
