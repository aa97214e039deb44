/* SPDX-License-Identifier: Apache-2.0 */
#include "../kheap/heap.c"
