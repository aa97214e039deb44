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
#if defined(CONFIG_SYS_HEAP_BIG_ONLY)
/* 32-bit fields: heaps to 2 GiB. */
#define HEAP_UNIT_BYTES    8
#define HEAP_LINK_BYTES    4
#define HEAP_LEAD_BYTES    0
#define HEAP_MAX_UNITS     0x0fffffff
#define HEAP_FIXED_BYTES   28
#elif defined(CONFIG_SYS_HEAP_UNIT_4)
/* 16-bit fields, blocks aligned to 4: heaps to 128 KiB. */
#define HEAP_UNIT_BYTES    4
#define HEAP_LINK_BYTES    2
#define HEAP_LEAD_BYTES    0
#define HEAP_MAX_UNITS     0x7fff
#define HEAP_FIXED_BYTES   18
#else
/* 16-bit fields, blocks aligned to 8 because the headers lie at 4 modulo 8: heaps to 256 KiB. */
#define HEAP_UNIT_BYTES    8
#define HEAP_LINK_BYTES    2
#define HEAP_LEAD_BYTES    4
#define HEAP_MAX_UNITS     0x7fff
#define HEAP_FIXED_BYTES   18
#endif
/* clang-format on */

#define HEAP_HEADER_BYTES (2 * HEAP_LINK_BYTES)

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

/* Links that fit into one unit, and units of the smallest control block and of one with all heads.
 */
#define HEAP_LINKS_PER_UNIT (HEAP_UNIT_BYTES / HEAP_LINK_BYTES)
#define HEAP_TINY_BYTES     (HEAP_HEADER_BYTES + HEAP_FIXED_BYTES + HEAP_LINK_BYTES)
#define HEAP_TINY_UNITS     (HEAP_TINY_BYTES / HEAP_UNIT_BYTES)
#define HEAP_FULL_UNITS     (HEAP_TINY_UNITS + HEAP_CLASS_SPAN / HEAP_LINKS_PER_UNIT)

/* How much of a tiny heap is left for chunks, in 1/1024: one head per unit of them. Exact for all
 * tiny heaps, and no division, which some cores lack: 4/5 or 2/3. */
#define HEAP_TINY_SHARE (HEAP_LINKS_PER_UNIT == 4 ? 820 : 683)

/* A full control block is followed by `steps` units of class table, one more per STEP_SPAN units of
 * heap, so that a chunk beyond the last class is at least about an eighth of the heap. */
#define HEAP_STEP_SPAN             (HEAP_CLASS_SPAN * 8 * HEAP_LINKS_PER_UNIT)
#define HEAP_MAX_STEPS             ((HEAP_MAX_CLASSES - 2) / HEAP_LINKS_PER_UNIT + 1)
#define HEAP_AT_MOST(value, limit) ((value) < (limit) ? (value) : (limit))
#define HEAP_STEPS(units)                                                                          \
    HEAP_AT_MOST(((units) + HEAP_STEP_SPAN / 2) / HEAP_STEP_SPAN, HEAP_MAX_STEPS)
#define HEAP_CLASSES(units)                                                                        \
    HEAP_AT_MOST(HEAP_STEPS(units) * HEAP_LINKS_PER_UNIT + 1, HEAP_MAX_CLASSES)

/* Control block of a heap of `units` units in all. */
#define HEAP_CONTROL_UNITS(units)                                                                  \
    ((units) < HEAP_FULL_UNITS + HEAP_CLASS_SPAN                                                   \
         ? (units) - ((units)-HEAP_TINY_UNITS) * HEAP_TINY_SHARE / 1024                            \
         : HEAP_FULL_UNITS + HEAP_STEPS(units))

/* Control block of the smallest heap whose chunks sum to `units` units; the inverse of the above.
 */
#define HEAP_CONTROL_UNITS_FOR(units)                                                              \
    ((units) < HEAP_CLASS_SPAN                                                                     \
         ? HEAP_TINY_UNITS + ((units) + HEAP_LINKS_PER_UNIT - 1) / HEAP_LINKS_PER_UNIT             \
         : HEAP_FULL_UNITS + HEAP_AT_MOST(((units) + HEAP_FULL_UNITS + HEAP_STEP_SPAN / 2 - 1) /   \
                                              (HEAP_STEP_SPAN - 1),                                \
                                          HEAP_MAX_STEPS))

/* A chunk holds its header and, while it is free, two links. */
#define HEAP_MIN_CHUNK_UNITS (2 * HEAP_HEADER_BYTES / HEAP_UNIT_BYTES)
#define HEAP_UNITS_FOR(bytes)                                                                      \
    (((bytes) + HEAP_HEADER_BYTES + HEAP_TRAILER_BYTES + HEAP_UNIT_BYTES - 1) / HEAP_UNIT_BYTES)

/* Units of a buffer of `bytes` bytes at a multiple of 8, the end header set aside. */
#define HEAP_UNITS_IN(bytes)                                                                       \
    HEAP_AT_MOST(((bytes)-HEAP_LEAD_BYTES - HEAP_HEADER_BYTES) / HEAP_UNIT_BYTES, HEAP_MAX_UNITS)

/* Bytes, at a multiple of 8, that are exactly enough for one block of `bytes` bytes. */
#define Z_HEAP_MIN_SIZE_FOR(bytes)                                                                 \
    (HEAP_LEAD_BYTES + HEAP_HEADER_BYTES +                                                         \
     HEAP_UNIT_BYTES * (HEAP_UNITS_FOR(bytes) + HEAP_CONTROL_UNITS_FOR(HEAP_UNITS_FOR(bytes))))

/* The smallest heap: one block of one byte. */
#define Z_HEAP_MIN_SIZE Z_HEAP_MIN_SIZE_FOR(1)

/* The largest block that an empty heap on `bytes` bytes at a multiple of 8 gives; 0 if no heap
 * fits. */
#define Z_HEAP_CAPACITY(bytes)                                                                     \
    ((bytes) < Z_HEAP_MIN_SIZE                                                                     \
         ? 0                                                                                       \
         : (HEAP_UNITS_IN(bytes) - HEAP_CONTROL_UNITS(HEAP_UNITS_IN(bytes))) * HEAP_UNIT_BYTES -   \
               HEAP_HEADER_BYTES - HEAP_TRAILER_BYTES)
