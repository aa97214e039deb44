/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TRIPS_AT_MOST(what, n), as the first statement of a loop's body: the loop makes at most n trips
 * each time it is entered. n is a constant, `what` a word for what is gone through. In an Arm image
 * it costs no instruction; tools/bounds.py reads it from a debug section. A program
 * built with TRIPS_WATCHED provides trips_watched() and is told of each trip, so that running finds
 * an n that is too small.
 */
#pragma once

#include <stdint.h>

#if defined(TRIPS_WATCHED)
void trips_watched(const void *site, uint32_t n);
#define TRIPS_AT_MOST(what, n)                                                                     \
    do {                                                                                           \
        static const char site;                                                                    \
        trips_watched(&site, (n));                                                                 \
    } while (0)
#elif defined(__arm__)
#define TRIPS_AT_MOST(what, n)                                                                     \
    __asm__ __inline volatile("999: .pushsection .debug_trips." #what ", \"\", %%progbits\n\t"     \
                              ".word 999b, %c0\n\t"                                                \
                              ".popsection"                                                        \
                              :                                                                    \
                              : "i"(n))
#else
#define TRIPS_AT_MOST(what, n) ((void)(n))
#endif
