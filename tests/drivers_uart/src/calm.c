/* SPDX-License-Identifier: Apache-2.0 */
/* With a peer that answers at once: exact events. */
#include "../../../drivers/sse200_security.h"
#include "../../../kernel/region_heap.h"
#include "end.h"

static uint8_t *near_memory; /* 64 bytes in reach of the DMA */

static bool calm(const void *state)
{
    ARG_UNUSED(state);
    return started_with(" calm");
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    near_memory = region_heap_alloc(REGION_DMA, 0, 0, 64);
    zassert_not_null(near_memory);
    ends_reset();
}

static void after(void *fixture)
{
    ARG_UNUSED(fixture);
    region_heap_free(near_memory);
}

ZTEST_SUITE(uart_calm, calm, NULL, before, after, NULL);

/* Quiet for longer than a peer on a busy PC is silent between two bytes. */
#define QUIET_US 200000

ZTEST(uart_calm, test_two_short_messages_are_told_one_by_one)
{
    uint8_t got[5];

    end_listen(&echo, near_memory, near_memory + 32, 10, QUIET_US);
    zassert_equal(end_send(&echo, "hello", 5, SYS_FOREVER_US), 5);
    zassert_equal(end_take(&echo, got, 5), 5);
    zassert_mem_equal(got, "hello", 5);
    zassert_equal(end_send(&echo, "world", 5, SYS_FOREVER_US), 5);
    zassert_equal(end_take(&echo, got, 5), 5);
    zassert_mem_equal(got, "world", 5);
    end_hang_up(&echo);
    zassert_str_equal(echo.log, "Q R0+5 R5+5 L Q L L D ", "'%s'", echo.log);
}

ZTEST(uart_calm, test_not_told_before_full_without_a_quiet_time)
{
    uint8_t got[10];

    end_listen(&echo, near_memory, NULL, 10, SYS_FOREVER_US);
    zassert_equal(end_send(&echo, "01234", 5, SYS_FOREVER_US), 5);
    k_msleep(300);
    zassert_str_equal(echo.log, "Q ", "'%s'", echo.log);
    zassert_equal(end_send(&echo, "56789", 5, SYS_FOREVER_US), 5);
    zassert_equal(end_take(&echo, got, 10), 10);
    zassert_mem_equal(got, "0123456789", 10);
    end_hang_up(&echo);
    zassert_str_equal(echo.log, "Q R0+10 L D ", "'%s'", echo.log);
}

