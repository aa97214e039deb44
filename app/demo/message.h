/* SPDX-License-Identifier: Apache-2.0 */
/* A line on its way from the reader through a worker to the writer. */
#pragma once

#include <zephyr/kernel.h>

#define LINE_MAX_BYTES 4096u
#define EXCERPT_BYTES  40u

struct message {
    struct message *next_job;      /* in the workers' queue */
    struct message *next_to_write; /* in input order */
    uint32_t number;               /* of the line, from 1 */
    uint32_t length;               /* bytes of the line, without its LF */
    uint32_t crc;
    bool summed; /* `crc` is valid: protected by the writer's lock */
    uint8_t bytes[];
};

/* A longer line is only reported; its message holds no more than the excerpt. */
static inline bool message_is_skipped(const struct message *message)
{
    return message->length > LINE_MAX_BYTES;
}

/* Where the messages live. */
extern struct k_heap messages;
