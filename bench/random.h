/* SPDX-License-Identifier: Apache-2.0 */
/* The generator of every operation stream: Marsaglia's xorshift32. */
#pragma once

#include <stdint.h>

extern uint32_t random_state;

static inline uint32_t rnd(void)
{
    uint32_t x = random_state;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    random_state = x;
    return x;
}
