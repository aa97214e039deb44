/* SPDX-License-Identifier: Apache-2.0 */
/* D2: the scripts of tests/uart_async, on a real driver. */
#include <stdlib.h>
#include <zephyr/irq_offload.h>

#include "../uart_async/src/scripts.h"
#include "line.h"

/* Longer than a byte takes through the emulator on a busy PC. */
#define QUIET_MS 100

static unsigned lock_key;

/* In a handler, as the device's own. */
static void overrun(const void *unused)
{
    ARG_UNUSED(unused);
    uart_async_rx_failed((struct uart_async *)line.uart->data, UART_ERROR_OVERRUN);
}

static void act(const char **actions)
{
    char what = *(*actions)++;
    size_t count = (size_t)strtoul(*actions, (char **)(uintptr_t)actions, 10);

    switch (what) {
    case 'E':
        zassert_ok(line_enable(count, QUIET_MS * 1000));
        break;
    case 'F':
        zassert_ok(line_enable(count, SYS_FOREVER_US));
        break;
    case 'Z':
        zassert_ok(line_enable(count, 0));
        break;
    case 'N':
        zassert_ok(line_answer(count));
        break;
    case 'a':
        line.answer_bytes = count;
        break;
    case 'b':
        line_arrive(count);
        break;
    case 't':
        k_msleep(2 * QUIET_MS);
        break;
    case 'd':
        zassert_ok(uart_rx_disable(line.uart));
        break;
    case 'o':
        irq_offload(overrun, NULL);
        break;
    case '(':
        lock_key = irq_lock();
        break;
    case ')':
        irq_unlock(lock_key);
        break;
    default:
        break; /* a blank, or an interrupt: it has come by itself */
    }
}

ZTEST_SUITE(loop_order, NULL, NULL, NULL, NULL, NULL);

ZTEST(loop_order, test_D2_scripts)
{
    for (unsigned i = 0; i < ARRAY_SIZE(scripts); i++) {
        const char *actions = scripts[i].actions;

        line_reset();
        while (*actions != '\0') {
            act(&actions);
        }
        zexpect_str_equal(line.log, scripts[i].events, "%s: got '%s', not '%s'", scripts[i].name,
                          line.log, scripts[i].events);
        line_finish();
    }
}
