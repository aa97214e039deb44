/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of a heap's size: what a buffer of so many bytes can hold. Integer arithmetic
 * without casts or types, so that C, #if and a linker script share it; control.h ties it to the
 * structs. Without any CONFIG_ the default configuration holds: 8-byte units, 16-bit links.
 *
 * A buffer at a multiple of 8 is laid out as
 *     lead | control block (chunk 0) | chunks ... | end header
 * and is counted in units. The control block holds one list head for each chunk size below 32 units
 * that can occur, and a table of size classes that grows with the heap.
 */
#pragma once

/* clang-format off */
/* SMALL: 16-bit fields. Heaps to 256 KiB; blocks aligned to 8 because the headers lie at 4 modulo
 * 8. With UNIT_4 to 128 KiB, blocks aligned to 4. */
#define HEAP_SMALL_LINK_BYTES    2
#define HEAP_SMALL_MAX_UNITS     0x7fff
#define HEAP_SMALL_FIXED_BYTES   18
#ifdef CONFIG_SYS_HEAP_UNIT_4
#define HEAP_SMALL_UNIT_BYTES    4
#define HEAP_SMALL_LEAD_BYTES    0
#else
#define HEAP_SMALL_UNIT_BYTES    8
#define HEAP_SMALL_LEAD_BYTES    4
#endif
/* BIG: 32-bit fields, heaps to 2 GiB. */
#define HEAP_BIG_LINK_BYTES      4
#define HEAP_BIG_MAX_UNITS       0x0fffffff
#define HEAP_BIG_FIXED_BYTES     28
#define HEAP_BIG_UNIT_BYTES      8
#define HEAP_BIG_LEAD_BYTES      0

/* The layout that this file's reader is compiled for. With SYS_HEAP_AUTO a program has both: what
 * is compiled for BIG is included by big.c, whatever else asks means SMALL. */
#if defined(CONFIG_SYS_HEAP_BIG_ONLY) || defined(HEAP_BIG_COPY)
#define HEAP_LAYOUT BIG
#else
#define HEAP_LAYOUT SMALL
#endif
#define HEAP_OF_(layout, what)   HEAP_##layout##_##what
#define HEAP_OF(layout, what)    HEAP_OF_(layout, what)

#define HEAP_UNIT_BYTES          HEAP_OF(HEAP_LAYOUT, UNIT_BYTES)
#define HEAP_LINK_BYTES          HEAP_OF(HEAP_LAYOUT, LINK_BYTES)
#define HEAP_LEAD_BYTES          HEAP_OF(HEAP_LAYOUT, LEAD_BYTES)
#define HEAP_MAX_UNITS           HEAP_OF(HEAP_LAYOUT, MAX_UNITS)
#define HEAP_FIXED_BYTES         HEAP_OF(HEAP_LAYOUT, FIXED_BYTES)
#define HEAP_HEADER_BYTES        HEAP_HEADER_IN(HEAP_LAYOUT)
#define HEAP_CLASSES(units)      HEAP_CLASSES_IN(HEAP_LAYOUT, units)
#define HEAP_CONTROL_UNITS(units) HEAP_CONTROL_IN(HEAP_LAYOUT, units)
#define HEAP_UNITS_FOR(bytes)    HEAP_UNITS_FOR_IN(HEAP_LAYOUT, bytes)
#define HEAP_UNITS_IN(bytes)     HEAP_UNITS_OF_IN(HEAP_LAYOUT, bytes)
/* clang-format on */

#define HEAP_HEADER_IN(l) (2 * HEAP_OF(l, LINK_BYTES))

/* What follows a block inside its chunk: a canary at hardening level full, a caller's address. */
#if defined(CONFIG_SYS_HEAP_HARDENING_FULL) || defined(CONFIG_SYS_HEAP_HARDENING_EXTREME)
#define HEAP_CANARY_BYTES 4
#else
#define HEAP_CANARY_BYTES 0
#endif
#ifdef CONFIG_SYS_HEAP_CALLER_POINTER
#define HEAP_CALLER_BYTES __SIZEOF_POINTER__
#else
#define HEAP_CALLER_BYTES 0
#endif
#define HEAP_TRAILER_BYTES (HEAP_CANARY_BYTES + HEAP_CALLER_BYTES)

/* Chunk sizes below this have a list each; above, each class spans this many sizes. */
#define HEAP_CLASS_SPAN 32
/* Classes never exceed what one 32-bit map can name beside the giants. */
#define HEAP_MAX_CLASSES 31

#define HEAP_AT_MOST(value, limit) ((value) < (limit) ? (value) : (limit))

/* Links that fit into one unit, and units of the smallest control block and of one with all heads.
 */
#define HEAP_PER_UNIT_IN(l)   (HEAP_OF(l, UNIT_BYTES) / HEAP_OF(l, LINK_BYTES))
#define HEAP_TINY_BYTES_IN(l) (HEAP_HEADER_IN(l) + HEAP_OF(l, FIXED_BYTES) + HEAP_OF(l, LINK_BYTES))
#define HEAP_TINY_IN(l)       (HEAP_TINY_BYTES_IN(l) / HEAP_OF(l, UNIT_BYTES))
#define HEAP_FULL_IN(l)       (HEAP_TINY_IN(l) + HEAP_CLASS_SPAN / HEAP_PER_UNIT_IN(l))

/* How much of a tiny heap is left for chunks, in 1/1024: one head per unit of them. Exact for all
 * tiny heaps, and no division, which some cores lack: 4/5 or 2/3. */
#define HEAP_TINY_SHARE_IN(l) (HEAP_PER_UNIT_IN(l) == 4 ? 820 : 683)

/* A full control block is followed by `steps` units of class table, one more per STEP_SPAN units of
 * heap, so that a chunk beyond the last class is at least about an eighth of the heap. */
