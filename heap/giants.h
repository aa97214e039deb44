/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks beyond the last class. */
#pragma once

#ifdef CONFIG_SYS_HEAP_BIG_ONLY
#include "giant_tree.h"
#else
#include "giant_list.h"
#endif
