/* SPDX-License-Identifier: Apache-2.0 */
/* Something happens at every register access of the driver in turn: no byte is lost, doubled or out
 * of order, and no buffer is forgotten. */
#include <errno.h>
#include <stdlib.h>

#include "uart.h"

ZTEST_SUITE(uart_sweeps, NULL, NULL, NULL, model_after, NULL);

static unsigned moment; /* the access */
static bool happened;
static void (*event)(void);

static bool is_locked(void)
{
    unsigned key = irq_lock();

    irq_unlock(key);
    return key != 0;
}

static void at_moment(unsigned access)
{
    if (!happened && access >= moment) {
        event();
    }
}

static void arm(unsigned access, void (*what)(void))
{
    moment = access;
    event = what;
    happened = false;
    model_accesses = 0;
    model_access_hook = at_moment;
}

static void disarm(void)
{
    model_access_hook = NULL;
}

static void frame_arrives(void)
{
    happened = model_frame_now(USART1);
}

/* A more urgent interrupt calls; while the lock is held it has to wait. */
static void program_aborts(void)
{
    if (!is_locked()) {
        happened = true;
        (void)uart_tx_abort(UART);
    }
}

static void program_disables(void)
{
    if (!is_locked()) {
        happened = true;
        (void)uart_rx_disable(UART);
    }
}

static void program_gives(void)
{
    if (!is_locked()) {
        happened = true;
        if (uart_rx_buf_rsp(UART, buffer('B'), 12) == 0) {
            uart_own('B');
        }
    }
}

/* 13 frames in three bursts into short buffers, with quiet times. */
static void receive_bursts(void)
{
    static const uint8_t bursts[] = {4, 8, 1};

    for (unsigned i = 0; i < ARRAY_SIZE(bursts); i++) {
        model_send(USART1, bursts[i]);
        model_run(bursts[i] + 3u);
        k_msleep(4);
    }
    /* For a frame that came while the last was told. */
    disarm();
    model_run(3);
    k_msleep(4);
}

static void sweep_frame(unsigned kind, bool interrupts_first, int32_t timeout_us)
{
    unsigned n = 0;

    do {
        uart_make(kind);
        model_interrupts_first = interrupts_first;
        answer_requests_with("*", 5);
        uart_own('A');
        arm(n, frame_arrives);
        zassert_ok(uart_rx_enable(UART, buffer('A'), 5, timeout_us));
        receive_bursts();
        disarm();
        zassert_equal(received_count(), model_arrived(USART1),
                      "frame at access %u: %u of %u told: %s", n, received_count(),
                      model_arrived(USART1), events_take());
        zassert_is_null(strchr(events_take(), '!'), "frame at access %u", n);
        uart_end();
        zassert_equal(model_violations, 0);
        n++;
    } while (happened);
    printk("# %u accesses%s%s, timeout %d us\n", n, kind == 0 ? "" : ", bounced",
           interrupts_first ? ", interrupts first" : "", (int)timeout_us);
    zassert_true(n > 100);
}

ZTEST(uart_sweeps, D1_frame_at_every_access)
{
    for (unsigned i = 0; i < 8; i++) {
        /* With a timeout of 0 no later expiry makes up for a missed idle line. */
        sweep_frame(i & 1, (i & 2) != 0, (i & 4) != 0 ? 0 : 2000);
    }
}

/* How many bytes the one event of a transmission tells. */
static size_t bytes_told(bool *aborted)
{
    const char *text = sent_events_take();
    const char *number = text + strcspn(text, "0123456789");

    *aborted = text[0] == 'a';
    zassert_equal_ptr(strchr(text, ' ') + 1, text + strlen(text), "one event, not \"%s\"", text);
    return (size_t)strtoul(number, NULL, 10);
}

/* Returns how often the abort came first. */
static unsigned sweep_abort(unsigned kind, unsigned frames)
{
    unsigned aborts = 0;
    unsigned n = 0;

    do {
        bool aborted;
        size_t told;

        uart_make(kind);
        uart_own('D');
        zassert_ok(uart_rx_enable(UART, buffer('D'), BUFFER_MAX, SYS_FOREVER_US));
        zassert_ok(send_bytes(buffer('A'), 40, SYS_FOREVER_US));
        model_run(frames);
        arm(n, program_aborts);
        for (unsigned i = 0; i < 15; i++) {
            model_send(USART1, 1); /* the line's interrupts look at the transmission, too */
            model_run(3);
        }
        disarm();
        if (!happened) {
            (void)uart_tx_abort(UART);
        }
        model_run(3);
        told = bytes_told(&aborted);
        zassert_true(wire_carried(told), "abort at access %u", n);
        zassert_true(aborted || told == 40);
        /* And again. */
        zassert_ok(send_bytes(buffer('A'), 40, SYS_FOREVER_US));
        model_run(45);
        zassert_true(sent_events_are("done40") && wire_carried(40));
        aborts += aborted;
        uart_end();
        zassert_equal(model_violations, 0);
        n++;
    } while (happened);
    return aborts;
}

