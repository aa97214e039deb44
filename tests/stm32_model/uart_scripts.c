/* SPDX-License-Identifier: Apache-2.0 */
/*
 * D2: scripts of actions, each with the exact sequence of events. The same table runs with buffers
 * that the DMA reaches and with buffers that have to be bounced.
 */
#include <errno.h>

#include "uart.h"

enum what {
    END,     /* of the script */
    TX,      /* `a` bytes of buffer A, timeout of `b` ms or 0 */
    CHAIN,   /* `a` further transmissions of `b` bytes from TX_DONE */
    ABORT,   /* result `a` */
    ENABLE,  /* buffer `name` of `a` bytes, timeout of `b` ms, 0 or -1 */
    GIVE,    /* uart_rx_buf_rsp: buffer `name` of `a` bytes; result `b` */
    ANSWER,  /* requests, with the buffers `text` of `a` bytes */
    DISABLE, /* result `a` */
    FRAMES,  /* `a` arrive, one after another */
    BAD,     /* a frame with the errors `a` of SR */
    LATE,    /* `a` frames arrive while interrupts are locked */
    PASS,    /* `a` frames' time */
    QUIET,   /* `a` ms */
    SEE,     /* the events so far are `text` */
    WIRE,    /* carried `a` bytes of buffer A */
    POLL_IN, /* result `a` */
};

struct action {
    enum what what;
    int a;
    int b;
    char name;
    const char *text;
};

struct script {
    const char *title;
    struct action actions[24];
};

