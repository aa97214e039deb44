/* SPDX-License-Identifier: Apache-2.0 */
/* Calls to the emulator or debugger that the program runs under (Arm semihosting 2.0). */
#pragma once

#include "../lib/util.h"

enum semihost_instr {
    SEMIHOST_WRITEC = 0x03,      /* args: the character */
    SEMIHOST_GET_CMDLINE = 0x15, /* args: {char *where, size_t bytes} */
};

/* Asks for `instr` with its argument block and returns the answer. Without CONFIG_SEMIHOST there is
 * nobody to ask: -1. Context: any. */
long semihost_exec(enum semihost_instr instr, void *args);

/*
 * Stores the words that the program was started with, joined by blanks, NUL-terminated. Context:
 * any. Fails iff: -ENOTSUP nobody to ask, or they do not fit (*buffer is then ""). Bound: constant.
 */
int semihost_command_line(char *buffer, size_t buffer_bytes);
