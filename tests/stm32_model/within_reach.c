/* SPDX-License-Identifier: Apache-2.0 */
/* D11: what a board's table says that the controller reaches is not copied, wherever it is; with no
 * memory left to copy through, a copy would be refused. */
#include <errno.h>

#include "uart.h"

static void *hoard[64];

/* All that either controller reaches. */
static void take_all(void)
{
    unsigned count = 0;

    for (size_t bytes = 0x4000; bytes >= 8; bytes /= 2) {
        for (unsigned controller = 1; controller <= 2; controller++) {
            while (count < ARRAY_SIZE(hoard) &&
                   (hoard[count] = region_heap_alloc(REGION_DMA_BY(controller), 0, 0, bytes)) !=
                       NULL) {
                count++;
            }
        }
    }
    zassert_true(count < ARRAY_SIZE(hoard));
}

static void give_back(void *fixture)
{
    for (unsigned i = 0; i < ARRAY_SIZE(hoard); i++) {
        region_heap_free(hoard[i]);
        hoard[i] = NULL;
    }
    model_after(fixture);
}

ZTEST_SUITE(within_reach, NULL, NULL, NULL, give_back, NULL);

static void check_sending_from(uintptr_t place)
{
    uint8_t wire[16];

    memcpy(at(place), "constant", 8);
    zassert_ok(send_bytes(at(place), 8, SYS_FOREVER_US));
    model_run(12);
    zassert_true(sent_events_are("done8"));
    zassert_equal(model_received(USART1, wire, sizeof(wire)), 8);
    zassert_mem_equal(wire, "constant", 8);
}

ZTEST(within_reach, D11_flash_and_static_memory_are_sent_from)
{
    uart_make(0);
    take_all();
    check_sending_from(FLASH + 0x100);
    check_sending_from(IMAGE + 0x100);
    uart_end();
}

ZTEST(within_reach, D11_static_memory_is_received_into)
{
    uart_make(KIND_STATIC);
    take_all();
    uart_own('A');
    zassert_ok(uart_rx_enable(UART, buffer('A'), 4, SYS_FOREVER_US));
    uart_own('B');
    zassert_ok(uart_rx_buf_rsp(UART, buffer('B'), 4));
    model_send(USART1, 8);
    model_run(8);
    zassert_true(events_are("? A0+4 -A ? B0+4 -B ."));
    uart_end();
}

/* The other way round: beyond what the table knows, and where a controller does not reach. */
ZTEST(within_reach, D7_other_memory_is_copied)
{
    uint8_t *const places[] = {at(IMAGE + IMAGE_BYTES), at(IMAGE + IMAGE_BYTES - 4), at(CCM)};

    uart_make(0);
    take_all();
    for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
        zassert_equal(uart_tx(UART, places[i], 8, SYS_FOREVER_US), -ENOMEM, "place %u", i);
    }
    uart_end();
}

/* usart2 is on DMA1, which does not reach the region "dma2": REGION_DMA_BY(1) is what counts. */
ZTEST(within_reach, D6_each_controller_has_its_own_reach)
{
    uint8_t wire[16];

    uart_make(KIND_DMA2);
    zassert_ok(send_bytes(buffer('A'), 20, SYS_FOREVER_US));
    zassert_ok(uart_callback_set(DEVICE_GET(usart2), NULL, NULL));
    zassert_ok(uart_tx(DEVICE_GET(usart2), buffer('A'), 8, SYS_FOREVER_US));
    model_run(24);
    zassert_true(sent_events_are("done20"));
    zassert_equal(model_received(USART2, wire, sizeof(wire)), 8);
    zassert_mem_equal(wire, buffer('A'), 8);
    take_all();
    zassert_ok(send_bytes(buffer('A'), 8, SYS_FOREVER_US), "no copy is needed");
    zassert_equal(uart_tx(DEVICE_GET(usart2), buffer('A'), 8, SYS_FOREVER_US), -ENOMEM);
    model_run(12);
    zassert_true(sent_events_are("done8"));
    uart_end();
}
