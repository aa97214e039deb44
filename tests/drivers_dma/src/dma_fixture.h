/* SPDX-License-Identifier: Apache-2.0 */
/* A channel of dma1, two buffers that it reaches, and a record of what its callback was told. */
#pragma once

#include <errno.h>
#include <zephyr/drivers/dma.h>
#include <zephyr/ztest.h>

#define BUFFER_BYTES 20000u
#define MAX_CALLS    8u

struct record {
    struct k_sem told;
    unsigned count;
    int statuses[MAX_CALLS];
    void (*also)(const struct device *dev, uint32_t channel, int status); /* may be NULL */
};

extern struct record record;
extern const struct device *dma;
extern uint32_t channel;
extern uint8_t *from;
extern uint8_t *to;

/* before and after of every suite here */
void dma_before(void *fixture);
void dma_after(void *fixture);

/* A block from `from` + offset to `to` + offset. */
struct dma_block_config block_of(size_t offset, size_t bytes);

/* Byte-wide, one block, record as callback. */
struct dma_config config_of(struct dma_block_config *block);

/* Waits for the next call of the callback and returns its status; INT_MAX: none within 250 ms. */
int next_status(void);
