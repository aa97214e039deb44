/* SPDX-License-Identifier: Apache-2.0 */
/* What a person at a terminal expects: a word of welcome, an echo, a way to correct. */
#pragma once

#include <zephyr/drivers/uart.h>

#include "line.h"

/* Greets if the program was started with the word "terminal", which the run script passes when its
 * standard input is one. */
void terminal_start(const struct device *uart);

/*
 * Takes a byte that was typed; returns false when it is done with it (backspace takes back the last
 * character, Ctrl-U all of the line), otherwise *byte is what the line gets: CR and LF end it.
 * Without a terminal every byte is passed on as it is.
 */
bool terminal_typed(struct line *line, uint8_t *byte);