ZTEST(uart_sweeps, D1_abort_at_every_access)
{
    unsigned aborts = 0;

    for (unsigned kind = 0; kind < BUFFER_KINDS; kind++) {
        for (unsigned frames = 0; frames <= 40; frames += 20) {
            aborts += sweep_abort(kind, frames);
        }
    }
    zassert_true(aborts > 50, "%u aborts", aborts);
}

ZTEST(uart_sweeps, D1_abort_after_every_number_of_frames)
{
    for (unsigned i = 0; i < 2 * 45; i++) {
        bool aborted;
        size_t told;

        uart_make(i & 1);
        zassert_ok(send_bytes(buffer('A'), 40, SYS_FOREVER_US));
        model_run(i / 2);
        (void)uart_tx_abort(UART);
        model_run(4);
        told = bytes_told(&aborted);
        zassert_true(wire_carried(told), "aborted after %u frames", i / 2);
        uart_end();
    }
}

static void sweep_program(unsigned kind, void (*what)(void))
{
    unsigned n = 0;

    do {
        unsigned told;

        uart_make(kind);
        uart_own('A');
        answer_requests_with(what == program_gives ? "" : "BCD", 6);
        arm(n, what);
        zassert_ok(uart_rx_enable(UART, buffer('A'), 6, 2000));
        receive_bursts();
        disarm();
        (void)uart_rx_disable(UART);
        model_run(1);
        /* All that was told was in order; it stopped at the disable, or when buffers ran out. */
        told = received_count();
        zassert_true(told <= model_arrived(USART1));
        zassert_true(strstr(events_take(), ". ") != NULL, "no end after access %u", n);
        /* The next reception works. */
        uart_end();
        zassert_equal(model_violations, 0);
        n++;
    } while (happened);
    zassert_true(n > 50);
}

ZTEST(uart_sweeps, D1_disable_at_every_access)
{
    sweep_program(0, program_disables);
    sweep_program(1, program_disables);
}

ZTEST(uart_sweeps, D1_buffer_given_at_every_access)
{
    sweep_program(0, program_gives);
    sweep_program(1, program_gives);
}

/* Polling out beside a stream. A frame's time ends just before an access, so that the core sees
 * room in the same moment as the stream does. */
static unsigned frame_accesses;

static void time_passes(unsigned access)
{
    if (access % frame_accesses == 0) {
        usart_model_frame();
    }
}

static void poll_beside_transmission(void)
{
    uint8_t wire[100];
    size_t count;
    unsigned polled = 0;
    unsigned next = 0;

    uart_make(0);
    zassert_ok(send_bytes(buffer('A'), 40, SYS_FOREVER_US));
    model_access_hook = time_passes;
    for (unsigned i = 0; i < 6; i++) {
        uart_poll_out(UART, (unsigned char)(0xf0 + i));
    }
    model_access_hook = NULL;
    model_run(60);
    zassert_true(sent_events_are("done40"));
    count = model_received(USART1, wire, sizeof(wire));
    zassert_equal(count, 46);
    zassert_true(memchr(wire, 0xf5, 30) != NULL, "the stream always comes first");
    for (size_t i = 0; i < count; i++) {
        if (wire[i] >= 0xf0) {
            zassert_equal(wire[i], 0xf0 + polled);
            polled++;
        } else {
            zassert_equal(wire[i], buffer('A')[next], "byte %u", next);
            next++;
        }
    }
    zassert_true(polled == 6 && next == 40);
    uart_end();
    zassert_equal(model_violations, 0);
}

ZTEST(uart_sweeps, D3_poll_out_beside_a_transmission)
{
    for (frame_accesses = 20; frame_accesses < 80; frame_accesses++) {
        poll_beside_transmission();
    }
}

/* Errors of the controller. */

ZTEST(uart_sweeps, D6_stream_refused_memory)
{
    uart_make(KIND_WRONG);
    zassert_ok(send_bytes(buffer('A'), 16, SYS_FOREVER_US));
    model_run(5);
    zassert_true(sent_events_are("abort0"));
    zassert_true(wire_carried(0));
    uart_own('A');
    uart_own('B');
    zassert_ok(uart_rx_enable(UART, buffer('A'), 16, SYS_FOREVER_US));
    zassert_ok(uart_rx_buf_rsp(UART, buffer('B'), 16));
    model_send(USART1, 1);
    model_run(1);
    zassert_true(events_are("? !1 -A -B ."));
    uart_end();
    zassert_equal(model_violations, 0);
}

