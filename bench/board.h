/* SPDX-License-Identifier: Apache-2.0 */
/* What a measuring image needs of the machine: a place to write lines to, arguments, and an end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Writes text to the UART. */
void board_write(const char *text);

/* Writes "key value value ...\n". */
void board_report(const char *key, uint32_t count, const uint32_t *values);
#define REPORT(key, ...)                                                                           \
    board_report(key, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t),                        \
                 (uint32_t[]){__VA_ARGS__})

/* Whether `word` is an argument of the image (semihosting), or it has no arguments at all. */
bool board_wants(const char *word);

/* The number n of the argument "word=n"; `otherwise` without such an argument. */
uint32_t board_number(const char *word, uint32_t otherwise);

/* Ends the emulator with `status`. */
_Noreturn void board_exit(int status);

/* Says why and ends with status 1. */
_Noreturn void board_fail(const char *why);
