/* SPDX-License-Identifier: Apache-2.0 */
/* D2: the scripts that every asynchronous driver plays. */
#include "../uart_scripts/play.c"
#include "uart.h"

ZTEST_SUITE(uart_scripts, NULL, NULL, NULL, model_after, NULL);

ZTEST(uart_scripts, D2_events_of_buffers_within_reach)
{
    scripts_play(0);
}

ZTEST(uart_scripts, D2_events_of_buffers_out_of_reach)
{
    scripts_play(1);
}

ZTEST(uart_scripts, D2_events_of_static_buffers)
{
    scripts_play(KIND_STATIC);
}
