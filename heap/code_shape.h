/* SPDX-License-Identifier: Apache-2.0 */
/* Words to the compiler. None changes what the code does; each was measured (docs/heap.md). */
#pragma once

#include "../lib/util.h"

/* Keeps a rare path out of the registers of a frequent one. */
#define NOT_INLINE __attribute__((noinline))

/* Makes the compiler hold a value in one register, where it would split or compute it twice. */
#define KEEP_IN_REGISTER(value) __asm__("" : "+r"(value))

/* Whether a second, shorter way through the same work is worth its bytes: not with -Os. */
#ifdef __OPTIMIZE_SIZE__
#define SHORT_CUTS 0
#else
#define SHORT_CUTS 1
#endif
