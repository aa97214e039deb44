/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two DMA controllers, two USARTs and three memories of an STM32F407 on a PC, at their addresses,
 * as RM0090 describes them (chapters 10 and 30; 2.3 "Memory map"). The drivers reach the registers
 * through mmio_read and mmio_write, which this model defines: after each access the controllers
 * have MODEL_BEATS bus accesses of their own, so everything that they can do in between, they do.
 *
 * What a driver must not do (the manual forbids it or leaves it open) is counted as a violation;
 * model_after() fails the test.
 */
#pragma once

#include <zephyr/kernel.h>

#include "../../drivers/dma_stm32_regs.h"
#include "../../drivers/stm32_usart_regs.h"

#define SRAM        0x20000000u
#define CCM         0x10000000u /* the controllers do not reach it */
#define FLASH       0x08000000u
#define SRAM_BYTES  0x40000u
#define CCM_BYTES   0x10000u
#define FLASH_BYTES 0x10000u

#define DMA1   0x40026000u
#define DMA2   0x40026400u
#define USART1 0x40011000u
#define USART2 0x40004400u

/* Interrupt lines: streams of DMA1, of DMA2, USARTs. */
#define LINE_DMA1   0
#define LINE_DMA2   8
#define LINE_USART1 16
#define LINE_USART2 17

#define MODEL_BEATS 2

/* Resets the controllers and the lines, not what the drivers have set once; `before` and `after`
 * functions of suites. */
void model_before(void *fixture);
void model_after(void *fixture);

/* A frame's time passes on every line, `frames` times. */
void model_run(unsigned frames);

/* The controllers do `count` more accesses. */
void model_beats(unsigned count);

/* The memories as pointers. */
static inline uint8_t *at(uintptr_t address)
{
    return (uint8_t *)address;
}

/* The outside sends `count` frames, one at each frame's time, numbered as they arrive. */
void model_send(uintptr_t usart, size_t count);

/* The outside sends a frame with these errors of USART_SR; its data are MODEL_BAD_BYTE, which no
 * numbered frame of a test reaches. */
#define MODEL_BAD_BYTE 0xee /* MISSED_BYTE of the scripts */
void model_send_bad(uintptr_t usart, uint32_t flags);

/* A numbered frame arrives right now, in the middle of whatever is going on; false: the one before
 * is still in DR, so less than a frame's time has passed. */
bool model_frame_now(uintptr_t usart);

/* Numbered frames that have arrived. */
unsigned model_arrived(uintptr_t usart);

/* What a USART has put on the wire since the last call. */
size_t model_received(uintptr_t usart, uint8_t *bytes, size_t max);

/* Called at each register access, before it; the count starts at 0 with model_before. */
extern void (*model_access_hook)(unsigned access);
extern unsigned model_accesses;

/* How many accesses a stream goes on after EN was cleared; UINT32_MAX: for ever. */
extern unsigned model_stop_delay;

/* Streams that would go on for ever stop at the next access. */
void model_let_go(void);

/* After a frame the core gets to its handler before the controllers get to the bus; else after. */
extern bool model_interrupts_first;

/* Sets these flags of a stream, as whoever ran before may have left them. */
void model_leave_flags(unsigned controller, unsigned stream, uint32_t flags);

/* Streams do nothing, as if their requests never came. */
extern bool model_dma_frozen;

/* How often the flags were read, which is what a stream's handler begins with. */
extern unsigned model_flag_reads;

/* Accesses with which the controllers wrote memory. */
extern unsigned model_memory_writes;

/* Which stream had each bus access: 'a' to 'h' of DMA1, 'A' to 'H' of DMA2. */
extern char model_grants[64];
extern unsigned model_grant_count;

/* Breaks of the manual's rules. */
extern unsigned model_violations;

/* For the other half of the model. */
void model_violation(const char *what, unsigned stream);
void model_settle_lines(void);
bool model_in_memory(uintptr_t address);

uint32_t dma_model_read(unsigned controller, uint32_t offset);
void dma_model_write(unsigned controller, uint32_t offset, uint32_t value);
void dma_model_reset(void);
void dma_model_beat(void);
bool dma_model_line(unsigned controller, unsigned stream);
void dma_model_access_passed(void);

uint32_t usart_model_read(unsigned usart, uint32_t offset);
void usart_model_write(unsigned usart, uint32_t offset, uint32_t value);
void usart_model_reset(void);
void usart_model_quiet(void);
void usart_model_frame(void);
bool usart_model_line(unsigned usart);
/* Whether the request that drives this stream with this channel is up. */
bool usart_model_request(unsigned controller, unsigned stream, unsigned channel);
