/* SPDX-License-Identifier: Apache-2.0 */
/* The model as a world for the scripts. */
#include "../uart_scripts/world.h"
#include "uart.h"

static uint8_t *four[4];

static void let_the_buses_run(void)
{
    if (model_access_hook != NULL) {
        model_access_hook(model_accesses); /* nothing is locked here either */
        model_settle_lines();
        model_beats(MODEL_BEATS);
    }
}

static bool is_static(const uint8_t *bytes)
{
    return (uintptr_t)bytes - IMAGE < IMAGE_BYTES;
}

void uart_make(unsigned kind)
{
    static const struct region_need needs[] = {
        {.must = REGION_DMA, .must_not = REGION_RETAINED},
        {.must = REGION_FAST, .must_not = REGION_DMA},
        {.must = REGION_DMA | REGION_RETAINED},
        {.must = REGION_DMA_BY(2), .must_not = REGION_DMA},
    };

    board_before(NULL);
    for (unsigned i = 0; i < 4; i++) {
        four[i] = kind == KIND_STATIC ? at(IMAGE + BUFFER_MAX * i)
                                      : region_heap_request(&needs[kind], 0, BUFFER_MAX, K_NO_WAIT);
        zassert_not_null(four[i]);
    }
    event_hook = let_the_buses_run;
    events_begin(UART, four);
}

void uart_end(void)
{
    events_end();
    (void)uart_rx_disable(UART);
    (void)uart_tx_abort(UART);
    model_run(2);
    zassert_true(buffers_are_back());
    zassert_equal(transmissions_running(), 0, "%d transmissions without one end",
                  (int)transmissions_running());
    for (unsigned i = 0; i < 4; i++) {
        if (!is_static(four[i])) {
            region_heap_free(four[i]);
        }
    }
    zassert_true(region_heap_validate());
}

bool wire_carried(size_t count)
{
    uint8_t wire[BUFFER_MAX + 1];
    size_t got = model_received(USART1, wire, sizeof(wire));

    if (got != count || memcmp(wire, buffer('A'), MIN(count, (size_t)BUFFER_MAX)) != 0) {
        printk("# %zu bytes on the wire, expected %zu\n", got, count);
        return false;
    }
    return true;
}

unsigned world_abilities(void)
{
    return FRAME_TIME | BAD_FRAMES | IDLE_LINE;
}

const struct device *world_make(unsigned kind)
{
    uart_make(kind);
    return UART;
}

void world_end(void)
{
    uart_end();
}

int32_t world_microseconds(int units)
{
    return units == -1 ? SYS_FOREVER_US : units * 1000;
}

void world_quiet(int units)
{
    k_msleep(units);
}

void world_frames(unsigned count)
{
    model_send(USART1, count);
    model_run(count);
}

void world_bad_frame(int errors)
{
    model_send_bad(USART1, (uint32_t)errors);
}

void world_late_frames(unsigned count)
{
    unsigned key = irq_lock();

    /* The stream is stopped by the lock's owner, so that DR fills up, as when the bus is taken. */
    model_dma_frozen = true;
    model_send(USART1, count);
    model_run(count);
    irq_unlock(key);
    model_dma_frozen = false;
}

void world_pass(unsigned frames)
{
    model_run(frames);
}

void world_drain(void)
{
    for (unsigned patience = 0; transmissions_running() > 0 && patience < 1000; patience++) {
        model_run(1);
    }
    model_run(2); /* what the USART itself still holds */
}

bool world_wire_carried(size_t count)
{
    return wire_carried(count);
}