ZTEST(uart_sweeps, D1_stream_that_does_not_stop_keeps_the_buffer)
{
    uart_make(0);
    uart_own('B');
    zassert_ok(uart_rx_enable(UART, buffer('B'), 16, SYS_FOREVER_US));
    zassert_ok(send_bytes(buffer('A'), 40, SYS_FOREVER_US));
    model_send(USART1, 3);
    model_run(5);
    model_stop_delay = UINT32_MAX;
    zassert_ok(uart_rx_disable(UART));
    zassert_ok(uart_tx_abort(UART));
    model_run(20);
    zassert_true(events_are("?"));
    /* The streams let go after all: at the next interrupt the buffers come back. */
    model_let_go();
    irq_pend(LINE_USART1);
    zassert_true(events_are("B0+3 -B .") && sent_events_are("abort7"));
    uart_end();
}

/* A copy that takes every turn of the bus that it gets must not cost a byte. */
ZTEST(uart_sweeps, D3_reception_comes_before_a_copy)
{
    struct dma_block_config block = {
        .source_address = SCRATCH, .dest_address = SCRATCH + 0x8000, .block_size = 0x7000};
    struct dma_config config = {
        .channel_direction = MEMORY_TO_MEMORY,
        .channel_priority = 2,
        .source_data_size = 1,
        .dest_data_size = 1,
        .block_count = 1,
        .head_block = &block,
    };

    uart_make(0);
    zassert_ok(dma_config(DEVICE_GET(dma2), 0, &config));
    zassert_ok(dma_start(DEVICE_GET(dma2), 0));
    uart_own('A');
    zassert_ok(uart_rx_enable(UART, buffer('A'), 10, SYS_FOREVER_US));
    model_send(USART1, 10);
    model_run(10);
    zassert_true(events_are("? A0+10 -A ."));
    uart_end();
}

ZTEST(uart_sweeps, polling_and_configuration)
{
    struct uart_config config;
    unsigned char character;

    board_before(NULL);
    zassert_ok(uart_config_get(DEVICE_GET(usart2), &config));
    zassert_equal(config.baudrate, 115200);
    config.baudrate = 9600;
    zassert_ok(uart_configure(DEVICE_GET(usart2), &config));
    config.baudrate = 84000000;
    zassert_equal(uart_configure(DEVICE_GET(usart2), &config), -ENOTSUP);
    zassert_equal(uart_tx(DEVICE_GET(usart2), (const uint8_t *)"x", 1, 0), -ENOTSUP);
    zassert_equal(uart_rx_enable(DEVICE_GET(usart2), at(SRAM), 1, 0), -ENOTSUP);
    uart_poll_out(DEVICE_GET(usart2), 'x');
    model_run(3);
    zassert_equal(model_received(USART2, &character, 1), 1);
    zassert_equal(character, 'x');
    model_send(USART2, 1);
    zassert_equal(uart_poll_in(DEVICE_GET(usart2), &character), -1);
    model_run(1);
    zassert_ok(uart_poll_in(DEVICE_GET(usart2), &character));
    zassert_equal(character, 0);
    model_send_bad(USART2, USART_SR_NF);
    model_run(1);
    zassert_ok(uart_poll_in(DEVICE_GET(usart2), &character));
    zassert_equal(uart_err_check(DEVICE_GET(usart2)), UART_ERROR_NOISE);
    zassert_equal(uart_err_check(DEVICE_GET(usart2)), 0);
}

/* A long run of everything at once. */

static uint32_t seed;

static unsigned random_below(unsigned limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

ZTEST(uart_sweeps, D1_random_bursts_in_both_directions)
{
    uint8_t wire[64];
    size_t sent = 0;
    size_t carried = 0;
    unsigned total = 0;

    seed = 11;
    for (unsigned round = 0; round < 300; round++) {
        uart_make(round & 1);
        model_interrupts_first = (round & 2) != 0;
        uart_own('A');
        answer_requests_with("*", 3 + random_below(40));
        zassert_ok(uart_rx_enable(UART, buffer('A'), 1 + random_below(40),
                                  (int32_t)random_below(3) * 1000));
        while (model_arrived(USART1) < 150) {
            if (random_below(3) == 0) {
                (void)send_bytes((const uint8_t *)(uintptr_t)FLASH, 1 + random_below(30),
                                 SYS_FOREVER_US);
            }
            if (random_below(6) == 0) {
                (void)uart_tx_abort(UART);
            }
            model_send(USART1, random_below(9));
            model_run(random_below(12));
            carried += model_received(USART1, wire, sizeof(wire));
            if (random_below(4) == 0) {
                k_msleep(1);
            }
        }
        model_run(200);
        k_msleep(5);
        zassert_equal(received_count(), model_arrived(USART1), "round %u: %u of %u: %s", round,
                      received_count(), model_arrived(USART1), events_take());
        total += received_count();
        (void)uart_tx_abort(UART);
        model_run(3);
        carried += model_received(USART1, wire, sizeof(wire));
        sent = transmitted_count();
        zassert_equal(sent, carried, "round %u: %zu told, %zu on the wire", round, sent, carried);
        zassert_is_null(strchr(events_take(), '!'));
        carried = 0;
        uart_end();
        zassert_equal(model_violations, 0);
    }
    printk("# %u bytes received\n", total);
}
