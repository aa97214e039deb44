/* SPDX-License-Identifier: Apache-2.0 */
/* Results of calls. First, because it looks at a UART that was never used. */
#include "line.h"

ZTEST_SUITE(loop_alone, NULL, NULL, NULL, NULL, NULL);

ZTEST(loop_alone, test_nothing_asynchronous_before_callback_set)
{
    const struct device *uart = device_get_binding("uart0");
    uint8_t byte = 0;

    zassert_equal(uart_tx(uart, &byte, 1, SYS_FOREVER_US), -ENOTSUP);
    zassert_equal(uart_rx_enable(uart, &byte, 1, SYS_FOREVER_US), -ENOTSUP);
    zassert_equal(uart_tx_abort(uart), -EFAULT);
    zassert_equal(uart_rx_disable(uart), -EFAULT);
    zassert_equal(uart_rx_buf_rsp(uart, &byte, 1), -EACCES);
    zassert_equal(uart_poll_in(uart, &byte), -1);
}

ZTEST(loop_alone, test_configure)
{
    struct uart_config was;
    struct uart_config config;

    line_reset();
    zassert_ok(uart_config_get(line.uart, &was));
    zassert_equal(was.baudrate, 115200);
    zassert_equal(was.parity, UART_CFG_PARITY_NONE);
    zassert_equal(was.stop_bits, UART_CFG_STOP_BITS_1);
    zassert_equal(was.data_bits, UART_CFG_DATA_BITS_8);
    config = was;
    config.baudrate = 9600;
    zassert_ok(uart_configure(line.uart, &config));
    zassert_ok(uart_config_get(line.uart, &config));
    zassert_equal(config.baudrate, 9600);
    config.baudrate = 0;
    zassert_equal(uart_configure(line.uart, &config), -ENOTSUP);
    config.baudrate = 100000000;
    zassert_equal(uart_configure(line.uart, &config), -ENOTSUP);
    config = was;
    config.flow_ctrl = UART_CFG_FLOW_CTRL_RTS_CTS;
    zassert_equal(uart_configure(line.uart, &config), -ENOTSUP);
    config = was;
    config.data_bits = UART_CFG_DATA_BITS_9;
    zassert_equal(uart_configure(line.uart, &config), -ENOTSUP);
    config = was;
    config.stop_bits = UART_CFG_STOP_BITS_1_5;
    zassert_equal(uart_configure(line.uart, &config), -ENOTSUP);
    config = was;
    config.parity = UART_CFG_PARITY_MARK;
    zassert_equal(uart_configure(line.uart, &config), -ENOTSUP);
    zassert_ok(uart_config_get(line.uart, &config));
    zassert_equal(config.baudrate, 9600, "a refused rate or frame changes nothing");
    zassert_ok(uart_configure(line.uart, &was));
    zassert_equal(uart_err_check(line.uart), 0);
}

ZTEST(loop_alone, test_poll_in)
{
    unsigned char byte = 0;
    int result = -1;

    line_reset();
    line_arrive(1);
    for (unsigned i = 0; i < 1000 && result != 0; i++) {
        k_sleep(K_TICKS(1));
        result = uart_poll_in(line.uart, &byte);
    }
    zassert_ok(result);
    zassert_equal(byte, 0);
    line.seen = line.next_seen = 1;
    zassert_ok(line_enable(8, SYS_FOREVER_US));
    zassert_equal(uart_poll_in(line.uart, &byte), -EBUSY);
    line_finish();
}

ZTEST(loop_alone, test_results_of_calls)
{
    uint8_t byte = 0;

    line_reset();
    zassert_equal(uart_rx_enable(line.uart, NULL, 4, 0), -EINVAL);
    zassert_equal(uart_rx_enable(line.uart, &byte, 0, 0), -EINVAL);
    zassert_equal(uart_tx(line.uart, &byte, 0, 0), -EINVAL);
    zassert_ok(line_enable(4, SYS_FOREVER_US));
    zassert_equal(line_enable(4, SYS_FOREVER_US), -EBUSY);
    zassert_ok(line_answer(4));
    zassert_equal(line_answer(4), -EBUSY);
    line_finish();
}
