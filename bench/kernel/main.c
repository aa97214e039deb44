/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

struct k_thread bench_threads[MORE_THREADS];
K_THREAD_STACK_ARRAY_DEFINE(bench_stacks, MORE_THREADS, STACK_BYTES);

void bench_start(unsigned index, k_thread_entry_t entry, void *argument, int priority)
{
    const char *row = meter_mark("K9.create");

    k_thread_create(&bench_threads[index], bench_stacks[index], sizeof(bench_stacks[index]), entry,
                    argument, NULL, NULL, priority, 0, K_NO_WAIT);
    (void)meter_mark(row);
}

void bench_abort(unsigned count)
{
    const char *row = meter_mark("K9.abort");

    for (unsigned i = 0; i < count; i++) {
        k_thread_abort(&bench_threads[i]);
    }
    (void)meter_mark(row);
}

uint32_t bench_random(void)
{
    static uint32_t state = 0x2545f491;

    /* Marsaglia, "Xorshift RNGs", 2003. */
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

int main(void)
{
    meter_init();
    bench_switch();
    bench_objects();
    bench_interrupt();
    bench_time();
    bench_life();
    bench_heap();
    (void)meter_mark("end");
    sys_exit(0);
}
