/* SPDX-License-Identifier: Apache-2.0 */
/* Built without a bound: the large request starves. */
#include "../kheap_fair/starvation.c"
