/* SPDX-License-Identifier: Apache-2.0 */
/* RTT from the probe's side: this file knows the layout from OpenOCD's src/rtt/rtt.h, not from the
 * driver. */
#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/ztest.h>

struct channel {
    const char *name;
    char *buffer;
    uint32_t size;
    volatile uint32_t write;
    volatile uint32_t read;
    uint32_t flags;
};

struct control {
    char id[16];
    int32_t up_count;
    int32_t down_count;
    struct channel up;
    struct channel down;
};

extern struct control _SEGGER_RTT;
#define UP   (&_SEGGER_RTT.up)
#define DOWN (&_SEGGER_RTT.down)

static const struct device *rtt(void)
{
    return device_get_binding("rtt0");
}

/* Both channels empty, each index at `at`. */
static void empty(uint32_t at)
{
    UP->write = UP->read = at;
    DOWN->write = DOWN->read = at % DOWN->size;
}

static void put(const char *text)
{
    while (*text != '\0') {
        uart_poll_out(rtt(), (unsigned char)*text++);
    }
}

/* Takes what the target has written, as a probe does. */
static const char *take(void)
{
    static char text[64];
    size_t length = 0;

    while (UP->read != UP->write) {
        text[length++] = UP->buffer[UP->read];
        UP->read = (UP->read + 1) % UP->size;
    }
    text[length] = '\0';
    return text;
}

/* Writes as a probe does: whole characters, none over an unread one; returns how many went. */
static size_t give(const char *text)
{
    size_t count = 0;

    while (text[count] != '\0' && (DOWN->write + 1) % DOWN->size != DOWN->read) {
        DOWN->buffer[DOWN->write] = text[count++];
        DOWN->write = (DOWN->write + 1) % DOWN->size;
    }
    return count;
}

ZTEST(rtt, test_control_block)
{
    char id[16] = "?EGGER RTT";

    id[0] = 'S'; /* so that the whole text is not in this image a second time */
    zassert_mem_equal(_SEGGER_RTT.id, id, sizeof(id));
    zassert_equal(_SEGGER_RTT.up_count, 1);
    zassert_equal(_SEGGER_RTT.down_count, 1);
    zassert_str_equal(UP->name, "console");
    zassert_equal(UP->size, CONFIG_RTT_UP_BYTES);
    zassert_equal(DOWN->size, CONFIG_RTT_DOWN_BYTES);
    zassert_equal(UP->flags | DOWN->flags, 0, "the target drops what does not fit");
}

ZTEST(rtt, test_up_in_order_across_the_end)
{
    for (uint32_t start = 0; start < CONFIG_RTT_UP_BYTES; start++) {
        empty(start);
        put("0123456789");
        zassert_str_equal(take(), "0123456789");
    }
}

ZTEST(rtt, test_full_drops_the_new_and_keeps_the_unread)
{
    empty(5);
    put("0123456789abcdefghij");
    zassert_str_equal(take(), "0123456789abcde", "one byte stays empty");
    put("x");
    zassert_str_equal(take(), "x", "and it goes on when there is room");
}

ZTEST(rtt, test_down_in_order_across_the_end)
{
    unsigned char character = 0;

    for (uint32_t start = 0; start < CONFIG_RTT_DOWN_BYTES; start++) {
        empty(start);
        zassert_equal(uart_poll_in(rtt(), &character), -1);
        zassert_equal(give("abcdef"), 3u);
        for (char expected = 'a'; expected <= 'c'; expected++) {
            zassert_equal(uart_poll_in(rtt(), &character), 0);
            zassert_equal(character, expected);
        }
        zassert_equal(uart_poll_in(rtt(), &character), -1);
    }
}

ZTEST(rtt, test_what_it_has_not_got)
{
    struct uart_config config = {0};
    uint8_t byte = 0;

    zassert_equal(uart_err_check(rtt()), 0);
    zassert_equal(uart_configure(rtt(), &config), -ENOTSUP);
    zassert_equal(uart_config_get(rtt(), &config), -ENOTSUP);
    zassert_equal(uart_callback_set(rtt(), NULL, NULL), -ENOTSUP);
    zassert_equal(uart_tx(rtt(), &byte, 1, 0), -ENOTSUP);
    zassert_equal(uart_tx_abort(rtt()), -ENOTSUP);
    zassert_equal(uart_rx_enable(rtt(), &byte, 1, 0), -ENOTSUP);
    zassert_equal(uart_rx_buf_rsp(rtt(), &byte, 1), -ENOTSUP);
    zassert_equal(uart_rx_disable(rtt()), -ENOTSUP);
}

ZTEST_SUITE(rtt, NULL, NULL, NULL, NULL, NULL);