static const struct script scripts[] = {
    {"one buffer, two bursts",
     {{ENABLE, .a = 10, .b = 5, .name = 'A'},
      {SEE, .text = "?"},
      {FRAMES, .a = 5},
      {PASS, .a = 2},
      {SEE, .text = ""},
      {QUIET, .a = 8},
      {SEE, .text = "A0+5"},
      {FRAMES, .a = 5},
      {SEE, .text = "A5+5 -A ."},
      {POLL_IN, .a = -1}}},
    {"next buffer in use when the first is full",
     {{ANSWER, .a = 8, .text = "BCD"},
      {ENABLE, .a = 8, .b = 5, .name = 'A'},
      {FRAMES, .a = 10},
      {SEE, .text = "? A0+8 -A ?"},
      {PASS, .a = 2},
      {QUIET, .a = 8},
      {SEE, .text = "B0+2"},
      {FRAMES, .a = 14},
      {SEE, .text = "B2+6 -B ? C0+8 -C ?"},
      {DISABLE, .a = 0},
      {SEE, .text = "-D ."}}},
    {"disable tells what has come and releases both",
     {{ANSWER, .a = 20, .text = "B"},
      {ENABLE, .a = 20, .b = -1, .name = 'A'},
      {FRAMES, .a = 7},
      {PASS, .a = 3},
      {QUIET, .a = 50},
      {SEE, .text = "?"},
      {DISABLE, .a = 0},
      {SEE, .text = "A0+7 -A -B ."},
      {DISABLE, .a = -EFAULT},
      {FRAMES, .a = 2},
      {PASS, .a = 3},
      {SEE, .text = ""}}},
    {"disable before anything has come",
     {{ENABLE, .a = 20, .b = 5, .name = 'A'}, {DISABLE, .a = 0}, {SEE, .text = "? -A ."}}},
    {"disable in the middle of a burst",
     {{ENABLE, .a = 20, .b = 5, .name = 'A'},
      {FRAMES, .a = 3},
      {DISABLE, .a = 0},
      {SEE, .text = "? A0+3 -A ."}}},
    {"buffer given late, twice and too late",
     {{ENABLE, .a = 4, .b = 5, .name = 'A'},
      {FRAMES, .a = 2},
      {GIVE, .a = 4, .b = 0, .name = 'B'},
      {GIVE, .a = 4, .b = -EBUSY, .name = 'C'},
      {FRAMES, .a = 3},
      {SEE, .text = "? A0+4 -A ?"},
      {FRAMES, .a = 3},
      {SEE, .text = "B0+4 -B ."},
      {GIVE, .a = 4, .b = -EACCES, .name = 'C'}}},
    {"for ever: only when the buffer is full",
     {{ENABLE, .a = 16, .b = -1, .name = 'A'},
      {FRAMES, .a = 15},
      {PASS, .a = 3},
      {QUIET, .a = 100},
      {SEE, .text = "?"},
      {FRAMES, .a = 1},
      {SEE, .text = "A0+16 -A ."}}},
    {"timeout 0: at the idle line",
     {{ENABLE, .a = 16, .b = 0, .name = 'A'},
      {FRAMES, .a = 3},
      {SEE, .text = "?"},
      {PASS, .a = 1},
      {SEE, .text = "A0+3"},
      {FRAMES, .a = 1},
      {PASS, .a = 1},
      {SEE, .text = "A3+1"}}},
    {"frame that came before reception was on",
     {{FRAMES, .a = 1},
      {PASS, .a = 2},
      {ENABLE, .a = 16, .b = 0, .name = 'A'},
      {PASS, .a = 2},
      {SEE, .text = "? A0+1"}}},
    {"overrun before reception was on is forgotten",
     {{FRAMES, .a = 0},
      {BAD, .a = USART_SR_NF},
      {BAD, .a = USART_SR_FE},
      {PASS, .a = 4},
      {ENABLE, .a = 16, .b = 0, .name = 'A'},
      {FRAMES, .a = 2},
      {PASS, .a = 2},
      {SEE, .text = "? A0+2"}}},
    {"framing error ends reception",
     {{ANSWER, .a = 16, .text = "B"},
      {ENABLE, .a = 16, .b = 5, .name = 'A'},
      {FRAMES, .a = 3},
      {PASS, .a = 2},
      {QUIET, .a = 8},
      {SEE, .text = "? A0+3"},
      {BAD, .a = USART_SR_FE},
      {PASS, .a = 1},
      {SEE, .text = "!4 A3+1 -A -B ."}}},
    {"frames that nobody fetches: the last good one is saved",
     {{ENABLE, .a = 16, .b = 5, .name = 'A'},
      {FRAMES, .a = 2},
      {LATE, .a = 3},
      {SEE, .text = "? !1 A0+3 -A ."}}},
    {"second enable",
     {{ENABLE, .a = 4, .b = 5, .name = 'A'},
      {POLL_IN, .a = -EBUSY},
      {FRAMES, .a = 4},
      {SEE, .text = "? A0+4 -A ."},
      {ENABLE, .a = 4, .b = 5, .name = 'A'},
      {FRAMES, .a = 4},
      {SEE, .text = "? A0+4 -A ."}}},
    {"longer than what can be bounced at a time",
     {{ANSWER, .a = 50, .text = "B"},
      {ENABLE, .a = 50, .b = 5, .name = 'A'},
      {FRAMES, .a = 60},
      {SEE, .text = "? A0+50 -A ?"},
      {PASS, .a = 2},
      {QUIET, .a = 8},
      {SEE, .text = "B0+10"}}},
    {"transmission",
     {{TX, .a = 20, .b = 0},
      {PASS, .a = 10},
      {SEE, .text = ""},
      {PASS, .a = 12},
      {SEE, .text = "done20"},
      {WIRE, .a = 20},
      {ABORT, .a = -EFAULT}}},
    {"transmission of one byte",
     {{TX, .a = 1, .b = 0}, {PASS, .a = 3}, {SEE, .text = "done1"}, {WIRE, .a = 1}}},
    {"transmissions from TX_DONE",
     {{CHAIN, .a = 3, .b = 5},
      {TX, .a = 5, .b = 0},
      {PASS, .a = 40},
      {SEE, .text = "done5 done5 done5 done5"}}},
    {"abort",
     {{TX, .a = 20, .b = 0},
      {PASS, .a = 10},
      {ABORT, .a = 0},
      {SEE, .text = "abort12"},
      {PASS, .a = 5},
      {WIRE, .a = 12},
      {ABORT, .a = -EFAULT}}},
    {"transmission that takes too long",
     {{TX, .a = 20, .b = 3},
      {PASS, .a = 3},
      {QUIET, .a = 6},
      {SEE, .text = "abort5"},
      {PASS, .a = 5},
      {WIRE, .a = 5}}},
    {"both directions",
     {{ANSWER, .a = 8, .text = "C"},
      {ENABLE, .a = 8, .b = 5, .name = 'B'},
      {TX, .a = 12, .b = 0},
      {FRAMES, .a = 12},
      {PASS, .a = 3},
      {SEE, .text = "? B0+8 -B ? done12"},
      {WIRE, .a = 12},
      {QUIET, .a = 8},
      {SEE, .text = "C0+4"}}},
};