/* Flash and the image's own RAM are out of reach both ways; the memory guard has nothing to say. */
ZTEST(uart_calm, test_D6_bounced_both_ways)
{
    static const char text[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ and "
        "then some more, for a second chunk and the beginning of a third one";
    static uint8_t first[50];
    static uint8_t second[50];
    uint8_t got[sizeof(text)];
    struct sse200_violations violations;
    uint32_t refused;

    sse200_violations_get(&violations);
    refused = violations.count;
    end_listen(&echo, first, second, sizeof(first), 1000);
    zassert_equal(end_send(&echo, text, sizeof(text), SYS_FOREVER_US), sizeof(text));
    zassert_equal(end_take(&echo, got, sizeof(text)), sizeof(text));
    zassert_mem_equal(got, text, sizeof(text));
    end_hang_up(&echo);
    sse200_violations_get(&violations);
    zassert_equal(violations.count, refused);
}

ZTEST(uart_calm, test_poll_in)
{
    unsigned char byte = 0;
    int result = -1;

    zassert_equal(uart_poll_in(echo.uart, &byte), -1);
    uart_poll_out(echo.uart, 'p');
    for (unsigned i = 0; i < 1000 && result != 0; i++) {
        k_msleep(1);
        result = uart_poll_in(echo.uart, &byte);
    }
    zassert_ok(result);
    zassert_equal(byte, 'p');
    end_listen(&echo, near_memory, NULL, 8, SYS_FOREVER_US);
    zassert_equal(uart_poll_in(echo.uart, &byte), -EBUSY);
    end_hang_up(&echo);
    zassert_equal(uart_poll_in(echo.uart, &byte), -1);
}

/* A byte that arrived while nobody listened is the first of the next reception. */
ZTEST(uart_calm, test_what_came_before_enable)
{
    uint8_t got[3];

    zassert_equal(end_send(&echo, "abc", 3, SYS_FOREVER_US), 3);
    k_msleep(50);
    end_listen(&echo, near_memory, NULL, 3, SYS_FOREVER_US);
    zassert_equal(end_take(&echo, got, 3), 3);
    zassert_mem_equal(got, "abc", 3);
    end_hang_up(&echo);
}

/* D3: characters of printk beside a transfer: neither loses one to the other. */
ZTEST(uart_calm, test_D3_poll_out_beside_a_transfer)
{
    static uint8_t letters[400];
    static uint8_t got[600];
    unsigned digits = 0;
    unsigned next_letter = 0;

    for (unsigned i = 0; i < sizeof(letters); i++) {
        letters[i] = (uint8_t)('a' + i % 26);
    }
    end_listen(&echo, near_memory, near_memory + 32, 32, 1000);
    zassert_ok(end_start(&echo, letters, sizeof(letters), SYS_FOREVER_US));
    for (unsigned i = 0; i < 200; i++) {
        uart_poll_out(echo.uart, (unsigned char)('0' + i % 10));
    }
    zassert_ok(k_sem_take(&echo.sent, K_SECONDS(10)));
    zassert_equal(end_take(&echo, got, sizeof(got)), sizeof(got));
    for (unsigned i = 0; i < sizeof(got); i++) {
        if (got[i] >= 'a') {
            zassert_equal(got[i], letters[next_letter]);
            next_letter++;
        } else {
            zassert_equal(got[i], '0' + digits % 10);
            digits++;
        }
    }
    end_hang_up(&echo);
}

/* The peer of uart2 does not read at first: the transfer stands still when the socket is full. */
static unsigned count_of_peer(void)
{
    uint8_t digit = 0;
    unsigned value = 0;

    while (end_take(&counter, &digit, 1) == 1 && digit != '\n') {
        value = value * 10 + digit - '0';
    }
    zassert_equal(digit, '\n', "the peer did not answer");
    return value;
}

ZTEST(uart_calm, test_abort_tells_what_the_peer_gets)
{
    static uint8_t bytes[3000];

    memset(bytes, 'x', sizeof(bytes));
    end_listen(&counter, near_memory, near_memory + 32, 32, 1000);
    zassert_ok(end_start(&counter, bytes, sizeof(bytes), SYS_FOREVER_US));
    k_msleep(200);
    zassert_equal(k_sem_count_get(&counter.sent), 0, "the line does not stall");
    zassert_ok(uart_tx_abort(counter.uart));
    zassert_ok(k_sem_take(&counter.sent, K_SECONDS(1)));
    zassert_true(counter.last_aborted);
    zassert_true(counter.last_sent > 0 && counter.last_sent < sizeof(bytes));
    zassert_equal(count_of_peer(), counter.last_sent);
    end_hang_up(&counter);
}

ZTEST(uart_calm, test_time_limit_tells_what_the_peer_gets)
{
    static uint8_t bytes[3000];

    memset(bytes, 'y', sizeof(bytes));
    end_listen(&counter, near_memory, near_memory + 32, 32, 1000);
    zassert_true(end_send(&counter, bytes, sizeof(bytes), 200000) < sizeof(bytes));
    zassert_equal(count_of_peer(), counter.last_sent);
    zassert_equal(end_send(&counter, bytes, sizeof(bytes), SYS_FOREVER_US), sizeof(bytes));
    zassert_equal(count_of_peer(), sizeof(bytes), "the next transfer is whole");
    end_hang_up(&counter);
}