#define HEAP_STEP_SPAN_IN(l) (HEAP_CLASS_SPAN * 8 * HEAP_PER_UNIT_IN(l))
#define HEAP_MAX_STEPS_IN(l) ((HEAP_MAX_CLASSES - 2) / HEAP_PER_UNIT_IN(l) + 1)
#define HEAP_STEPS_IN(l, units)                                                                    \
    HEAP_AT_MOST(((units) + HEAP_STEP_SPAN_IN(l) / 2) / HEAP_STEP_SPAN_IN(l), HEAP_MAX_STEPS_IN(l))
#define HEAP_CLASSES_IN(l, units)                                                                  \
    HEAP_AT_MOST(HEAP_STEPS_IN(l, units) * HEAP_PER_UNIT_IN(l) + 1, HEAP_MAX_CLASSES)

/* Control block of a heap of `units` units in all. */
#define HEAP_CONTROL_IN(l, units)                                                                  \
    ((units) < HEAP_FULL_IN(l) + HEAP_CLASS_SPAN                                                   \
         ? (units) - ((units)-HEAP_TINY_IN(l)) * HEAP_TINY_SHARE_IN(l) / 1024                      \
         : HEAP_FULL_IN(l) + HEAP_STEPS_IN(l, units))

/* Control block of the smallest heap whose chunks sum to `units` units; the inverse of the above.
 */
#define HEAP_CONTROL_FOR_IN(l, units)                                                              \
    ((units) < HEAP_CLASS_SPAN                                                                     \
         ? HEAP_TINY_IN(l) + ((units) + HEAP_PER_UNIT_IN(l) - 1) / HEAP_PER_UNIT_IN(l)             \
         : HEAP_FULL_IN(l) +                                                                       \
               HEAP_AT_MOST(((units) + HEAP_FULL_IN(l) + HEAP_STEP_SPAN_IN(l) / 2 - 1) /           \
                                (HEAP_STEP_SPAN_IN(l) - 1),                                        \
                            HEAP_MAX_STEPS_IN(l)))

/* A chunk holds its header and, while it is free, two links. */
#define HEAP_MIN_CHUNK_UNITS (2 * HEAP_HEADER_BYTES / HEAP_UNIT_BYTES)
#define HEAP_UNITS_FOR_IN(l, bytes)                                                                \
    (((bytes) + HEAP_HEADER_IN(l) + HEAP_TRAILER_BYTES + HEAP_OF(l, UNIT_BYTES) - 1) /             \
     HEAP_OF(l, UNIT_BYTES))

/* Units of a buffer of `bytes` bytes at a multiple of 8, the end header set aside. */
#define HEAP_UNITS_OF_IN(l, bytes)                                                                 \
    HEAP_AT_MOST(((bytes)-HEAP_OF(l, LEAD_BYTES) - HEAP_HEADER_IN(l)) / HEAP_OF(l, UNIT_BYTES),    \
                 HEAP_OF(l, MAX_UNITS))

#define HEAP_MIN_SIZE_FOR_IN(l, bytes)                                                             \
    (HEAP_OF(l, LEAD_BYTES) + HEAP_HEADER_IN(l) +                                                  \
     HEAP_OF(l, UNIT_BYTES) *                                                                      \
         (HEAP_UNITS_FOR_IN(l, bytes) + HEAP_CONTROL_FOR_IN(l, HEAP_UNITS_FOR_IN(l, bytes))))
#define HEAP_CAPACITY_IN(l, bytes)                                                                 \
    ((HEAP_UNITS_OF_IN(l, bytes) - HEAP_CONTROL_IN(l, HEAP_UNITS_OF_IN(l, bytes))) *               \
         HEAP_OF(l, UNIT_BYTES) -                                                                  \
     HEAP_HEADER_IN(l) - HEAP_TRAILER_BYTES)

/* With SYS_HEAP_AUTO: the largest buffer whose heap is SMALL. */
#ifndef HEAP_SMALL_REACH
#define HEAP_SMALL_REACH ((HEAP_SMALL_MAX_UNITS + 1) * HEAP_SMALL_UNIT_BYTES)
#endif

/* The layout of a heap in a buffer of `bytes` bytes decides `what`, a macro of the layout and
 * `argument`. */
#ifdef CONFIG_SYS_HEAP_AUTO
#define HEAP_REACH_UNITS HEAP_BIG_MAX_UNITS
#define HEAP_IN_BUFFER(bytes, what, argument)                                                      \
    ((bytes) > HEAP_SMALL_REACH ? what(BIG, argument) : what(SMALL, argument))
#else
#define HEAP_REACH_UNITS                      HEAP_MAX_UNITS
#define HEAP_IN_BUFFER(bytes, what, argument) what(HEAP_LAYOUT, argument)
#endif

/* Bytes, at a multiple of 8, that are exactly enough for one block of `bytes` bytes. */
#define Z_HEAP_MIN_SIZE_FOR(bytes)                                                                 \
    HEAP_IN_BUFFER(HEAP_MIN_SIZE_FOR_IN(HEAP_LAYOUT, bytes), HEAP_MIN_SIZE_FOR_IN, bytes)

/* The smallest heap: one block of one byte. */
#define Z_HEAP_MIN_SIZE HEAP_MIN_SIZE_FOR_IN(HEAP_LAYOUT, 1)

/* The largest block that an empty heap on `bytes` bytes at a multiple of 8 gives; 0 if no heap
 * fits. */
#define Z_HEAP_CAPACITY(bytes)                                                                     \
    ((bytes) < Z_HEAP_MIN_SIZE ? 0 : HEAP_IN_BUFFER(bytes, HEAP_CAPACITY_IN, bytes))
