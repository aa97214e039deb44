/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the USART of the STM32F4: RM0090, chapter 30 "Universal synchronous asynchronous
 * receiver transmitter", section 30.6. Offsets from the USART's base address; all are 32-bit.
 */
#pragma once

#include "mmio.h"

#define USART_SR  0x00
#define USART_DR  0x04
#define USART_BRR 0x08
#define USART_CR1 0x0c
#define USART_CR2 0x10
#define USART_CR3 0x14

/*
 * USART_SR. PE to IDLE are cleared by a read of SR followed by a read of DR, whoever reads; RXNE by
 * a read of DR; TXE by a write to DR; TC by a read of SR and a write to DR, or by writing 0.
 */
#define USART_SR_PE   REG_BIT(0)
#define USART_SR_FE   REG_BIT(1)
#define USART_SR_NF   REG_BIT(2)
#define USART_SR_ORE  REG_BIT(3)
#define USART_SR_IDLE REG_BIT(4)
#define USART_SR_RXNE REG_BIT(5)
#define USART_SR_TC   REG_BIT(6)
#define USART_SR_TXE  REG_BIT(7)
#define USART_SR_LBD  REG_BIT(8)
#define USART_SR_CTS  REG_BIT(9)

#define USART_SR_RESET (USART_SR_TXE | USART_SR_TC)

#define USART_CR1_RE     REG_BIT(2)
#define USART_CR1_TE     REG_BIT(3)
#define USART_CR1_IDLEIE REG_BIT(4)
#define USART_CR1_RXNEIE REG_BIT(5)
#define USART_CR1_TCIE   REG_BIT(6)
#define USART_CR1_TXEIE  REG_BIT(7)
#define USART_CR1_PEIE   REG_BIT(8)
#define USART_CR1_PS     REG_BIT(9) /* odd parity */
#define USART_CR1_PCE    REG_BIT(10)
#define USART_CR1_M      REG_BIT(12) /* 9 bits a frame, a parity bit included */
#define USART_CR1_UE     REG_BIT(13)

#define USART_CR2_STOP_MASK (UINT32_C(3) << 12)
#define USART_CR2_STOP_1    (UINT32_C(0) << 12)
#define USART_CR2_STOP_2    (UINT32_C(2) << 12)

#define USART_CR3_EIE  REG_BIT(0) /* interrupt for FE, ORE, NF while DMAR is set */
#define USART_CR3_DMAR REG_BIT(6)
#define USART_CR3_DMAT REG_BIT(7)
#define USART_CR3_RTSE REG_BIT(8)
#define USART_CR3_CTSE REG_BIT(9)

/* USART_BRR with 16 samples a bit (30.3.4): clock / rate in sixteenths, which is the quotient. */
#define USART_BRR_MIN 16u
#define USART_BRR_MAX 0xffffu

/* The divisor nearest to `clock_hz` / `baudrate`, or 0 when the hardware has none. */
static inline uint32_t usart_divisor(uint32_t clock_hz, uint32_t baudrate)
{
    uint32_t divisor = baudrate == 0 ? 0 : (clock_hz + baudrate / 2) / baudrate;

    return divisor < USART_BRR_MIN || divisor > USART_BRR_MAX ? 0 : divisor;
}
