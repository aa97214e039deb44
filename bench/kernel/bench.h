/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the kernel's measurements; each prints its rows. Context: the main thread. */
#pragma once

#include "meter.h"

void bench_switch(void);    /* K1 yield, K2 give that wakes, K12 give that does not */
void bench_objects(void);   /* K3 semaphore, K4 mutex, K5 message queue, all without waiting */
void bench_interrupt(void); /* K6 */
void bench_time(void);      /* K7 tick, K8 timers and timed waits, K13 many at once */
void bench_life(void);      /* K9 threads are made and end */
void bench_heap(void);      /* k_heap */

/* Priorities: the main thread's and its neighbours. */
#define MAIN_PRIORITY CONFIG_MAIN_THREAD_PRIORITY
#define HIGHER        (MAIN_PRIORITY - 1)
#define LOWER         (MAIN_PRIORITY + 1)

#define MORE_THREADS 33
#define STACK_BYTES  512
extern struct k_thread bench_threads[MORE_THREADS];
extern k_thread_stack_t bench_stacks[MORE_THREADS][K_THREAD_STACK_LEN(STACK_BYTES)];

/* Starts bench_threads[index] in entry(argument, NULL, NULL). */
void bench_start(unsigned index, k_thread_entry_t entry, void *argument, int priority);
void bench_abort(unsigned count);

/* fn as meter_call wants it. */
#define FN(fn) ((meter_fn)(fn))

/* A k_timeout_t as two words of arguments. */
#define LOW(timeout)  ((uintptr_t)(uint64_t)(timeout).ticks)
#define HIGH(timeout) ((uintptr_t)((uint64_t)(timeout).ticks >> 32))

/* Deterministic numbers. */
uint32_t bench_random(void);

/* Something far away and different each time: 100000 to 199999 ticks. */
static inline k_timeout_t bench_far(void)
{
    return K_TICKS(100000 + bench_random() % 100000);
}
