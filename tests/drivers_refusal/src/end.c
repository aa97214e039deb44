/* SPDX-License-Identifier: Apache-2.0 */
#include "../../drivers_uart/src/end.c"
