/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a peer that stalls and bursts: both directions at once, aborts and restarts in between, with
 * little memory for the DMA. Every byte that was reported as sent comes back once and in order.
 */
#include <stdlib.h>
#include <zephyr/arch/common/semihost.h>

#include "../../../kernel/region_heap.h"
#include "end.h"

#define LEFT_BYTES 2048u

/* So that reception finds memory to bounce through while a transmission stands still: the peer may
 * be waiting for us to read before it reads. */
#define NEAR_MAX_BYTES 1024u

static uint32_t state = 4711;

static uint32_t below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return (state >> 8) % limit;
}

/* 1 to `limit`, but not more than `left`. */
static size_t at_most(size_t limit, size_t left)
{
    size_t count = 1 + below(limit);

    return MIN(count, left);
}

static bool wild(const void *unused)
{
    ARG_UNUSED(unused);
    return started_with(" wild");
}

ZTEST_SUITE(uart_wild, wild, NULL, NULL, NULL, NULL);

static size_t bytes_wanted(void)
{
    char words[128];
    const char *wanted;

    zassert_ok(semihost_command_line(words, sizeof(words)));
    wanted = strstr(words, "bytes=");
    return wanted == NULL ? 30000 : (size_t)strtoul(wanted + 6, NULL, 10);
}

/* The stream: byte n of it, whichever transfer it is in. */
static uint8_t stream_byte(size_t n)
{
    return (uint8_t)(n ^ n >> 8 ^ n >> 16);
}

static void *hoard[200];

/* Leaves `left` bytes of memory in reach of the DMA. */
static void leave(size_t left)
{
    void *kept = region_heap_alloc(REGION_DMA, 0, 0, left);
    unsigned count = 0;

    for (size_t bytes = 1 << 21; bytes >= 8; bytes /= 2) {
        while (count < ARRAY_SIZE(hoard) &&
               (hoard[count] = region_heap_alloc(REGION_DMA, 0, 0, bytes)) != NULL) {
            count++;
        }
    }
    region_heap_free(kept);
}

static void give_back(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(hoard); i++) {
        region_heap_free(hoard[i]);
        hoard[i] = NULL;
    }
}

/* Sends the stream in transfers of any length from memory of either kind, and aborts some. */
static struct {
    size_t wanted;
    size_t aborts;
    size_t no_memory;
} sender;

/* In the interrupt of reception, between two beats of the transmission. */
static void abort_sometimes(void)
{
    if (below(16) == 0) {
        sender.aborts += uart_tx_abort(echo.uart) == 0;
    }
}

/* Nothing is left for anybody: transfers from far memory are refused, receptions end. */
static struct {
    void *blocks[40];
    unsigned count;
} hungry;

static void starve(void)
{
    for (size_t bytes = LEFT_BYTES; bytes >= 8; bytes /= 2) {
        while (hungry.count < ARRAY_SIZE(hungry.blocks) &&
               (hungry.blocks[hungry.count] = region_heap_alloc(REGION_DMA, 0, 0, bytes)) != NULL) {
            hungry.count++;
        }
    }
    k_msleep((int)below(4));
}

static void feed(void)
{
    while (hungry.count > 0) {
        region_heap_free(hungry.blocks[--hungry.count]);
    }
}

/* While the line stalls, or in the middle of what flows. */
static void abort_later(void)
{
    if (below(2) == 0) {
        k_msleep((int)below(5));
    } else {
        k_busy_wait(below(4000));
    }
    sender.aborts += uart_tx_abort(echo.uart) == 0;
}

