/* SPDX-License-Identifier: Apache-2.0 */
/* What needs nobody at the other end. First, because it looks at UARTs that were never used. */
#include <zephyr/drivers/dma.h>

#include "../../../kernel/region_heap.h"
#include "end.h"

static bool has_dma(const void *state)
{
    ARG_UNUSED(state);
    return !started_with(" uart3");
}

ZTEST_SUITE(uart_alone, has_dma, NULL, NULL, NULL, NULL);

static const uint8_t text[] = "from flash";

ZTEST(uart_alone, test_nothing_asynchronous_before_callback_set)
{
    const struct device *uart = device_get_binding("uart1");
    uint8_t byte;

    zassert_equal(uart_tx(uart, text, 1, SYS_FOREVER_US), -ENOTSUP);
    zassert_equal(uart_rx_enable(uart, &byte, 1, SYS_FOREVER_US), -ENOTSUP);
    zassert_equal(uart_tx_abort(uart), -EFAULT);
    zassert_equal(uart_rx_disable(uart), -EFAULT);
    zassert_equal(uart_rx_buf_rsp(uart, &byte, 1), -EACCES);
}

ZTEST(uart_alone, test_dma_channel_is_taken)
{
    const struct device *dma = device_get_binding("dma2");
    uint32_t rx_channel = 1;

    zassert_equal(dma_request_channel(dma, &rx_channel), 1);
    zassert_equal(uart_callback_set(device_get_binding("uart2"), NULL, NULL), -EBUSY);
    dma_release_channel(dma, rx_channel);
    zassert_ok(uart_callback_set(device_get_binding("uart2"), NULL, NULL),
               "the failed attempt kept a channel");
    zassert_ok(uart_callback_set(device_get_binding("uart2"), NULL, NULL), "again");
}

ZTEST(uart_alone, test_configure)
{
    const struct device *uart = device_get_binding("uart1");
    struct uart_config was;
    struct uart_config config;

    zassert_ok(uart_config_get(uart, &was));
    zassert_equal(was.baudrate, 115200);
    config = was;
    config.baudrate = 9600;
    zassert_ok(uart_configure(uart, &config));
    zassert_ok(uart_config_get(uart, &config));
    zassert_equal(config.baudrate, 9600);
    config.baudrate = 20000000 / 15; /* the divisor is at least 16 (DDI 0479) */
    zassert_equal(uart_configure(uart, &config), -ENOTSUP);
    config = was;
    config.parity = UART_CFG_PARITY_EVEN;
    zassert_equal(uart_configure(uart, &config), -ENOTSUP);
    config = was;
    config.stop_bits = UART_CFG_STOP_BITS_2;
    zassert_equal(uart_configure(uart, &config), -ENOTSUP);
    config = was;
    config.data_bits = UART_CFG_DATA_BITS_7;
    zassert_equal(uart_configure(uart, &config), -ENOTSUP);
    config = was;
    config.flow_ctrl = UART_CFG_FLOW_CTRL_RTS_CTS;
    zassert_equal(uart_configure(uart, &config), -ENOTSUP);
    zassert_ok(uart_configure(uart, &was));
    zassert_equal(uart_err_check(uart), 0);
}

/* DMA1's own switch: its channels are enabled and never move. */
static volatile uint32_t *const dma1_switch = (volatile uint32_t *)0x50111030;

/* The largest blocks first, until nothing is left. */
static unsigned take_all(void *blocks[], unsigned limit)
{
    unsigned count = 0;

    for (size_t bytes = 1 << 21; bytes >= 8; bytes /= 2) {
        while (count < limit &&
               (blocks[count] = region_heap_alloc(REGION_DMA, 0, 0, bytes)) != NULL) {
            count++;
        }
    }
    return count;
}

/* D11: an array that the linker has placed within reach is not copied. */
static uint8_t static_near[16] IN_REGION(ssram2);

ZTEST(uart_alone, test_no_memory_in_reach)
{
    static void *blocks[200];
    static uint8_t far;
    uint8_t *near = region_heap_alloc(REGION_DMA, 0, 0, 16);
    unsigned count = take_all(blocks, ARRAY_SIZE(blocks));

    zassert_not_null(near);
    zassert_true(count < ARRAY_SIZE(blocks));
    ends_reset();
    zassert_equal(uart_tx(echo.uart, text, 10, SYS_FOREVER_US), -ENOMEM);
    zassert_equal(uart_rx_enable(echo.uart, &far, 1, SYS_FOREVER_US), -ENOMEM);
    zassert_ok(uart_rx_enable(echo.uart, near, 8, SYS_FOREVER_US), "no copy is needed");
    zassert_equal(uart_rx_buf_rsp(echo.uart, &far, 1), -ENOMEM);
    zassert_ok(uart_rx_buf_rsp(echo.uart, near + 8, 8));
    zassert_ok(uart_rx_disable(echo.uart));
    zassert_str_equal(echo.log, "Q L L D ", "'%s'", echo.log);
    zassert_ok(uart_rx_enable(echo.uart, static_near, 8, SYS_FOREVER_US), "no copy is needed");
    zassert_ok(uart_rx_disable(echo.uart));
    *dma1_switch = 0; /* nobody asked the peer for a word */
    zassert_equal(end_send(&echo, static_near, 6, SYS_FOREVER_US), 0, "no copy is needed");
    *dma1_switch = 1;
    while (count > 0) {
        region_heap_free(blocks[--count]);
    }
    region_heap_free(near);
}

ZTEST(uart_alone, test_D5_stuck_dma_aborts)
{
    ends_reset();
    *dma1_switch = 0;
    zassert_equal(end_send(&echo, text, 4, SYS_FOREVER_US), 0);
    *dma1_switch = 1;
    zassert_true(echo.last_aborted);
}
