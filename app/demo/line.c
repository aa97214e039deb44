/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

static void append(struct line *line, uint8_t byte)
{
    if (line->length < LINE_MAX_BYTES) {
        line->bytes[line->length] = byte;
    }
    line->length++;
}

enum line_event line_add(struct line *line, uint8_t byte)
{
    if (!line->quoted) {
        if (byte == BYTE_END) {
            return LINE_INPUT_ENDS;
        }
        if (byte == BYTE_QUOTE) {
            line->quoted = true;
            return LINE_GOES_ON;
        }
    }
    line->quoted = false;
    line->total++;
    if (byte == '\n') {
        return LINE_COMPLETE;
    }
    append(line, byte);
    return LINE_GOES_ON;
}

static bool continues_character(const struct line *line, uint32_t at)
{
    return at < LINE_MAX_BYTES && (line->bytes[at] & 0xc0u) == 0x80u;
}

void line_take_back(struct line *line)
{
    bool more = line->length > 0;

    while (more) {
        line->length--;
        line->total--;
        more = line->length > 0 && continues_character(line, line->length);
    }
}
