/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

struct sys_memory_stats {
    size_t free_bytes;
    size_t allocated_bytes;
    size_t max_allocated_bytes;
};
