/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../../../../kernel/mem_attr_heap.h"
