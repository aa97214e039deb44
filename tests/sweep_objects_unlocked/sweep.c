/* SPDX-License-Identifier: Apache-2.0 */
/* The same code, built with CONFIG_SWEEP_UNLOCKED: see sweep_objects_unlocked.t. */
#include "../sweep/sweep.c"
