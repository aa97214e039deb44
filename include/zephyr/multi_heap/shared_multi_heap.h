/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../../../kernel/shared_multi_heap.h"
