/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An emulator with a peer (scripts.t) as a world for the scripts. Bytes from 0x80 on are orders to
 * the peer, by poll_out beside whatever is under way; all others are what a transmission sends.
 * Started with the word "uart=NAME".
 */
#include <zephyr/arch/common/semihost.h>

#include "../../drivers/uart_async.h"
#include "../../kernel/region_heap.h"
#include "../ztest/ztest.h"
#include "events.h"
#include "world.h"

#define PEER_SEND(frames)  (0x80u | (frames))
#define PEER_END           0xfdu /* what comes now is text for people */
#define PEER_COMPARE       0xfeu /* with as many bytes of buffer A as PEER_SEND of the next byte says */
#define PEER_BEGIN         0xffu
#define PEER_PATIENCE_MS   5000
#define UNIT_US            40000 /* a busy PC keeps the peer waiting between two bytes */
#define QUIET_UNITS_ENOUGH 8

#ifdef CONFIG_CORE_UART3
#include "../../drivers/uart_cmsdk.h"

/* Arm DAI 0505: UART3, which is nobody's. Here the core moves its bytes. */
UART_CMSDK_DEFINE(uart3, 38, 39, 1, .registers = 0x40203000, .clock_hz = 20000000,
                  .baudrate = 115200);

/* D11: static, and the DMA reaches it. */
static uint8_t placed[4][BUFFER_MAX] IN_REGION(ssram2);
#else
static uint8_t placed[4][BUFFER_MAX];
#endif

enum kind {
    STATIC,
    NEAR,   /* in the heap of a region that the DMA reaches */
    PLACED, /* in such a region, by the linker */
};

static const struct device *uart;
static uint8_t *near;
static unsigned frames_ordered;
static unsigned frames_polled;

static const struct device *uart_of_command_line(void)
{
    char words[80];
    const char *name;

    if (semihost_command_line(words, sizeof(words)) != 0 ||
        (name = strstr(words, "uart=")) == NULL) {
        return NULL;
    }
    return device_get_binding(name + strlen("uart="));
}

static bool has_peer(const void *state)
{
    ARG_UNUSED(state);
    uart = uart_of_command_line();
    return uart != NULL;
}

ZTEST_SUITE(uart_scripts, has_peer, NULL, NULL, NULL, NULL);

/* All drivers that build on uart_async.c have it as their first member. */
static struct uart_async *async_of(const struct device *dev)
{
    return dev->data;
}

static void order(unsigned byte)
{
    uart_poll_out(uart, (unsigned char)byte);
}

/* Frames that the driver or the program has, told or not. */
static unsigned frames_here(void)
{
    unsigned key = irq_lock();
    const struct uart_async_rx *rx = &async_of(uart)->rx;
    unsigned count = received_count() + frames_polled;

    if (uart_async_rx_is_enabled(async_of(uart)) && rx->buf != NULL) {
        count += (unsigned)(rx->filled - rx->reported);
    }
    irq_unlock(key);
    return count;
}

unsigned world_abilities(void)
{
    return EACH_BYTE;
}

const struct device *world_make(unsigned kind)
{
    static uint8_t memory[4][BUFFER_MAX];
    uint8_t *four[4];

    for (unsigned i = 0; i < 4; i++) {
        four[i] = kind == NEAR ? near + BUFFER_MAX * i : kind == PLACED ? placed[i] : memory[i];
    }
    frames_ordered = 0;
    frames_polled = 0;
    events_begin(uart, four);
    order(PEER_BEGIN);
    return uart;
}

static void take_the_rest(void)
{
    unsigned char byte;

    for (unsigned ms = 0; frames_here() < frames_ordered && ms < PEER_PATIENCE_MS; ms++) {
        while (uart_poll_in(uart, &byte) == 0) {
            zexpect_equal(byte, (uint8_t)frames_here());
            frames_polled++;
        }
        k_msleep(1);
    }
}

void world_end(void)
{
    events_end();
    (void)uart_rx_disable(uart);
    (void)uart_tx_abort(uart);
    world_drain();
    take_the_rest();
    order(PEER_END);
    zassert_true(buffers_are_back());
    zassert_equal(transmissions_running(), 0, "a transmission has ended twice");
    zassert_equal(frames_here(), frames_ordered, "%u frames of %u", frames_here(), frames_ordered);
}

int32_t world_microseconds(int units)
{
    return units == -1 ? SYS_FOREVER_US : units * UNIT_US;
}

void world_quiet(int units)
{
    k_usleep(MIN(units, QUIET_UNITS_ENOUGH) * UNIT_US);
}

/* Until they are here; where nobody receives, long enough for them to reach the UART. */
void world_frames(unsigned count)
{
    frames_ordered += count;
    order(PEER_SEND(count));
    for (unsigned ms = 0; frames_here() < frames_ordered && ms < PEER_PATIENCE_MS; ms++) {
        if (!uart_async_rx_is_enabled(async_of(uart)) && ms >= 30) {
            break;
        }
        k_msleep(1);
    }
}

/* Without the ability nobody asks for these two. */
void world_bad_frame(int errors)
{
    zassert_unreachable("errors %x", (unsigned)errors);
}

void world_late_frames(unsigned count)
{
    zassert_unreachable("%u frames", count);
}

void world_pass(unsigned frames)
{
    ARG_UNUSED(frames);
}

void world_drain(void)
{
    for (unsigned ms = 0; transmissions_running() > 0 && ms < PEER_PATIENCE_MS; ms++) {
        k_msleep(1);
    }
    zassert_equal(transmissions_running(), 0, "a transmission does not end");
}

/* The peer is the judge. */
bool world_wire_carried(size_t count)
{
    order(PEER_COMPARE);
    order(PEER_SEND((unsigned)count));
    return true;
}

ZTEST(uart_scripts, D2_events_of_static_buffers)
{
    scripts_play(STATIC);
}

#ifdef CONFIG_BOARD_REGIONS
static bool near_is_there(void)
{
    near = region_heap_alloc(REGION_DMA, 0, 0, 4 * (size_t)BUFFER_MAX);
    return near != NULL;
}

ZTEST(uart_scripts, D2_events_of_buffers_within_reach)
{
    if (near_is_there()) {
        scripts_play(NEAR);
        region_heap_free(near);
    }
}
#endif

#ifdef CONFIG_CORE_UART3
/* No memory is left to copy through: what needs a copy would be refused. */
ZTEST(uart_scripts, D11_static_buffers_within_reach_are_not_copied)
{
    void *blocks[100];
    unsigned count = 0;

    for (size_t bytes = 1 << 24; bytes >= 8; bytes /= 2) {
        while (count < ARRAY_SIZE(blocks) &&
               (blocks[count] = region_heap_alloc(REGION_DMA, 0, 0, bytes)) != NULL) {
            count++;
        }
    }
    zassert_true(count < ARRAY_SIZE(blocks));
    scripts_play(PLACED);
    while (count > 0) {
        region_heap_free(blocks[--count]);
    }
}
#endif
