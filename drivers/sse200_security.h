/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Security controllers of Arm's SSE-200 subsystem: who may reach which memory and peripheral, and a
 * record of who tried to reach what he may not. Registers: SSE-200 TRM (Arm 101104), "Secure
 * Privilege Control Block"; Arm CoreLink SIE-200 TRM (DDI 0571), "AHB5 TrustZone memory protection
 * controller".
 */
#pragma once

#include "../lib/util.h"

/* One memory protection controller (MPC) and the memory behind it. */
struct sse200_mpc {
    uintptr_t registers;
    uintptr_t memory;   /* the non-secure address of the memory */
    uint8_t status_bit; /* in SECMPCINTSTATUS */
    bool nonsecure;     /* whose memory it is; the other world gets a bus error */
};

/* Sets `bits` in the register at `offset` of the secure privilege control block. */
struct sse200_grant {
    uint16_t offset;
    uint32_t bits;
};

/* Offsets that boards name in their tables. */
#define SSE200_APBNSPPCEXP1 0x084u /* AN505: bits 5 to 9 are UART0 to UART4 */
#define SSE200_NSMSCEXP     0x0d0u /* AN505: bits 16 to 19 are the masters DMA0 to DMA3 */

struct sse200_security {
    uintptr_t control; /* the secure privilege control block */
    const struct sse200_grant *grants;
    const struct sse200_mpc *mpcs;
    uint8_t grant_count;
    uint8_t mpc_count;
    uint8_t mpc_irq;
    uint8_t mpc_irq_priority;
};

/* What the MPCs have refused so far. A core's own access faults instead and is not counted. */
struct sse200_violations {
    uint32_t count;    /* refused accesses that were seen; those until the handler ran count once */
    uintptr_t address; /* of the last one, in the non-secure alias */
};

/*
 * Applies the table and has refused accesses recorded. Context: reset, once; before it, everything
 * is secure. Bound: linear in the blocks of the MPCs.
 */
void sse200_security_init(const struct sse200_security *security);

/* Copies the record. Context: any. Bound: constant. */
void sse200_violations_get(struct sse200_violations *violations);
