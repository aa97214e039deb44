/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that the linker builds: every object placed in one section, walked as an array. */
#pragma once

#include "util.h"

/* Places `struct type name` in the list of its type; the linker script (or a PC's linker) brackets
 * it with symbols. */
#define STRUCT_SECTION_ITERABLE(type, name)                                                        \
    struct type name __in_section(#type "_area") __used __aligned(__alignof__(struct type))

#define STRUCT_SECTION_START(type) CONCAT(__start_, CONCAT(type, _area))
#define STRUCT_SECTION_END(type)   CONCAT(__stop_, CONCAT(type, _area))

/* Weak, so that a list without members is empty instead of undefined. */
#define STRUCT_SECTION_EXTERN(type)                                                                \
    extern struct type STRUCT_SECTION_START(type)[] __weak;                                        \
    extern struct type STRUCT_SECTION_END(type)[] __weak

#define STRUCT_SECTION_FOREACH(type, iterator)                                                     \
    STRUCT_SECTION_EXTERN(type);                                                                   \
    for (struct type *iterator = STRUCT_SECTION_START(type);                                       \
         (uintptr_t)iterator < (uintptr_t)STRUCT_SECTION_END(type); iterator++)
