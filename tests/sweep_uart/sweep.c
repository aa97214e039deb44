/* SPDX-License-Identifier: Apache-2.0 */
#include "../sweep/sweep.c"
