/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two prices of checking. ASSERT is always compiled in: it guards what would otherwise corrupt
 * memory. CHECK (and Zephyr's __ASSERT) is compiled in with CONFIG_ASSERT=y. Each invariant text
 * begins with its number in docs/invariants.md, for example "H3 right neighbour does not point
 * back".
 */
#pragma once

#include "util.h"

/*
 * Halts because an invariant does not hold. `invariant` is its number and text, `object` the
 * structure that is damaged (a heap, a thread), `item` the part of it (a block), both may be NULL.
 * Nothing was written to the object. The kernel provides it (kernel/fatal.c); a program that uses
 * libheap.a alone provides its own. Does not return.
 */
_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item);

/* Where nothing prints, an image does not hold the text: `invariant` is then "". */
#ifdef CONFIG_ASSERT_NO_TEXT
#define ASSERT_TEXT(invariant) (0 ? (invariant) : "")
#else
#define ASSERT_TEXT(invariant) (invariant)
#endif

#define ASSERT(cond, invariant, object, item)                                                      \
    do {                                                                                           \
        if (__builtin_expect(!(cond), 0)) {                                                        \
            invariant_failed(ASSERT_TEXT(invariant), object, item);                                \
        }                                                                                          \
    } while (0)

#ifdef CONFIG_ASSERT
#define CHECK(cond, invariant, object, item) ASSERT(cond, invariant, object, item)
#else
#define CHECK(cond, invariant, object, item)                                                       \
    do {                                                                                           \
        if (0) {                                                                                   \
            (void)(cond);                                                                          \
        }                                                                                          \
    } while (0)
#endif
