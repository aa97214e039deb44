/* SPDX-License-Identifier: Apache-2.0 */
/* What happens on a line, and which events that must give: for the half of the drivers that knows
 * no registers (order.c here) and for real drivers (tests/uart_loop). */
#pragma once

/*
 * Actions: E<n> enable with n bytes and a quiet time, F<n> without one, Z<n> with 0, N<n> answer
 * with n bytes, a<n> answer every request with n bytes, b<n> bytes arrive, t the line is quiet, d
 * disable, o overrun, i only the interrupt, ( ) nothing interrupts in between.
 */
struct script {
    const char *name;
    const char *actions;
    const char *events;
};

static const struct script scripts[] = {
    {"enable asks for a buffer", "E4 i", "Q"},
    {"quiet line", "E9 b3 t", "Q R0+3"},
    {"quiet line, twice", "E9 b3 t b2 t", "Q R0+3 R3+2"},
    {"quiet without bytes", "E9 t t", "Q"},
    {"quiet after everything was told", "E9 b3 t t t", "Q R0+3"},
    {"no quiet time: only when full", "F9 b3 t b3 t b3", "Q R0+9 L0 D"},
    {"quiet time 0: every byte", "Z3 b2", "Q R0+1 R1+1"},
    {"full without a next buffer", "E4 b4", "Q R0+4 L0 D"},
    {"full after a part was told", "E4 b3 t b1", "Q R0+3 R3+1 L0 D"},
    {"full with a next buffer", "E4 i N3 b4", "Q R0+4 L0 Q"},
    {"through three buffers", "a3 E4 b10", "Q R0+4 L0 Q R0+3 L1 Q R0+3 L0 Q"},
    {"disable at once", "( E4 d ) i", "L0 D"},
    {"disable before a byte", "E4 i d i", "Q L0 D"},
    {"disable with unreported bytes", "E4 b2 d i", "Q R0+2 L0 D"},
    {"disable with reported bytes", "E4 b2 t d i", "Q R0+2 L0 D"},
    {"disable releases the next buffer, too", "a5 E4 b2 d i", "Q R0+2 L0 L1 D"},
    {"nothing comes after disable", "a5 E4 b2 d i b5 t", "Q R0+2 L0 L1 D"},
    {"bytes after disable, before its interrupt", "E4 b2 d b2", "Q R0+2 L0 D"},
    {"overrun", "a5 E4 b2 o", "Q S1 R0+2 L0 L1 D"},
    {"overrun without bytes", "E4 i o", "Q S1 L0 D"},
    {"again after disable", "E4 b1 d i E4 b4", "Q R0+1 L0 D Q R0+4 L0 D"},
    {"again after full", "E2 b2 E2 b2", "Q R0+2 L0 D Q R0+2 L0 D"},
    {"one byte buffers", "a1 E1 b4", "Q R0+1 L0 Q R0+1 L1 Q R0+1 L0 Q R0+1 L1 Q"},
};
