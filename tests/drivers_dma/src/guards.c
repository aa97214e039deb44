/* SPDX-License-Identifier: Apache-2.0 */
/* A channel that does not move, and memory that the DMA must not reach. */
#include <limits.h>

#include "../../../boot/sau.h"
#include "../../../drivers/sse200_security.h"
#include "../../../kernel/region_heap.h"
#include "dma_fixture.h"

ZTEST_SUITE(dma_guards, NULL, NULL, dma_before, dma_after, NULL);

/* DMA1's own switch (DDI 0218, DMACConfiguration). With it off a channel is enabled and never
 * moves: what a missing clock or a wrong list looks like. */
static volatile uint32_t *const dma1_switch = (volatile uint32_t *)0x50111030;
#define DMA1_IRQ 61

ZTEST(dma_guards, test_D5_stuck_channel_is_stopped)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    struct dma_status status;

    zassert_ok(dma_config(dma, channel, &config));
    *dma1_switch = 0;
    zassert_ok(dma_start(dma, channel));
    zassert_ok(dma_get_status(dma, channel, &status));
    zassert_true(status.busy);
    zassert_equal(status.pending_length, 64);
    zassert_equal(next_status(), -ETIMEDOUT);
    /* A second time, with an interrupt for no reason: the first time-out does not count again. */
    zassert_ok(dma_start(dma, channel));
    irq_pend(DMA1_IRQ);
    zassert_equal(record.count, 1);
    zassert_equal(next_status(), -ETIMEDOUT);
    *dma1_switch = 1;
    zassert_equal(next_status(), INT_MAX);
    zassert_equal(to[0], 0xee, "it moved after all");
    zassert_ok(dma_start(dma, channel), "CONFIGURED after the error");
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_mem_equal(from, to, 64);
}

ZTEST(dma_guards, test_errors_are_not_told_when_not_wanted)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    struct dma_status status;

    config.error_callback_dis = 1;
    zassert_ok(dma_config(dma, channel, &config));
    *dma1_switch = 0;
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), INT_MAX);
    *dma1_switch = 1;
    zassert_ok(dma_get_status(dma, channel, &status));
    zassert_false(status.busy);
}

