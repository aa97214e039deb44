/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../../../heap/multi_heap.h"
