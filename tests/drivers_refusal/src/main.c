/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bounce switched off and the DMA sent, on purpose, to memory that only the core may reach: the
 * hardware refuses and says so. tests/drivers_uart shows the same buffers with the bounce. The peer
 * on uart1 sends back what it gets (tests/drivers_uart/loop.t).
 */
#include "../../../drivers/sse200_security.h"
#include "../../../kernel/region_heap.h"
#include "../../drivers_uart/src/end.h"

#define TEXT       "SECRET"
#define TEXT_BYTES 6u

static bool has_peer(const void *state)
{
    ARG_UNUSED(state);
    return started_with(" calm");
}

static uint8_t *near_memory;
static uint8_t *core_only;

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    near_memory = region_heap_alloc(REGION_DMA, 0, 0, 64);
    core_only = region_heap_alloc(0, REGION_DMA, 0, 64);
    zassert_true(near_memory != NULL && core_only != NULL);
    ends_reset();
}

static void after(void *fixture)
{
    ARG_UNUSED(fixture);
    region_heap_free(near_memory);
    region_heap_free(core_only);
}

ZTEST_SUITE(refusal, has_peer, NULL, before, after, NULL);

static struct sse200_violations violations(void)
{
    struct sse200_violations seen;

    sse200_violations_get(&seen);
    return seen;
}

/* The non-secure name of the address, which is what the guard reports. */
static uintptr_t as_reported(const void *address)
{
    return (uintptr_t)address & ~(uintptr_t)0x10000000;
}

ZTEST(refusal, test_D6_send_from_core_only_memory)
{
    uint8_t got[TEXT_BYTES];
    uint8_t zeros[TEXT_BYTES] = {0};
    uint32_t refused = violations().count;

    memcpy(core_only, TEXT, TEXT_BYTES);
    end_listen(&echo, near_memory, NULL, TEXT_BYTES, SYS_FOREVER_US);
    zassert_equal(end_send(&echo, core_only, TEXT_BYTES, SYS_FOREVER_US), TEXT_BYTES);
    zassert_equal(end_take(&echo, got, TEXT_BYTES), TEXT_BYTES);
    zassert_mem_equal(got, zeros, TEXT_BYTES, "the secret was on the wire");
    zassert_equal(violations().count, refused + TEXT_BYTES, "not every beat was reported");
    zassert_equal(violations().address, as_reported(core_only + TEXT_BYTES - 1));
    end_hang_up(&echo);
}

ZTEST(refusal, test_D6_receive_into_core_only_memory)
{
    uint32_t refused;

    memset(core_only, 0x55, TEXT_BYTES);
    memcpy(near_memory, TEXT, TEXT_BYTES);
    end_listen(&echo, core_only, NULL, TEXT_BYTES, SYS_FOREVER_US);
    refused = violations().count;
    zassert_equal(end_send(&echo, near_memory, TEXT_BYTES, SYS_FOREVER_US), TEXT_BYTES);
    zassert_ok(k_sem_take(&echo.disabled, K_SECONDS(10)));
    zassert_false(echo.on);
    for (unsigned i = 0; i < TEXT_BYTES; i++) {
        zassert_equal(core_only[i], 0x55, "byte %u was overwritten", i);
    }
    zassert_equal(violations().count, refused + TEXT_BYTES, "not every beat was reported");
}

ZTEST(refusal, test_memory_in_reach_needs_no_bounce)
{
    uint8_t got[TEXT_BYTES];
    uint32_t refused = violations().count;

    memcpy(near_memory, TEXT, TEXT_BYTES);
    end_listen(&echo, near_memory + 32, NULL, TEXT_BYTES, SYS_FOREVER_US);
    zassert_equal(end_send(&echo, near_memory, TEXT_BYTES, SYS_FOREVER_US), TEXT_BYTES);
    zassert_equal(end_take(&echo, got, TEXT_BYTES), TEXT_BYTES);
    zassert_mem_equal(got, TEXT, TEXT_BYTES);
    zassert_equal(violations().count, refused);
    end_hang_up(&echo);
}
