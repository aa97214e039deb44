/* SPDX-License-Identifier: Apache-2.0 */
#include "../region_heap/pool.c"
