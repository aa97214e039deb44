/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <errno.h>
#include <string.h>

#include "../../kernel/region_heap.h"
#include "input.h"
#include "line.h"
#include "terminal.h"
#include "worker.h"
#include "writer.h"

Z_HEAP_DEFINE_IN_SECT(messages, CONFIG_DEMO_HEAP_BYTES, __noinit);

/* Waits as long as it takes: the writer frees what was written. */
static struct message *new_message(size_t bytes, struct reader_result *result)
{
    int64_t since = k_uptime_get();
    struct message *message = k_heap_alloc(&messages, sizeof(*message) + bytes, K_FOREVER);
    uint64_t waited_ms = (uint64_t)(k_uptime_get() - since);

    result->waited_ms += waited_ms;
    result->longest_wait_ms = MAX(result->longest_wait_ms, waited_ms);
    return message;
}

static void submit(const struct line *line, struct reader_result *result)
{
    bool skipped = line->length > LINE_MAX_BYTES;
    size_t kept = skipped ? EXCERPT_BYTES : line->length;
    struct message *message = new_message(kept, result);

    result->lines++;
    result->skipped += skipped;
    message->number = result->lines;
    message->length = line->length;
    memcpy(message->bytes, line->bytes, kept);
    writer_expect(message);
    workers_submit(message);
}

/* False: the input has ended. */
static bool take(struct line *line, uint8_t byte, struct reader_result *result)
{
    enum line_event event;

    if (!terminal_typed(line, &byte)) {
        return true;
    }
    event = line_add(line, byte);
    if (event == LINE_COMPLETE || (event == LINE_INPUT_ENDS && line->length > 0)) {
        submit(line, result);
        line->length = 0;
    }
    return event != LINE_INPUT_ENDS;
}

static void read_to_end(struct line *line, struct reader_result *result)
{
    for (;;) {
        const uint8_t *bytes;
        size_t count = input_get(&bytes);

        for (size_t i = 0; i < count; i++) {
            if (!take(line, bytes[i], result)) {
                return;
            }
        }
    }
}

int reader_run(struct reader_result *result)
{
    /* Only the core touches it. */
    const struct region_need need = {.prefer = REGION_FAST};
    struct line line = {.bytes = region_heap_request(&need, 0, LINE_MAX_BYTES, K_NO_WAIT)};

    if (line.bytes == NULL) {
        return -ENOMEM;
    }
    read_to_end(&line, result);
    result->bytes = line.total;
    region_heap_free(line.bytes);
    return 0;
}
