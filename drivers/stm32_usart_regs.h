/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the USART of the STM32F4: RM0090, chapter 30 "Universal synchronous asynchronous
 * receiver transmitter", section 30.6. Offsets from the USART's base address; all are 32-bit.
 */
#pragma once

#include "../lib/util.h"

#define USART_SR  0x00
#define USART_DR  0x04
#define USART_BRR 0x08
#define USART_CR1 0x0c
#define USART_CR2 0x10
#define USART_CR3 0x14

/*
 * USART_SR. PE to IDLE are cleared by a read of SR followed by a read of DR, whoever reads; RXNE by
 * a read of DR; TXE by a write to DR; TC by a read of SR followed by a write to DR, or by writing 0.
 */
#define USART_SR_PE   BIT(0)
#define USART_SR_FE   BIT(1)
#define USART_SR_NF   BIT(2)
#define USART_SR_ORE  BIT(3)
#define USART_SR_IDLE BIT(4)
#define USART_SR_RXNE BIT(5)
#define USART_SR_TC   BIT(6)
#define USART_SR_TXE  BIT(7)
#define USART_SR_LBD  BIT(8)
#define USART_SR_CTS  BIT(9)

#define USART_SR_RESET (USART_SR_TXE | USART_SR_TC)

#define USART_CR1_RE     BIT(2)
#define USART_CR1_TE     BIT(3)
#define USART_CR1_IDLEIE BIT(4)
#define USART_CR1_RXNEIE BIT(5)
#define USART_CR1_TCIE   BIT(6)
#define USART_CR1_TXEIE  BIT(7)
#define USART_CR1_PEIE   BIT(8)
#define USART_CR1_PS     BIT(9) /* odd parity */
#define USART_CR1_PCE    BIT(10)
#define USART_CR1_M      BIT(12) /* 9 bits a frame, a parity bit included */
#define USART_CR1_UE     BIT(13)

#define USART_CR2_STOP_MASK (3UL << 12)
#define USART_CR2_STOP_1    (0UL << 12)
#define USART_CR2_STOP_2    (2UL << 12)

#define USART_CR3_EIE  BIT(0) /* interrupt for FE, ORE, NF while DMAR is set */
#define USART_CR3_DMAR BIT(6)
#define USART_CR3_DMAT BIT(7)
#define USART_CR3_RTSE BIT(8)
#define USART_CR3_CTSE BIT(9)

/* USART_BRR with 16 samples a bit (30.3.4): clock / rate in sixteenths, which is the plain quotient. */
#define USART_BRR_MIN 16u
#define USART_BRR_MAX 0xffffu

/* The divisor nearest to `clock_hz` / `baudrate`, or 0 when the hardware has none. */
static inline uint32_t usart_divisor(uint32_t clock_hz, uint32_t baudrate)
{
    uint32_t divisor = baudrate == 0 ? 0 : (clock_hz + baudrate / 2) / baudrate;

    return divisor < USART_BRR_MIN || divisor > USART_BRR_MAX ? 0 : divisor;
}
