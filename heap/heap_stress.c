/* SPDX-License-Identifier: Apache-2.0 */
#include "sys_heap.h"

#ifdef CONFIG_SYS_HEAP_STRESS

struct live_block {
    void *mem;
    size_t bytes;
};

struct stress {
    uint64_t random_state;
    struct live_block *live;
    size_t live_count;
    size_t live_max;
    uint64_t live_bytes;
};

/* The linear congruential generator that Zephyr's stress test is specified with, so that the
 * sequences can be compared: its high half, from state 123456789. */
static uint32_t next_random(struct stress *stress)
{
    stress->random_state = stress->random_state * 2862933555777941757u + 3037000493u;
    return (uint32_t)(stress->random_state >> 32);
}

/* Each doubling of the size is half as likely as the one before. */
static size_t next_size(struct stress *stress)
{
    unsigned scale = 4 + u32_count_leading_zeros(next_random(stress));
    uint32_t limit = scale >= 32 ? UINT32_MAX : (1u << scale) - 1;

    return next_random(stress) & limit;
}

/* Releases become as likely as allocations when the target is reached. */
static bool choose_alloc(struct stress *stress, uint64_t target_bytes)
{
    if (stress->live_count == 0) {
        return true;
    }
    if (stress->live_count == stress->live_max) {
        return false;
    }
    return (uint64_t)next_random(stress) * target_bytes * 2 >> 32 >= stress->live_bytes;
}

static void stress_alloc(struct stress *stress, void *(*alloc_fn)(void *arg, size_t bytes),
                         void *arg, struct z_heap_stress_result *result)
{
    size_t bytes = next_size(stress);
    void *mem = alloc_fn(arg, bytes);

    result->total_allocs++;
    if (mem != NULL) {
        result->successful_allocs++;
        stress->live[stress->live_count++] = (struct live_block){mem, bytes};
        stress->live_bytes += bytes;
    }
}

static void stress_free(struct stress *stress, void (*free_fn)(void *arg, void *mem), void *arg,
                        struct z_heap_stress_result *result)
{
    size_t victim = (size_t)((uint64_t)next_random(stress) * stress->live_count >> 32);
    struct live_block block = stress->live[victim];

    result->total_frees++;
    stress->live[victim] = stress->live[--stress->live_count];
    stress->live_bytes -= block.bytes;
    free_fn(arg, block.mem);
}

void sys_heap_stress(void *(*alloc_fn)(void *arg, size_t bytes),
                     void (*free_fn)(void *arg, void *mem), void *arg, size_t total_bytes,
                     uint32_t op_count, void *scratch, size_t scratch_bytes, int target_percent,
                     struct z_heap_stress_result *result)
{
    struct stress stress = {
        .random_state = 123456789,
        .live = scratch,
        .live_max = scratch_bytes / sizeof(struct live_block),
    };
    uint64_t target_bytes = (uint64_t)total_bytes * (unsigned)target_percent / 100;

    *result = (struct z_heap_stress_result){0};
    for (uint32_t i = 0; i < op_count && stress.live_max > 0; i++) {
        if (choose_alloc(&stress, target_bytes)) {
            stress_alloc(&stress, alloc_fn, arg, result);
        } else {
            stress_free(&stress, free_fn, arg, result);
        }
        result->accumulated_in_use_bytes += stress.live_bytes;
    }
}

#endif
