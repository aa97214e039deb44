/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* What happened to those who waited for memory of a heap since its initialisation, modulo 2^32. */
struct k_heap_wait_stats {
    uint32_t waits;    /* calls that had to wait */
    uint32_t grants;   /* blocks handed to a waiter */
    uint32_t wakeups;  /* waiters that went on with a block in hand */
    uint32_t bypasses; /* times that a waiter was passed by a smaller request */
};
