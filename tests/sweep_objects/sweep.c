/* SPDX-License-Identifier: Apache-2.0 */
/* The same sweeps as tests/sweep. */
#include "../sweep/sweep.c"
