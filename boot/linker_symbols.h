/* SPDX-License-Identifier: Apache-2.0 */
/* What linker/<board>.ld says about a memory, as C sees it. */
#pragma once

#include "../lib/util.h"

/* The linker defines __region_<name>_start and, as an absolute symbol, __region_<name>_size. */
#define LINKER_REGION_DECLARE(name)                                                                \
    extern char __region_##name##_start[];                                                         \
    extern char __region_##name##_size[]
#define LINKER_REGION_START(name) ((void *)__region_##name##_start)
#define LINKER_REGION_SIZE(name)  ((size_t)(uintptr_t)__region_##name##_size)
