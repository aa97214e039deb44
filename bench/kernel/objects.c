/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

static K_SEM_DEFINE(sem, 0, UINT32_MAX);
static K_MUTEX_DEFINE(mutex);
K_MSGQ_DEFINE(queue4, 4, 8, 4);
K_MSGQ_DEFINE(queue64, 64, 8, 4);

/* Two calls by turns, neither of which waits. */
static void pair(const char *first_name, meter_fn first, const char *second_name, meter_fn second,
                 const uintptr_t arguments[4])
{
    struct row rows[2] = {0};

    (void)meter_mark(first_name);
    for (int i = 0; i < CONFIG_BENCH_ITERATIONS; i++) {
        (void)meter_call(first, arguments[0], arguments[1], arguments[2], arguments[3]);
        row_measured(&rows[0], METER_CALL);
        (void)meter_call(second, arguments[0], arguments[1], arguments[2], arguments[3]);
        row_measured(&rows[1], METER_CALL);
    }
    row_print(first_name, &rows[0]);
    row_print(second_name, &rows[1]);
}

void bench_objects(void)
{
    static uint32_t message[16] __aligned(8);
    uintptr_t arguments[4] = {(uintptr_t)&sem, (uintptr_t)message, LOW(K_NO_WAIT), HIGH(K_NO_WAIT)};

    pair("K3.sem_give_nowait", FN(k_sem_give), "K3.sem_take_nowait", FN(k_sem_take), arguments);
    arguments[0] = (uintptr_t)&mutex;
    pair("K4.mutex_lock", FN(k_mutex_lock), "K4.mutex_unlock", FN(k_mutex_unlock), arguments);
    arguments[0] = (uintptr_t)&queue4;
    pair("K5.q4_send", FN(k_msgq_put), "K5.q4_recv", FN(k_msgq_get), arguments);
    arguments[0] = (uintptr_t)&queue64;
    pair("K5.q64_send", FN(k_msgq_put), "K5.q64_recv", FN(k_msgq_get), arguments);
}
