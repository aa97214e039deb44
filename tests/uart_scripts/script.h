/* SPDX-License-Identifier: Apache-2.0 */
/*
 * D2: scripts of actions, each with the exact sequence of events, played by every asynchronous
 * driver: on the STM32's model (tests/stm32_model) and in QEMU with a peer (scripts.t). Events of
 * the two directions are independent of each other, so each has its own text:
 *
 *     ?         RX_BUF_REQUEST          A0+5   RX_RDY of 5 bytes of A from 0
 *     -A        RX_BUF_RELEASED         .      RX_DISABLED
 *     !1        RX_STOPPED, reason 1    done5  TX_DONE    abort3  TX_ABORTED
 *
 * Received bytes are checked when they are told: the outside numbers its frames.
 */
#pragma once

#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

enum what {
    END,     /* of the script */
    TX,      /* `a` bytes of buffer A, time limit of `b` units or 0 */
    BUSY,    /* a second transmission is refused */
    CHAIN,   /* `a` further transmissions of `b` bytes from TX_DONE */
    ABORT,   /* result `a` */
    ENABLE,  /* buffer `name` of `a` bytes, quiet time of `b` units, 0 or -1 */
    GIVE,    /* uart_rx_buf_rsp: buffer `name` of `a` bytes; result `b` */
    ANSWER,  /* requests, with the buffers `text` of `a` bytes */
    DISABLE, /* result `a` */
    LOCK,    /* the driver's interrupt has to wait until UNLOCK */
    UNLOCK,
    FRAMES,  /* `a` arrive, one after another */
    BAD,     /* a frame with the errors `a` of the STM32's SR */
    LATE,    /* `a` frames arrive while interrupts are locked */
    PASS,    /* `a` frames' time, shorter than any quiet time */
    QUIET,   /* `a` units, longer than any quiet time but -1 */
    DRAIN,   /* until every transmission has ended */
    SEE,     /* the events of reception so far are `text` */
    SENT,    /* those of transmission */
    WIRE,    /* carried `a` bytes of buffer A */
    POLL_IN, /* result `a` */
};

/* What not every world can do; bits of `needs` and of world_abilities. */
#define FRAME_TIME BIT(0) /* a frame on the wire takes time, and the world tells how long */
#define BAD_FRAMES BIT(1) /* frames with errors, and frames that nobody fetches */
#define IDLE_LINE  BIT(2) /* quiet time 0 is the idle line; without it, each byte is told */
#define EACH_BYTE  BIT(3)

struct action {
    enum what what;
    int a;
    int b;
    char name;
    const char *text;
};

struct script {
    const char *title;
    unsigned needs;
    struct action actions[24];
};

extern const struct script scripts[];
extern const unsigned script_count;

/* Plays those that the world can, all with buffers of this kind. */
void scripts_play(unsigned kind);
