/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../../../heap/sys_heap.h"
#include "../../../kernel/heap_info.h"
