/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts the input into lines. LF ends a line and is no part of it; CR is an ordinary byte. 0x04 ends
 * the input; 0x10 (DLE) makes the next byte an ordinary part of the text, so that any file can be
 * sent: the sender puts 0x10 before each 0x04 and 0x10.
 */
#pragma once

#include "message.h"

#define BYTE_END   0x04u
#define BYTE_QUOTE 0x10u

enum line_event {
    LINE_GOES_ON,
    LINE_COMPLETE,
    LINE_INPUT_ENDS, /* length > 0: there is a last line without its LF */
};

struct line {
    uint8_t *bytes;  /* room for LINE_MAX_BYTES; what is beyond is only counted */
    uint32_t length; /* without LF */
    uint64_t total;  /* bytes of all lines, quoting undone, LF included */
    bool quoted;     /* the last byte was DLE */
};

/* Takes the next byte of the input. After LINE_COMPLETE the caller resets `length`. */
enum line_event line_add(struct line *line, uint8_t byte);

/* Forgets the last character of the line, if there is one: in UTF-8 (RFC 3629 section 3) its bytes
 * after the first have the form 10xxxxxx. */
void line_take_back(struct line *line);