static void send_stream(void *p1, void *p2, void *p3)
{
    static uint8_t far_bytes[2500];

    ARG_UNUSED(p1);
    ARG_UNUSED(p2);
    ARG_UNUSED(p3);
    while (echo.total_sent < sender.wanted) {
        size_t length = at_most(sizeof(far_bytes), sender.wanted - echo.total_sent);
        uint8_t *near_bytes = length <= NEAR_MAX_BYTES && below(2) == 0
                                  ? region_heap_alloc(REGION_DMA, 0, 0, length)
                                  : NULL;
        uint8_t *bytes = near_bytes != NULL ? near_bytes : far_bytes;
        int result;

        for (size_t i = 0; i < length; i++) {
            bytes[i] = stream_byte(echo.total_sent + i);
        }
        if (below(16) == 0) {
            starve();
        }
        result = end_start(&echo, bytes, length, below(4) == 0 ? 20000 : SYS_FOREVER_US);
        feed();
        zexpect_true(result == 0 || result == -ENOMEM, "uart_tx %d", result);
        if (result == 0) {
            if (below(4) == 0) {
                abort_later();
            }
            zassert_ok(k_sem_take(&echo.sent, K_SECONDS(60)),
                       "no TX event after 60 s: receiving %d, no memory %u, room %d", echo.on,
                       echo.no_memory, end_has_room(&echo));
        } else {
            sender.no_memory++;
            k_msleep(1);
        }
        region_heap_free(near_bytes);
    }
}

K_THREAD_STACK_DEFINE(sender_stack, 2048);
static struct k_thread sender_thread;

static void check_some(size_t total, size_t *seen)
{
    uint8_t bytes[64];
    size_t count = end_take(&echo, bytes, at_most(sizeof(bytes), total - *seen));

    zassert_true(count > 0, "nothing came for 10 s, %u of %u bytes", (unsigned)*seen,
                 (unsigned)total);
    for (size_t i = 0; i < count; i++) {
        zassert_equal(bytes[i], stream_byte(*seen + i), "byte %u", (unsigned)(*seen + i));
    }
    *seen += count;
}

static void restart(uint8_t *far_buffers, uint8_t *near_buffers)
{
    bool near = below(2) == 0;
    size_t bytes = 1 + below(128);
    uint8_t *first = near ? near_buffers : far_buffers;
    uint8_t *second = below(2) == 0 ? far_buffers + 128 : near_buffers + 128;

    end_hang_up(&echo);
    end_listen(&echo, first, second, bytes, (int32_t)(1000 * below(10)));
}

ZTEST(uart_wild, test_D1_D3_nothing_is_lost_doubled_or_swapped)
{
    static uint8_t far_buffers[256];
    uint8_t *near_buffers = region_heap_alloc(REGION_DMA, 0, 0, 256);
    size_t seen = 0;
    unsigned restarts = 0;

    zassert_not_null(near_buffers);
    ends_reset();
    leave(LEFT_BYTES);
    sender.wanted = bytes_wanted();
    echo.on_ready = abort_sometimes;
    end_listen(&echo, near_buffers, near_buffers + 128, 128, 2000);
    k_thread_create(&sender_thread, sender_stack, sizeof(sender_stack), send_stream, NULL, NULL,
                    NULL, 2, 0, K_NO_WAIT);
    while (seen < sender.wanted) {
        check_some(sender.wanted, &seen);
        if (below(16) == 0 && end_has_room(&echo)) {
            restart(far_buffers, near_buffers);
            restarts++;
        }
    }
    zassert_ok(k_thread_join(&sender_thread, K_SECONDS(60)));
    end_hang_up(&echo);
    zassert_equal(echo.total_sent, seen);
    zassert_equal(echo.tx_given, echo.tx_back, "D1 %u transmissions, %u events", echo.tx_given,
                  echo.tx_back);
    zassert_equal(echo.put, seen, "more came back than was sent");
    printk("# %u bytes each way, %u aborts, %u restarts, %u times no memory, %u and %u buffers\n",
           (unsigned)seen, (unsigned)sender.aborts, restarts,
           (unsigned)sender.no_memory + echo.no_memory, echo.tx_given, echo.given);
    give_back();
    region_heap_free(near_buffers);
}