/* A pause is no reason to give up, however long. */
ZTEST(dma_guards, test_halted_hardware_is_not_stuck)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);

    zassert_ok(dma_config(dma, channel, &config));
    *dma1_switch = 0;
    zassert_ok(dma_start(dma, channel));
    zassert_ok(dma_suspend(dma, channel));
    *dma1_switch = 1;
    zassert_equal(next_status(), INT_MAX);
    zassert_equal(to[0], 0xee, "it moved while suspended");
    zassert_ok(dma_resume(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
    zassert_mem_equal(from, to, 64);
}

static uint32_t violations(uintptr_t *address)
{
    struct sse200_violations seen;

    sse200_violations_get(&seen);
    *address = seen.address;
    return seen.count;
}

static void copy(uintptr_t source, uintptr_t dest, uint32_t bytes)
{
    struct dma_block_config block = {
        .source_address = source, .dest_address = dest, .block_size = bytes};
    struct dma_config config = config_of(&block);

    zassert_ok(dma_config(dma, channel, &config));
    zassert_ok(dma_start(dma, channel));
    zassert_equal(next_status(), DMA_STATUS_COMPLETE);
}

ZTEST(dma_guards, test_D6_secret_in_core_only_memory_does_not_come_out)
{
    static const char secret[] = "SECRET";
    char *core_only = region_heap_alloc(0, REGION_DMA, 0, sizeof(secret));
    char zeros[sizeof(secret)] = {0};
    uintptr_t address;
    uint32_t before = violations(&address);
    uint32_t after;

    zassert_not_null(core_only);
    memcpy(core_only, secret, sizeof(secret));
    copy((uintptr_t)core_only, (uintptr_t)to, sizeof(secret));
    after = violations(&address);
    zassert_mem_equal(to, zeros, sizeof(secret));
    zassert_true(after > before, "the MPC did not report it");
    zassert_between_inclusive(address, ((uintptr_t)core_only & ~0x10000000u),
                              ((uintptr_t)core_only & ~0x10000000u) + sizeof(secret) - 1);
    region_heap_free(core_only);
}

ZTEST(dma_guards, test_D6_core_only_memory_is_not_overwritten)
{
    uint8_t *core_only = region_heap_alloc(0, REGION_DMA, 0, 16);
    uintptr_t address;
    uint32_t before = violations(&address);

    zassert_not_null(core_only);
    memset(core_only, 0x55, 16);
    copy((uintptr_t)from, (uintptr_t)core_only, 16);
    for (unsigned i = 0; i < 16; i++) {
        zassert_equal(core_only[i], 0x55);
    }
    zassert_true(violations(&address) > before, "the MPC did not report it");
    region_heap_free(core_only);
}

/* The flag of a stopped transfer must not pass for the end of the next one. */
ZTEST(dma_guards, test_D4_old_flag_does_not_end_a_new_transfer)
{
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    key = irq_lock();
    zexpect_ok(dma_start(dma, channel));
    zexpect_ok(dma_stop(dma, channel));
    *dma1_switch = 0;
    zexpect_ok(dma_start(dma, channel));
    irq_unlock(key);
    zassert_equal(next_status(), -ETIMEDOUT);
    *dma1_switch = 1;
}

/* dma_stop masks the flag. Whoever unmasks it behind the driver's back, or a controller that does
 * not mask, reaches the handler; the callback hears nothing. */
ZTEST(dma_guards, test_D4_flag_of_a_stopped_transfer)
{
    volatile uint32_t *configuration = (volatile uint32_t *)(0x50111110u + 0x20u * channel);
    struct dma_block_config block = block_of(0, 64);
    struct dma_config config = config_of(&block);
    unsigned key;

    zassert_ok(dma_config(dma, channel, &config));
    key = irq_lock();
    zexpect_ok(dma_start(dma, channel));
    zexpect_ok(dma_stop(dma, channel));
    *configuration = BIT(15); /* not enabled, interrupt not masked */
    irq_pend(DMA1_IRQ);
    irq_unlock(key);
    zassert_equal(record.count, 0);
}

/* Past the driver, which would clear the bit that asks for the secure alias: registers of DMA1's
 * channel 0, source to configuration (DDI 0218). Refused in silence, by the guard of the master. */
ZTEST(dma_guards, test_D6_the_secure_alias_does_not_help)
{
    volatile uint32_t *hardware = (volatile uint32_t *)0x50111100;
    uint32_t *core_only = region_heap_alloc(0, REGION_DMA, 4, 4);

    zassert_not_null(core_only);
    *core_only = 0x12345678;
    hardware[0] = (uint32_t)(uintptr_t)core_only;
    hardware[1] = (uint32_t)(uintptr_t)to;
    hardware[2] = 0;
    hardware[3] = 1 | 2 << 18 | 2 << 21; /* one word */
    hardware[4] = 1;
    __asm__ volatile("dsb" ::: "memory");
    zassert_equal(*(uint32_t *)(void *)to, 0);
    region_heap_free(core_only);
}

/* The image's own data, its stacks and its code are as far away. */
ZTEST(dma_guards, test_D6_neither_data_nor_stack_nor_code_is_read)
{
    static uint32_t data = 0x12345678;
    uint32_t stack = 0x12345678;
    const uintptr_t places[] = {(uintptr_t)&data, (uintptr_t)&stack, 0x10000000};
    uintptr_t address;

    for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
        uint32_t before = violations(&address);

        memset(to, 0xee, 4);
        copy(places[i], (uintptr_t)to, 4);
        zassert_equal(*(uint32_t *)(void *)to, 0, "place %u was read", i);
        zassert_true(violations(&address) > before, "place %u was not reported", i);
    }
    zassert_equal(data, stack);
}

ZTEST(dma_guards, test_memory_in_reach_is_no_violation)
{
    uint8_t *external = region_heap_alloc(REGION_DMA | REGION_EXTERNAL, 0, 0, 64);
    uintptr_t address;
    uint32_t before = violations(&address);

    zassert_not_null(external);
    copy((uintptr_t)from, (uintptr_t)external, 64);
    zassert_mem_equal(from, external, 64);
    memset(to, 0, 64);
    copy((uintptr_t)external, (uintptr_t)to, 64);
    zassert_mem_equal(from, to, 64);
    zassert_equal(violations(&address), before);
    region_heap_free(external);
}

ZTEST(dma_guards, test_D8_more_ranges_than_the_core_has)
{
    static const struct sau_range ranges[9]; /* the M33 of the SSE-200 has 8 */

    ztest_expect_invariant("D8");
    sau_init(ranges, ARRAY_SIZE(ranges));
}

/* The page at 0 is nobody's: its guard answers with a bus error. */
ZTEST(dma_guards, test_null_pointer_faults)
{
    const volatile uint32_t *volatile null = NULL;

    ztest_set_fault_valid(true);
    (void)*null;
    zassert_unreachable("a null pointer was read");
}
