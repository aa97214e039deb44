/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks beyond the last class. */
#pragma once

#include "heap_size.h"

#if HEAP_LINK_BYTES == 4
#include "giant_tree.h"
#else
#include "giant_list.h"
#endif
