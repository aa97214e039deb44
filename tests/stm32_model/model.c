/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <sys/mman.h>

#include "../../drivers/mmio.h"
#include "../../lib/assert.h"
#include "../ztest/ztest.h"

#define PERIPHERALS        0x40000000u
#define PERIPHERALS_BYTES  0x30000u
#define GPIO               0x40020000u /* RM0090, 2.3: the ports, RCC behind them */
#define GPIO_AND_RCC_BYTES 0x4000u
#define LINES              18

void (*model_access_hook)(unsigned access);
unsigned model_accesses;
unsigned model_violations;
bool model_interrupts_first;

static bool line_was_up[LINES];

static void map(uintptr_t address, size_t bytes)
{
    void *got = mmap((void *)address, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    ASSERT(got == (void *)address, "model: the PC uses these addresses itself", (void *)address,
           got);
}

/* RCC and GPIO are plain memory: nothing depends on what they do. Before the first device. */
static int model_init(void)
{
    map(SRAM, SRAM_BYTES);
    map(CCM, CCM_BYTES);
    map(FLASH, FLASH_BYTES);
    map(PERIPHERALS, PERIPHERALS_BYTES);
    dma_model_reset();
    usart_model_reset();
    return 0;
}
SYS_INIT(model_init, EARLY, 0);

void model_before(void *fixture)
{
    ARG_UNUSED(fixture);
    model_access_hook = NULL;
    model_accesses = 0;
    model_violations = 0;
    model_interrupts_first = false;
    memset(line_was_up, 0, sizeof(line_was_up));
    dma_model_reset();
    usart_model_quiet();
}

void model_after(void *fixture)
{
    ARG_UNUSED(fixture);
    zassert_equal(model_violations, 0, "%u rules of the reference manual were broken",
                  model_violations);
}

void model_violation(const char *what, unsigned stream)
{
    model_violations++;
    printk("# RM0090: %s (stream or USART %u)\n", what, stream);
}

bool model_in_memory(uintptr_t address)
{
    return address - SRAM < SRAM_BYTES || address - FLASH < FLASH_BYTES;
}

static bool line_is_up(unsigned line)
{
    return line < LINE_USART1 ? dma_model_line(line / 8, line % 8)
                              : usart_model_line(line - LINE_USART1);
}

/* The NVIC: an edge pends; a level that lasts pends again when its handler has ended (Armv7-M
 * architecture, B3.4). */
void model_settle_lines(void)
{
    for (unsigned line = 0; line < LINES; line++) {
        bool up = line_is_up(line);
        bool pends = up && (!line_was_up[line] || !k_is_in_isr());

        line_was_up[line] = up;
        if (pends && irq_is_enabled(line)) {
            irq_pend(line);
        }
    }
}

void model_beats(unsigned count)
{
    while (count-- > 0) {
        dma_model_beat();
        model_settle_lines();
    }
}

static void accessed(void)
{
    if (model_access_hook != NULL) {
        model_access_hook(model_accesses);
        model_settle_lines(); /* an edge counts, even if the next bus access lowers the line */
    }
    model_accesses++;
    dma_model_access_passed();
}

static bool find_dma(uintptr_t address, unsigned *controller, uint32_t *offset)
{
    *controller = address >= DMA2 ? 1 : 0;
    *offset = (uint32_t)(address - (address >= DMA2 ? DMA2 : DMA1));
    return address >= DMA1 && *offset < 0x400;
}

static bool find_usart(uintptr_t address, unsigned *usart, uint32_t *offset)
{
    *usart = address >= USART1 ? 0 : 1;
    *offset = (uint32_t)(address - (address >= USART1 ? USART1 : USART2));
    return *offset < 0x400;
}

/* Registers of RCC and GPIO, which are plain memory. */
static bool is_plain(uintptr_t address)
{
    return address - GPIO < GPIO_AND_RCC_BYTES;
}

uint32_t mmio_read(uintptr_t address)
{
    uint32_t value = 0;
    uint32_t offset;
    unsigned unit;

    if (is_plain(address)) {
        return *(volatile uint32_t *)address;
    }
    accessed();
    if (find_dma(address, &unit, &offset)) {
        value = dma_model_read(unit, offset);
    } else if (find_usart(address, &unit, &offset)) {
        value = usart_model_read(unit, offset);
    } else {
        model_violation("read of no register", 0);
    }
    model_beats(MODEL_BEATS);
    return value;
}

void mmio_write(uintptr_t address, uint32_t value)
{
    uint32_t offset;
    unsigned unit;

    if (is_plain(address)) {
        *(volatile uint32_t *)address = value;
        return;
    }
    accessed();
    if (find_dma(address, &unit, &offset)) {
        dma_model_write(unit, offset, value);
    } else if (find_usart(address, &unit, &offset)) {
        usart_model_write(unit, offset, value);
    } else {
        model_violation("write to no register", 0);
    }
    model_beats(MODEL_BEATS);
}

void model_run(unsigned frames)
{
    while (frames-- > 0) {
        unsigned key = irq_lock();

        /* The NVIC has latched what a frame raises, even if a stream lowers it at once. */
        usart_model_frame();
        model_settle_lines();
        model_beats(model_interrupts_first ? 0 : 8);
        irq_unlock(key);
        model_beats(16);
    }
}