static int32_t microseconds(int milliseconds)
{
    return milliseconds == -1 ? SYS_FOREVER_US : milliseconds * 1000;
}

static void send_late(unsigned frames)
{
    unsigned key = irq_lock();

    /* The stream is stopped by the lock's owner, so that DR fills up, as when the bus is taken. */
    model_dma_frozen = true;
    model_send(USART1, frames);
    model_run(frames);
    irq_unlock(key);
    model_dma_frozen = false;
}

static void act(const struct action *action)
{
    unsigned char character;

    switch (action->what) {
    case END:
        break;
    case TX:
        zassert_ok(uart_tx(UART, buffer('A'), (size_t)action->a, microseconds(action->b)));
        /* DR and the shift register take two bytes at once. */
        zassert_true(action->a <= 2 || uart_tx(UART, buffer('A'), 1, 0) == -EBUSY);
        break;
    case CHAIN:
        chain_transmissions((unsigned)action->a, (size_t)action->b);
        break;
    case ABORT:
        zassert_equal(uart_tx_abort(UART), action->a);
        break;
    case ENABLE:
        uart_own(action->name);
        zassert_ok(
            uart_rx_enable(UART, buffer(action->name), (size_t)action->a, microseconds(action->b)));
        zassert_equal(uart_rx_enable(UART, buffer('D'), 1, 0), -EBUSY);
        break;
    case GIVE:
        zassert_equal(uart_rx_buf_rsp(UART, buffer(action->name), (size_t)action->a), action->b);
        if (action->b == 0) {
            uart_own(action->name);
        }
        break;
    case ANSWER:
        answer_requests_with(action->text, (size_t)action->a);
        break;
    case DISABLE:
        zassert_equal(uart_rx_disable(UART), action->a);
        break;
    case FRAMES:
        model_send(USART1, (size_t)action->a);
        model_run((unsigned)action->a);
        break;
    case BAD:
        model_send_bad(USART1, (uint32_t)action->a);
        break;
    case LATE:
        send_late((unsigned)action->a);
        break;
    case PASS:
        model_run((unsigned)action->a);
        break;
    case QUIET:
        k_msleep(action->a);
        break;
    case SEE:
        zassert_true(events_are(action->text));
        break;
    case WIRE:
        zassert_true(wire_carried((size_t)action->a));
        break;
    case POLL_IN:
        zassert_equal(uart_poll_in(UART, &character), action->a);
        break;
    }
}

ZTEST_SUITE(uart_scripts, NULL, NULL, NULL, model_after, NULL);

static void run(const struct script *script, unsigned kind)
{
    printk("# %s%s\n", script->title, kind == 0 ? "" : ", bounced");
    uart_make(kind);
    for (const struct action *action = script->actions; action->what != END; action++) {
        act(action);
    }
    uart_end();
}

ZTEST(uart_scripts, D2_events_of_buffers_within_reach)
{
    for (unsigned i = 0; i < ARRAY_SIZE(scripts); i++) {
        run(&scripts[i], 0);
    }
}

ZTEST(uart_scripts, D2_events_of_buffers_out_of_reach)
{
    for (unsigned i = 0; i < ARRAY_SIZE(scripts); i++) {
        run(&scripts[i], 1);
    }
}
