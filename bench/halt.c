/* SPDX-License-Identifier: Apache-2.0 */
/* What an image whose bounds are computed, and which never runs, needs beside libheap.a. */
#include "../lib/assert.h"

_Noreturn void invariant_failed(const char *invariant, const void *object, const void *item)
{
    (void)invariant;
    (void)object;
    (void)item;
    for (;;) {
    }
}
