/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sys_heap.h"

/* Frees a block without delay, after a close look at it; NULL does nothing. */
void free_at_once(struct sys_heap *heap, void *mem);
