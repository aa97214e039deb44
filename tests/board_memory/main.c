/* SPDX-License-Identifier: Apache-2.0 */
/* What a board says of its memories is so: they are there, apart from each other, and run code if
 * they are said to. */
#include <zephyr/irq.h>

#include "../../heap/region.h"
#include "../../kernel/region_heap.h"
#include "../ztest/ztest.h"

#define REGIONS_MAX 8

static const struct region *regions[REGIONS_MAX];
static size_t count;

extern char __isr_stack_start[]; /* first and last of the image's RAM, from linker/sections.ld */
extern char __system_heap_end[];

static void note(const struct region *region, size_t capacity_bytes, void *data)
{
    ARG_UNUSED(capacity_bytes);
    ARG_UNUSED(data);
    if (count < REGIONS_MAX) {
        regions[count] = region;
    }
    count++;
}

static void before(void *fixture)
{
    ARG_UNUSED(fixture);
    count = 0;
    region_heap_foreach(note, NULL);
}

ZTEST_SUITE(board_memory, NULL, NULL, before, NULL, NULL);

static uintptr_t start_of(const struct region *region)
{
    return (uintptr_t)region->start;
}

static uintptr_t last_of(const struct region *region)
{
    return start_of(region) + (region->size - 1);
}

/* Whatever a heap has there is put back before anyone can look. */
static bool keeps_a_word(uintptr_t address)
{
    volatile uint32_t *word = (volatile uint32_t *)address;
    unsigned key = irq_lock();
    uint32_t saved = *word;
    bool kept;

    *word = ~saved;
    kept = *word == ~saved;
    *word = saved ^ 0x55555555u;
    kept = kept && *word == (saved ^ 0x55555555u);
    *word = saved;
    irq_unlock(key);
    return kept;
}

ZTEST(board_memory, each_region_is_memory_from_the_first_word_to_the_last)
{
    zassert_true(count <= REGIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        zassert_true(keeps_a_word(start_of(regions[i])), "%s", regions[i]->name);
        zassert_true(keeps_a_word(last_of(regions[i]) - 3), "%s", regions[i]->name);
    }
}

/* Two addresses may be one memory: what is written in one region is not seen in another. */
ZTEST(board_memory, regions_are_apart)
{
    for (size_t i = 0; i < count; i++) {
        zassert_true(last_of(regions[i]) < (uintptr_t)__isr_stack_start ||
                         start_of(regions[i]) >= (uintptr_t)__system_heap_end,
                     "%s and the image", regions[i]->name);
        for (size_t j = 0; j < i; j++) {
            volatile uint32_t *mine = (volatile uint32_t *)start_of(regions[i]);
            volatile uint32_t *other = (volatile uint32_t *)start_of(regions[j]);
            unsigned key = irq_lock();
            uint32_t saved = *mine;
            uint32_t seen = *other;
            bool apart;

            *mine = ~saved;
            apart = *other == seen;
            *mine = saved;
            irq_unlock(key);
            zassert_true(apart, "%s and %s", regions[i]->name, regions[j]->name);
            zassert_true(last_of(regions[i]) < start_of(regions[j]) ||
                             start_of(regions[i]) > last_of(regions[j]),
                         "%s and %s", regions[i]->name, regions[j]->name);
        }
    }
}

/* `movs r0, #42; bx lr` in the middle of a region; a word is as much as one store writes. */
static int run_code_at(uintptr_t address)
{
    volatile uint32_t *word = (volatile uint32_t *)address;
    unsigned key = irq_lock();
    uint32_t saved = *word;
    int result;

    *word = 0x4770202au;
    __asm__ volatile("dsb\n isb" ::: "memory");
    result = ((int (*)(void))(address | 1))();
    *word = saved;
    irq_unlock(key);
    return result;
}

ZTEST(board_memory, executable_regions_run_code)
{
    for (size_t i = 0; i < count; i++) {
        if ((regions[i]->attr & REGION_EXECUTABLE) != 0) {
            zassert_equal(run_code_at(start_of(regions[i]) + ROUND_DOWN(regions[i]->size / 2, 4)),
                          42, "%s", regions[i]->name);
        }
    }
}
