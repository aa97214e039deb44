/* SPDX-License-Identifier: Apache-2.0 */
#include "../uart_scripts/events.c"
