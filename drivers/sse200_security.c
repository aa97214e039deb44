/* SPDX-License-Identifier: Apache-2.0 */
#include "sse200_security.h"

#include "../kernel/irq.h"

/* SIE-200 TRM, MPC: "Programmers model". */
struct mpc_registers {
    volatile uint32_t ctrl;
    uint32_t reserved0[3];
    const volatile uint32_t blk_max;
    const volatile uint32_t blk_cfg;
    volatile uint32_t blk_idx;
    volatile uint32_t blk_lut;
    const volatile uint32_t int_stat;
    volatile uint32_t int_clear;
    volatile uint32_t int_en;
    const volatile uint32_t int_info1;
    const volatile uint32_t int_info2;
};
BUILD_ASSERT(offsetof(struct mpc_registers, blk_max) == 0x10, "SIE-200 TRM");
BUILD_ASSERT(offsetof(struct mpc_registers, int_stat) == 0x20, "SIE-200 TRM");
BUILD_ASSERT(offsetof(struct mpc_registers, int_info2) == 0x30, "SIE-200 TRM");

#define MPC_CTRL_BUS_ERROR      BIT(4) /* refuse with an error, not with zeros */
#define MPC_CTRL_AUTO_INCREMENT BIT(8)

/* SSE-200 TRM, secure privilege control block. */
#define SECRESPCFG      0x010u
#define SECMPCINTSTATUS 0x01cu

/* Set once at reset. */
static const struct sse200_security *board;

/* Protected by the interrupt lock. */
static struct sse200_violations record;

static volatile uint32_t *control_register(uint32_t offset)
{
    return (volatile uint32_t *)(board->control + offset);
}

static struct mpc_registers *registers_of(const struct sse200_mpc *mpc)
{
    return (struct mpc_registers *)mpc->registers;
}

static void mpc_init(const struct sse200_mpc *mpc)
{
    struct mpc_registers *regs = registers_of(mpc);
    uint32_t last_word = regs->blk_max;

    regs->ctrl = MPC_CTRL_BUS_ERROR | MPC_CTRL_AUTO_INCREMENT;
    regs->blk_idx = 0;
    /* Each access advances blk_idx; one bit a block, 1: non-secure. */
    for (uint32_t word = 0; word <= last_word; word++) {
        regs->blk_lut = mpc->nonsecure ? UINT32_MAX : 0;
    }
    regs->int_clear = 1;
    regs->int_en = 1;
}

static void mpc_isr(const void *unused)
{
    uint32_t pending = *control_register(SECMPCINTSTATUS);

    ARG_UNUSED(unused);
    for (unsigned i = 0; i < board->mpc_count; i++) {
        const struct sse200_mpc *mpc = &board->mpcs[i];

        if ((pending & BIT(mpc->status_bit)) != 0) {
            record.address = mpc->memory + registers_of(mpc)->int_info1;
            record.count++;
            registers_of(mpc)->int_clear = 1;
        }
    }
}

void sse200_security_init(const struct sse200_security *security)
{
    board = security;
    *control_register(SECRESPCFG) = 1;
    for (unsigned i = 0; i < security->grant_count; i++) {
        *control_register(security->grants[i].offset) |= security->grants[i].bits;
    }
    for (unsigned i = 0; i < security->mpc_count; i++) {
        mpc_init(&security->mpcs[i]);
    }
    IRQ_CONNECT(security->mpc_irq, security->mpc_irq_priority, mpc_isr, NULL, 0);
    irq_enable(security->mpc_irq);
}

void sse200_violations_get(struct sse200_violations *violations)
{
    unsigned key = irq_lock();

    *violations = record;
    irq_unlock(key);
}
